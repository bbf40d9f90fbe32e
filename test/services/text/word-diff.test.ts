import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import type { Span } from "../../../services/text/span.ts"
import { wordDiff } from "../../../services/text/word-diff.ts"

const text = FastCheck.array(
  FastCheck.constantFrom("name", "value", " ", "  ", "(", ")", " = ", "\n", "é", "😀", "1"),
  { maxLength: 30 }
).map((parts) => parts.join(""))

const without = (whole: string, spans: ReadonlyArray<Span>): string =>
  spans.reduceRight((rest, { end, start }) => rest.slice(0, start) + rest.slice(end), whole)

const pieces = (whole: string, spans: ReadonlyArray<Span>): ReadonlyArray<string> =>
  spans.map(({ end, start }) => whole.slice(start, end))

describe("wordDiff", () => {
  it.prop("what it does not mark is the same on both sides, but for blanks", { left: text, right: text }, (given) => {
    const { left, right } = given
    const spans = wordDiff(left, right)
    const blank = (rest: string) => rest.replace(/[^\S\r\n]+/g, "")
    assert.strictEqual(blank(without(left, spans.left)), blank(without(right, spans.right)))
  })

  it.prop("its spans are in order, apart, and not empty", { left: text, right: text }, ({ left, right }) => {
    const spans = wordDiff(left, right)
    for (const side of [spans.left, spans.right]) {
      let at = -1
      for (const { end, start } of side) {
        assert.isAbove(start, at)
        assert.isAbove(end, start)
        at = end
      }
    }
  })

  it("marks whole words, and what is blank between two of them", () => {
    const [left, right] = ["return first(a, b)", "return the last(a, b)"]
    const spans = wordDiff(left, right)
    assert.deepStrictEqual(pieces(left, spans.left), ["first"])
    assert.deepStrictEqual(pieces(right, spans.right), ["the last"])
  })

  it("marks all of two texts that share next to nothing", () => {
    const spans = wordDiff("for (const a of b) push(a)", "while x: pass")
    assert.deepStrictEqual(spans, { left: [{ start: 0, end: 26 }], right: [{ start: 0, end: 13 }] })
  })

  it("marks nothing in equal texts", () => {
    assert.deepStrictEqual(wordDiff("a b", "a b"), { left: [], right: [] })
    assert.deepStrictEqual(wordDiff("", ""), { left: [], right: [] })
  })
})
