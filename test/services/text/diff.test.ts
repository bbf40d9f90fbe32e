import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { applyHunks, differingMiddle, lineDiff } from "../../../services/text/diff.ts"

/** Texts of few different lines, so that many are equal; line ends and the final one vary. */
const text = FastCheck.tuple(
  FastCheck.array(FastCheck.constantFrom("a\n", "b\n", "c\n", "\n", "a\r\n", "longer line\n"), { maxLength: 40 }),
  FastCheck.constantFrom("", "tail", "\n")
).map(([lines, end]) => lines.join("") + end)

describe("lineDiff", () => {
  it.prop(
    "its hunks turn the old text into the new one, at every step",
    { before: text, after: text },
    ({ after, before }) => {
      const hunks = lineDiff(before, after)
      let rebuilt = ""
      let at = 0
      for (const hunk of hunks) {
        rebuilt += before.slice(at, hunk.old.start) + after.slice(hunk.new.start, hunk.new.end)
        at = hunk.old.end
      }
      assert.strictEqual(rebuilt + before.slice(at), after)
      assert.strictEqual(applyHunks(before, after, hunks), after)
      assert.strictEqual(applyHunks(before, after, hunks, 0), before)
    }
  )

  it.prop("its hunks are in order, apart, on line borders, and hold no common first line", {
    before: text,
    after: text
  }, ({ after, before }) => {
    let oldEnd = -1
    for (const { new: fresh, old } of lineDiff(before, after)) {
      assert.isAbove(old.start, oldEnd)
      assert.isTrue(old.start === 0 || before[old.start - 1] === "\n")
      assert.isTrue(fresh.start === 0 || after[fresh.start - 1] === "\n")
      assert.notStrictEqual(before.slice(old.start, old.end), after.slice(fresh.start, fresh.end))
      oldEnd = old.end
    }
  })

  it("finds a moved block around unique lines, not a rewrite", () => {
    const hunks = lineDiff("head\none\ntwo\nthree\ntail\n", "head\none\n2\nthree\nfour\ntail\n")
    assert.deepStrictEqual(hunks, [
      { old: { start: 9, end: 13 }, new: { start: 9, end: 11 } },
      { old: { start: 19, end: 19 }, new: { start: 17, end: 22 } }
    ])
  })

  it("sees a lost final newline and a changed line end", () => {
    assert.strictEqual(lineDiff("a\n", "a").length, 1)
    assert.strictEqual(lineDiff("a\r\nb\n", "a\nb\n").length, 1)
  })

  it("takes a gap that is too different as one rewrite", () => {
    const many = (salt: string) => Array.from({ length: 3000 }, (_, index) => `${salt} ${index}\n`).join("")
    assert.strictEqual(lineDiff(many("x"), many("y")).length, 1)
  })
})

it.prop("differingMiddle leaves head and tail equal", { before: text, after: text }, ({ after, before }) => {
  const { head, tail } = differingMiddle(before, after)
  assert.isAtMost(head + tail, Math.min(before.length, after.length))
  assert.strictEqual(before.slice(0, head), after.slice(0, head))
  assert.strictEqual(before.slice(before.length - tail), after.slice(after.length - tail))
})
