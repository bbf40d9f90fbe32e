import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { commitEdits } from "../../../services/next-edit/commit-edits.ts"
import { applied } from "../../../services/next-edit/dialect.ts"
import { dialects } from "../../../services/next-edit/dialects/all.ts"
import { editHunks } from "../../../services/next-edit/edit-hunks.ts"
import { mineCommit, type MiningRequest } from "../../../services/next-edit/mine.ts"
import { targetKinds } from "../../../services/next-edit/spots.ts"
import type { Hunk } from "../../../services/text/diff.ts"
import { randomOf } from "../../../services/text/random.ts"

const line = FastCheck.constantFrom(
  "value = compute(first, second)\n",
  "    return total\n",
  "def name(parameter):\n",
  "\n",
  "print('é')\n",
  "x\n",
  "if a: b\n"
)
const body = FastCheck.array(line, { minLength: 1, maxLength: 60 })
const change = (lines: ReadonlyArray<string>, at: ReadonlyArray<number>, by: ReadonlyArray<string>) => {
  const next = [...lines]
  for (const [index, place] of at.entries()) {
    const where = place % (next.length + 1)
    next.splice(where, index % 2, by[index % by.length] ?? "y\n")
  }
  return next.join("")
}
const file = (path: string, isTest: boolean) =>
  FastCheck.record({
    lines: body,
    at: FastCheck.array(FastCheck.nat(60), { minLength: 1, maxLength: 5 }),
    by: FastCheck.array(FastCheck.constantFrom("fresh = one(two)\n", "other(line, here)\n", "z = 3\n"), {
      minLength: 1
    })
  }).map(({ at, by, lines }) => ({ path, isTest, before: lines.join(""), after: change(lines, at, by) }))
const commit = FastCheck.tuple(file("src/a.py", false), file("src/b.py", false), file("test/a.py", true))

const shares = { "same line": 1, near: 1, far: 1, "other file": 1 }
const request = (files: MiningRequest["files"], dialect: MiningRequest["dialect"], seed: number): MiningRequest => ({
  files,
  earlier: [],
  dialect,
  shares,
  noEditShare: 0.5,
  count: 6,
  maxLines: 30,
  asked: new Set(),
  place: { ancestors: () => [], related: () => [] },
  random: randomOf("mine", seed)
})

/** What may be left to do in a file, where it stands at `text`. */
const waysOn = (files: MiningRequest["files"], path: string, text: string, after: string) => {
  const { edits, openAfter, textAfter } = commitEdits(files)
  const file = files.find((file) => file.path === path)
  const counts = file === undefined ? [] : [...edits.keys(), edits.length]
  const onTheWay = counts.flatMap((count) =>
    file !== undefined && textAfter(file, count) === text ? [openAfter(file, count)] : []
  )
  return [...onTheWay, editHunks(text, after)]
}

const withHunks = (text: string, after: string, hunks: ReadonlyArray<Hunk>) => {
  let [out, at] = ["", 0]
  for (const { new: fresh, old } of hunks) {
    out += text.slice(at, old.start) + after.slice(fresh.start, fresh.end)
    at = old.end
  }
  return out + text.slice(at)
}

describe("the edits of a commit", () => {
  it.prop("lead from what was there to what is there now, code before tests", [commit], ([files]) => {
    const { edits, textAfter } = commitEdits(files)
    for (const file of files) {
      assert.strictEqual(textAfter(file, 0), file.before)
      assert.strictEqual(textAfter(file, edits.length), file.after)
    }
    const order = edits.map(({ file }) => file.path)
    assert.deepStrictEqual(order, order.toSorted())
  })
})

describe.each(dialects.map((dialect) => [dialect.name, dialect] as const))("mined for %s", (_, dialect) => {
  it.prop("what is wanted is what the commit does there, and no more", [commit, FastCheck.nat()], ([files, seed]) => {
    for (const { example, kind, rendered } of mineCommit(request(files, dialect, seed)).mined) {
      const { path, text } = example.file
      const after = files.find((file) => file.path === path)?.after ?? ""
      const { end, start } = rendered.region
      assert.isTrue(example.cursor >= start && example.cursor <= end)
      assert.strictEqual(applied(text, rendered, dialect.parse(rendered.completion, rendered, example)), example.wanted)
      // A text may be met twice on its way, and a line that is half typed begins a way of its own.
      const isReached = waysOn(files, path, text, after).some((open) => {
        const here = open.filter(({ old }) => old.end >= start && old.start <= end)
        return kind === "no edit"
          ? here.length === 0 && example.wanted === text
          : here.length > 0 && example.wanted === withHunks(text, after, here)
      })
      assert.isTrue(isReached, JSON.stringify([kind, text, example.wanted, after]))
      assert.isAbove(example.events.length, 0)
    }
  }, { fastCheck: { numRuns: 200 } })

  it.prop("the same seed gives the same rows", [commit, FastCheck.nat()], ([files, seed]) => {
    assert.deepStrictEqual(mineCommit(request(files, dialect, seed)), mineCommit(request(files, dialect, seed)))
  }, { fastCheck: { numRuns: 30 } })
})

it("finds each kind of target in commits that have it", () => {
  const found = new Set<string>()
  for (let seed = 0; seed < 300; seed++) {
    const random = randomOf("commits", seed)
    const [files] = FastCheck.sample(commit, { numRuns: 1, seed: random.below(1_000_000) })
    const [dialect] = dialects
    if (files === undefined || dialect === undefined) continue
    for (const { kind } of mineCommit(request(files, dialect, seed)).mined) found.add(kind)
  }
  assert.deepStrictEqual([...found].toSorted(), [...targetKinds].filter((kind) => kind !== "far").toSorted())
})
