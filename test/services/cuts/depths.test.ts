import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TreeSitterParser from "../../../layers/parser/TreeSitterParser.ts"
import { type Depth, type DepthPair, depthPairs } from "../../../services/cuts/depths.ts"
import { applyHunks, lineDiff } from "../../../services/text/diff.ts"
import { Parser } from "../../../services/Parser.ts"
import { randomOf } from "../../../services/text/random.ts"
import { lineStartsOf } from "../../../services/text/span.ts"
import { sources } from "../../support/sources.ts"

interface Cut {
  readonly depth: Depth
  readonly source: string
  readonly target: string
}

const cutsOf = (language: string, before: string, after: string) =>
  Effect.gen(function*() {
    const parser = yield* (yield* Parser).open(language)
    const sides = [before, after].map((text) => {
      const tree = parser.parse(text)
      const side = { text, nodes: tree.nodes({ start: 0, end: text.length }) }
      tree.release()
      return side
    })
    const [old, now] = sides
    if (old === undefined || now === undefined) return []
    return depthPairs(old, now, lineDiff(before, after))
  }).pipe(Effect.provide(TreeSitterParser.layer))

const textsOf = (pairs: ReadonlyArray<DepthPair>, before: string, after: string): ReadonlyArray<Cut> =>
  pairs.map(({ after: { end, start }, before: old, depth }) => ({
    depth,
    source: before.slice(old.start, old.end),
    target: after.slice(start, end)
  }))

/** A change in the innermost place of each program, and the depths that it has. */
const changes: ReadonlyArray<readonly [language: string, from: string, to: string, depths: string]> = [
  ["python", "\"cut\", limit", "\"cut\", limit + 1", "expression statement block function file"],
  [
    "javascript",
    "console.log(\"cut\", limit)",
    "console.warn(\"cut\", limit)",
    "expression statement block function file"
  ],
  ["typescript", "slice(0, limit)", "slice(1, limit)", "expression statement block function file"],
  ["java", "subList(0, limit)", "subList(1, limit)", "expression statement block function class file"],
  ["go", "items[:limit]", "items[1:limit]", "expression statement block function file"],
  [
    "rust",
    "println!(\"cut {}\", limit)",
    "println!(\"cut {}\", limit + 1)",
    "statement block function file"
  ],
  ["php", "array_slice($items, 0,", "array_slice($items, 1,", "expression statement block function class file"],
  ["ruby", "items.take(@limit)", "items.drop(@limit)", "expression block function class"],
  ["c", "items[i] > 3", "items[i] > 4", "expression block function file"],
  ["cpp", "item > limit_", "item >= limit_", "expression block function class file"],
  ["c-sharp", "item > limit", "item >= limit", "expression block function class file"]
]

describe("depth cuts", () => {
  it.live.each(changes)(
    "of %s hold the change at every depth it has",
    ([language, from, to, expected]) =>
      Effect.gen(function*() {
        const before = sources[language] ?? ""
        const after = before.replace(from, to)
        assert.notStrictEqual(after, before)
        const pairs = yield* cutsOf(language, before, after)
        const cuts = textsOf(pairs, before, after)
        const found = new Set(cuts.map(({ depth }) => depth))
        for (const depth of expected.split(" ")) {
          assert.isTrue(found.has(depth as Depth), `${depth} in ${JSON.stringify(cuts)}`)
        }
        for (const { source, target } of cuts) {
          assert.notStrictEqual(source, target)
        }
        // Put back, a target makes the text before the text after: the change is all inside.
        for (const { after: now, before: old } of pairs) {
          assert.strictEqual(
            before.slice(0, old.start) + after.slice(now.start, now.end) + before.slice(old.end),
            after
          )
        }
        assert.deepInclude(cuts.at(-1), { source: before, target: after })
      })
  )

  it.live("come as whole lines with their indentation, but for expressions", () =>
    Effect.gen(function*() {
      const before = "def f(a):\n    if a:\n        g(a, 1)\n    return a\n"
      const after = before.replace("g(a, 1)", "g(a, 20)")
      assert.deepStrictEqual(textsOf(yield* cutsOf("python", before, after), before, after), [
        { depth: "expression", source: "g(a, 1)", target: "g(a, 20)" },
        { depth: "statement", source: "        g(a, 1)\n", target: "        g(a, 20)\n" },
        { depth: "block", source: "    if a:\n        g(a, 1)\n", target: "    if a:\n        g(a, 20)\n" },
        { depth: "function", source: before, target: after }
      ])
    }))

  it.live("of several edits hold those that lie in them, and no half of one", () =>
    Effect.gen(function*() {
      const before = "def f(a):\n    x = 1\n    return a\n\n\ndef g(b):\n    return b\n"
      const after = "def f(a):\n    x = 2\n    y = 3\n    return a\n\n\ndef g(b):\n    return b + 1\n"
      const cuts = textsOf(yield* cutsOf("python", before, after), before, after)
      assert.deepStrictEqual(cuts.filter(({ depth }) => depth === "function").map(({ source }) => source), [
        "def f(a):\n    x = 1\n    return a\n",
        "def g(b):\n    return b\n"
      ])
      assert.strictEqual(cuts.at(-1)?.target, after)
    }))

  it.live("of nothing are none", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* cutsOf("python", "x = 1\n", "x = 1\n"), [])
    }))

  it.live.each(Object.keys(sources))(
    "of random edits of %s make the same difference as the edit",
    (language) =>
      Effect.gen(function*() {
        const before = sources[language] ?? ""
        for (let number = 0; number < 40; number++) {
          const random = randomOf("depths", language, number)
          const lines = before.split("\n")
          for (let edit = 0; edit <= random.below(3); edit++) {
            const at = random.below(lines.length - 1)
            const kind = random.below(3)
            if (kind === 0) lines.splice(at, 1)
            else if (kind === 1) lines.splice(at, 0, lines[random.below(lines.length)] ?? "")
            else lines[at] = (lines[at] ?? "").replace(/\w+/, "renamed")
          }
          const after = lines.join("\n")
          const hunks = lineDiff(before, after)
          assert.strictEqual(applyHunks(before, after, hunks), after)
          const pairs = yield* cutsOf(language, before, after)
          if (hunks.length > 0) {
            assert.isTrue(pairs.some(({ before: old }) => old.start === 0 && old.end === before.length))
          }
          const starts = new Set(lineStartsOf(before))
          for (const { after: now, before: old, depth } of pairs) {
            assert.isAtMost(old.end, before.length)
            assert.isAtMost(now.end, after.length)
            // What stands around a pair in both texts is the same as far as no other edit is there.
            if (pairs.length === 1 || hunks.length === 1) {
              assert.strictEqual(
                before.slice(0, old.start) + after.slice(now.start, now.end) + before.slice(old.end),
                after,
                `${depth} ${starts.has(old.start)}`
              )
            }
          }
        }
      })
  )
})
