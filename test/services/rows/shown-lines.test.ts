import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "effect/FastCheck"
import { answers, edit } from "../../../services/rows/picture.ts"
import { type FoldedLines, linesOfCut, pairedLines, type ShownLine } from "../../../services/rows/shown-lines.ts"

const text = FastCheck.array(FastCheck.constantFrom("a\n", "b\n", "c\n", "\n", "a\r\n", "x", "  "), { maxLength: 40 })
  .map((parts) => parts.join(""))

const plainLines = (whole: string): ReadonlyArray<string> => {
  const lines = whole.split(/\r?\n/)
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines
}

const sectionOf = (prefix: string, left: string, right: string, suffix: string) =>
  answers({ name: "chosen", text: left }, { name: "rejected", text: right }, { prefix, suffix })

describe("lines side by side", () => {
  it.prop(
    "without folds they are all lines of both texts, in order",
    { prefix: text, left: text, right: text, suffix: text },
    ({ left, prefix, right, suffix }) => {
      const rows = pairedLines(sectionOf(prefix, left, right, suffix), Infinity)
      const sideOf = (side: "left" | "right") =>
        rows.flatMap((row) => (row.kind === "pair" && row[side] !== null ? [row[side].text] : []))
      assert.deepStrictEqual(sideOf("left"), plainLines(prefix + left + suffix))
      assert.deepStrictEqual(sideOf("right"), plainLines(prefix + right + suffix))
    }
  )

  it.prop(
    "with folds nothing is lost: lines and folds add up, and what differs is never folded",
    { prefix: text, left: text, right: text, suffix: text },
    ({ left, prefix, right, suffix }) => {
      const all = pairedLines(sectionOf(prefix, left, right, suffix), Infinity)
      const some = pairedLines(sectionOf(prefix, left, right, suffix))
      const count = some.reduce((sum, row) => sum + (row.kind === "folded" ? row.lines : 1), 0)
      assert.strictEqual(count, all.length)
      const differing = (rows: typeof all) => rows.filter((row) => row.kind === "pair" && !row.isSame).length
      assert.strictEqual(differing(some), differing(all))
    }
  )

  it("shows three equal lines around what differs, and marks the words", () => {
    const rows = pairedLines(sectionOf("1\n2\n3\n4\n5\n", "x = first\n", "x = last\n", "6\n7\n8\n9\n10\n"))
    assert.deepStrictEqual(
      rows.map((row) => (row.kind === "folded" ? row.lines : [row.left?.text, row.right?.text])),
      [2, ["3", "3"], ["4", "4"], ["5", "5"], ["x = first", "x = last"], ["6", "6"], ["7", "7"], ["8", "8"], 2]
    )
    const changed = rows.find((row) => row.kind === "pair" && !row.isSame)
    assert.deepStrictEqual(changed?.kind === "pair" ? [changed.left?.marks, changed.right?.marks] : [], [
      [{ start: 4, end: 9 }],
      [{ start: 4, end: 8 }]
    ])
  })

  it("tells where the cursor stands", () => {
    const around = { prefix: "a\n", suffix: "\nz\n" }
    const rows = pairedLines(edit({ name: "edit", before: "one\ntwo", after: "one\nthree", around, cursor: 6 }))
    assert.deepStrictEqual(
      rows.flatMap((
        row
      ) => (row.kind === "pair" && row.left?.cursor != null ? [[row.left.text, row.left.cursor]] : [])),
      [["two", 2]]
    )
  })
})

describe("lines of a cut", () => {
  const cut = (prefix: string, middle: string, suffix: string) =>
    ({ kind: "cut", name: "middle", prefix, middle, suffix, tone: "wanted" }) as const

  it.prop(
    "the insides of its lines are the middle",
    { prefix: text, middle: text, suffix: text },
    ({ middle, prefix, suffix }) => {
      const lines = linesOfCut(cut(prefix, middle, suffix), Infinity).filter((line): line is ShownLine =>
        line.kind === "line"
      )
      assert.deepStrictEqual(lines.map((line) => line.text), plainLines(prefix + middle + suffix))
      const inside = lines.flatMap((line) =>
        line.inside === null ? [] : [line.text.slice(line.inside.start, line.inside.end)]
      )
      assert.strictEqual(inside.join("").replaceAll("\r", ""), middle.replace(/[\r\n]/g, ""))
    }
  )

  it("folds what is far from the middle, and nothing of the middle", () => {
    const shown = (line: ShownLine | FoldedLines) =>
      line.kind === "folded" ? line.lines : line.inside === null ? line.text : `[${line.text}]`
    const lines = linesOfCut(cut("1\n2\n3\n4\n5\nif ", "a\n\nb", ":\n6\n7\n8\n9\n10\n"))
    assert.deepStrictEqual(lines.map(shown), [2, "3", "4", "5", "[if a]", "[]", "[b:]", "6", "7", "8", 2])
  })

  it("keeps the place of a middle that is empty", () => {
    const lines = linesOfCut(cut("a\nb", "", "c\nd\n"))
    assert.deepStrictEqual(
      lines.map((line) => (line.kind === "line" ? line.inside : undefined)),
      [null, { start: 1, end: 1 }, null]
    )
  })
})
