import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import type { Group } from "../../../services/history/groups.ts"
import { splitGroups } from "../../../services/history/split.ts"
import { randomOf } from "../../../services/text/random.ts"

const ratios = [0.1, 0.5, 0.8, 0.9, 0.99]
const seeds = Array.from({ length: 20 }, (_, index) => index + 1)

/** Files of a repository: a few large ones, and a tail of small ones, in three languages. */
const filesOf = (count: number, label = "file"): ReadonlyArray<Group> =>
  Array.from({ length: count }, (_, index) => ({
    name: `${label}-${index}`,
    weight: Math.ceil(200 / (1 + randomOf("weight", label, index).below(100))),
    language: ["go", "go", "go", "python", "shell"][index % 5] ?? ""
  }))

const anyGroups = FastCheck.array(
  FastCheck.record({ weight: FastCheck.integer({ min: 1, max: 1000 }), language: FastCheck.constantFrom("go", "c") }),
  { minLength: 2, maxLength: 40 }
).map((groups) => groups.map((group, index): Group => ({ ...group, name: `file-${index}` })))

const anySettings = FastCheck.record({
  seed: FastCheck.nat(1000),
  split: FastCheck.double({ min: 0.01, max: 0.99, noNaN: true })
})

const sidesOf = (groups: ReadonlyArray<Group>, seed: number, split: number) => {
  const { sideOf } = splitGroups(groups, { seed, split })
  return new Map(groups.map(({ name }) => [name, sideOf(name)]))
}

describe("splitGroups", () => {
  it("reaches the share that was asked for within half a point, whatever the seed, with files of all sizes", () => {
    for (const split of ratios) {
      for (const seed of seeds) {
        const { planned } = splitGroups(filesOf(120), { seed, split })
        assert.closeTo(planned ?? 0, split, 0.005, `--split ${split} --seed ${seed}`)
      }
    }
  })

  it.prop(
    "is never further off than the largest group is large, and has something on both sides",
    { groups: anyGroups, settings: anySettings },
    ({ groups, settings }) => {
      const split = splitGroups(groups, settings)
      assert.isAbove(split.groups.train, 0)
      assert.isAbove(split.groups.held, 0)
      assert.strictEqual(split.groups.train + split.groups.held, groups.length)
      assert.isAtMost(Math.abs((split.planned ?? 0) - settings.split), (split.heaviest?.share ?? 0) + 0.01)
      const train = groups.filter(({ name }) => split.sideOf(name) === "train")
      const weigh = (some: ReadonlyArray<Group>) => some.reduce((sum, { weight }) => sum + weight, 0)
      assert.strictEqual(split.groups.train, train.length)
      assert.closeTo(split.planned ?? 0, weigh(train) / weigh(groups), 1e-9)
    }
  )

  it.prop(
    "does not depend on the order in which groups come",
    { groups: anyGroups, settings: anySettings },
    ({ groups, settings: { seed, split } }) => {
      assert.deepStrictEqual(
        new Map([...sidesOf(groups.toReversed(), seed, split)].toReversed()),
        sidesOf(groups, seed, split)
      )
    }
  )

  it("puts each language with two groups on both sides, where its files are small", () => {
    const rare: ReadonlyArray<Group> = ["lua", "ruby", "zig"].flatMap((language) => [
      { name: `one.${language}`, weight: 1, language },
      { name: `other.${language}`, weight: 2, language }
    ])
    const groups = [...filesOf(120), ...rare]
    // A hundredth holds no file of each of six languages.
    for (const split of ratios.filter((ratio) => ratio < 0.99)) {
      for (const seed of seeds) {
        const { planned, sideOf } = splitGroups(groups, { seed, split })
        assert.closeTo(planned ?? 0, split, 0.005)
        for (const language of new Set(groups.map((group) => group.language))) {
          const sides = new Set(groups.filter((group) => group.language === language).map(({ name }) => sideOf(name)))
          assert.strictEqual(sides.size, 2, `${language} with --split ${split} --seed ${seed}`)
        }
      }
    }
  })

  it("moves few groups when a tenth more come and the others grow", () => {
    const before = filesOf(200)
    const after = [
      ...before.map((group, index) => ({ ...group, weight: group.weight + (index % 7 === 0 ? 3 : 0) })),
      ...filesOf(20, "new")
    ]
    for (const split of ratios) {
      const moved = seeds.map((seed) => {
        const now = sidesOf(after, seed, split)
        return [...sidesOf(before, seed, split)].filter(([name, side]) => now.get(name) !== side).length
      })
      const mean = moved.reduce((sum, count) => sum + count, 0) / moved.length
      assert.isAtMost(mean, 0.03 * before.length, `--split ${split}: ${moved.join(" ")}`)
    }
  })

  it("draws other groups with another seed", () => {
    const held = (seed: number) =>
      [...sidesOf(filesOf(100), seed, 0.8)].filter(([, side]) => side === "held").map(([name]) => name).join()
    assert.strictEqual(new Set(seeds.map(held)).size, seeds.length)
  })

  it("puts everything on one side for a share of 0 or 1, and a lone group with most of the weight", () => {
    assert.deepStrictEqual(splitGroups(filesOf(9), { seed: 1, split: 1 }).groups, { train: 9, held: 0 })
    assert.deepStrictEqual(splitGroups(filesOf(9), { seed: 1, split: 0 }).groups, { train: 0, held: 9 })
    assert.deepStrictEqual(splitGroups(filesOf(1), { seed: 1, split: 0.9 }).groups, { train: 1, held: 0 })
    const { sideOf: _, ...none } = splitGroups([], { seed: 1, split: 0.9 })
    assert.deepStrictEqual(none, { groups: { train: 0, held: 0 }, planned: null, heaviest: null })
  })
})
