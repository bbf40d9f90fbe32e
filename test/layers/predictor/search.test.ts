import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { search } from "../../../layers/predictor/search/search.ts"
import { layerBubblewrap } from "../../../layers/sandbox/ForkServerSandbox.ts"
import { parseKeys, printKeys } from "../../../services/keys/keystrokes.ts"
import { isSolved } from "../../../services/keys/outcome.ts"
import type { VimOptionsName } from "../../../services/keys/vim-options.ts"
import { randomOf } from "../../../services/text/random.ts"
import { retype } from "../../../services/keys/retyping.ts"
import { defaultLimits, Sandbox } from "../../../services/Sandbox.ts"
import { exercises } from "../../support/exercises.ts"
import { sources } from "../../support/sources.ts"
import { withSandbox } from "../../support/with-tools.ts"

const layerWith = (vimOptions: VimOptionsName) =>
  layerBubblewrap({ concurrency: 2, limits: defaultLimits, vimOptions, searchPath: process.env["PATH"] ?? "" })

/** The candidates that do it in a real Vim, the shortest first. */
const solutions = (source: string, target: string, count: number, vimOptions: VimOptionsName) =>
  Effect.gen(function*() {
    const sandbox = yield* Sandbox
    const ways = search({ source, target, count, vimOptions })
    const outcomes = yield* sandbox.runAll(ways.map((keys) => ({ source, keys })))
    const solved = ways.filter((_, index) => {
      const outcome = outcomes[index]
      return outcome?._tag === "finished" && outcome.mode === "n" && isSolved(outcome, target)
    })
    return { ways, solved }
  })

describe("the search", () => {
  withSandbox.live(
    "does classic exercises in at most 1.3 times the keys of the best known way",
    () =>
      Effect.gen(function*() {
        const sandbox = yield* Sandbox
        assert.isAtLeast(exercises.length, 40)
        const rows = yield* Effect.forEach(exercises, ({ best, name, source, target }) =>
          Effect.gen(function*() {
            const keys = Either.getOrThrow(parseKeys(best))
            assert.isTrue(isSolved(yield* sandbox.run({ source, keys }), target), `the best known way to ${name}`)
            const { solved } = yield* solutions(source, target, 12, "defaults")
            return {
              name,
              best,
              found: printKeys(solved[0] ?? []),
              ratio: (solved[0]?.length ?? Infinity) / keys.length
            }
          }))
        assert.deepStrictEqual(rows.filter(({ ratio }) => ratio > 1.3), [])
      }).pipe(Effect.provide(layerWith("defaults"))),
    60_000
  )

  withSandbox.describe.each(
    [
      // The model of Vim is a good one: few candidates are wrong.
      ["defaults", 0.95],
      ["none", 0.95],
      // It knows nothing of indentation and of cases that are ignored; the sandbox finds out.
      ["vimgolf", 0.75]
    ] as const
  )(
    "with the options %s",
    (vimOptions, share) =>
      it.live("solves every edit, and halves the keys of retyping on the median", () =>
        Effect.gen(function*() {
          const ratios: Array<number> = []
          let tried = 0
          let right = 0
          for (const [language, source] of Object.entries(sources)) {
            for (let number = 0; number < 5; number++) {
              const target = edited(source, language, number)
              if (target === source) continue
              const { solved, ways } = yield* solutions(source, target, 8, vimOptions)
              assert.isAbove(solved.length, 0, `${language} ${number}`)
              tried += ways.length
              right += solved.length
              ratios.push((solved[0]?.length ?? NaN) / retype(source, target).length)
            }
          }
          assert.isAtMost(ratios.toSorted((a, b) => a - b)[ratios.length >> 1] ?? NaN, 0.5)
          assert.isAtLeast(right / tried, share)
        }).pipe(Effect.provide(layerWith(vimOptions))), 60_000)
  )

  it("gives nothing for nothing, and the same for the same", () => {
    const found = (source: string, target: string) => search({ source, target, count: 5, vimOptions: "defaults" })
    assert.deepStrictEqual(found("a\n", "a\n"), [[]])
    const [source = "", target = ""] = [sources["go"], edited(sources["go"] ?? "", "go", 1)]
    assert.deepStrictEqual(found(source, target), found(source, target))
  })
})

/** A few random edits of lines. */
const edited = (source: string, language: string, number: number): string => {
  const random = randomOf("search", language, number)
  const lines = source.split("\n").slice(0, -1)
  for (let edit = 0; edit <= random.below(3); edit++) {
    const at = random.below(lines.length)
    const line = lines[at] ?? ""
    const kind = random.below(5)
    if (kind === 0) lines.splice(at, 1)
    else if (kind === 1) lines.splice(at, 0, lines[random.below(lines.length)] ?? "")
    else if (kind === 2) lines[at] = line.replace(/\w+/, "renamed")
    else if (kind === 3) lines[at] = `${line};`
    else lines[at] = line.replace(/(\w+)(\W+)(\w+)/, "$3$2$1")
  }
  return `${lines.join("\n")}\n`
}
