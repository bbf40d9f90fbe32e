import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { rowsAround, windowBefore } from "../../../services/next-edit/line-window.ts"
import { rowsOf, textOfRows } from "../../../services/next-edit/rows.ts"

const before = (window: readonly [number, number], from: string, after: string) =>
  windowBefore(rowsOf(after), { from: window[0], to: window[1] }, { path: "a", before: from, after })

describe("what stood in a window before an event", () => {
  it("keeps a blank last row", () => {
    assert.strictEqual(before([0, 3], "a\nb\n\nc\n", "a\nB\n\nc\n"), "a\nb\n")
    assert.strictEqual(before([0, 2], "a\nb\nc\n", "a\nB\nc\n"), "a\nb")
  })

  it("has more or fewer rows where lines came or went", () => {
    assert.strictEqual(before([0, 2], "a\nc\n", "a\nb\nc\n"), "a")
    assert.strictEqual(before([0, 2], "a\nb\nc\nd\n", "a\nd\n"), "a\nb\nc\nd")
  })

  const lines = FastCheck.array(FastCheck.constantFrom("a\n", "b\n", "\n"), { maxLength: 12 })
  it.prop("is the window where nothing changed in it, and all of a file that is all window", [lines, lines, lines], ([
    head,
    one,
    other
  ]) => {
    // What was lost right below a window is none of its own, so the last line stays.
    const [from, after] = [[...head, ...one, "z\n"].join(""), [...head, ...other, "z\n"].join("")]
    const rows = rowsOf(after)
    const all = rowsAround(rows, 0, 100, 100)
    const event = { path: "a", before: from, after }
    assert.strictEqual(`${windowBefore(rows, all, event)}\n`, from)
    const still = { from: 0, to: Math.max(0, head.length - 1) }
    if (still.to > 0) assert.strictEqual(windowBefore(rows, still, event), textOfRows(rows, still))
  })
})
