/** The table of rows, its order, and the figures that filter. */
import { assert, describe, it } from "@effect/vitest"
import { cellsOf } from "../../../tasks/shared/cells.ts"
import { figuresLines, nextFilter } from "../../../tasks/view/figures.ts"
import { drawTable, filledColumns, sortKeyOf, tableLine } from "../../../tasks/view/table.ts"
import { describeStats, makeStats } from "../../../services/measures/file-stats.ts"
import { isMatch } from "../../../services/rows/fields.ts"
import type { FileRow } from "../../../services/Reader.ts"

const rowOf = (value: unknown): FileRow => ({ _tag: "row", value, text: JSON.stringify(value) })
const prompt = "<|fim_prefix|>def f():\n    <|fim_suffix|>\n<|fim_middle|>"
const rows = [
  rowOf({ prompt, completion: "\n  return 漢字\n  x", label: true, metadata: { language: "c", kind: "block" } }),
  rowOf({ prompt, completion: "pass", label: false, metadata: { language: "cpp", negative: "operator" } }),
  { _tag: "malformed", text: "{\"torn\": tr", reason: "no JSON" }
] as const
const lines = rows.map((row, index) => tableLine(index, row, index === 1 ? "drop" : null))

const drawn = (columns: number) =>
  drawTable(lines, {
    columns,
    shownColumns: filledColumns(lines, []),
    column: "label",
    sorted: { column: "answer", sign: -1 },
    index: 1,
    sought: "return"
  })

describe("a table of rows", () => {
  it("has the columns that some row fills, and the first line of each answer", () => {
    assert.deepStrictEqual(drawn(100).map((line) => line.map(({ text }) => text).join("").trimEnd()), [
      "row  marked  shape  language  kind   label  negative  prompt  answer↓  text",
      "  1          kto    c         block  true                 56       16  return 漢字",
      "  2  drop    kto    cpp              false  operator      56        4  pass",
      "  3                                                                    no JSON: {\"torn\": tr"
    ])
    assert.deepStrictEqual(filledColumns(lines.slice(2), []), ["row", "text"])
    assert.deepStrictEqual(filledColumns(lines.slice(2), ["kind"]), ["row", "kind", "text"])
  })

  it("is as wide as the screen at most, and leaves out what tells least", () => {
    for (const columns of [20, 40, 60, 80, 120, 200]) {
      for (const line of drawn(columns)) {
        assert.isAtMost(line.reduce((sum, { text }) => sum + cellsOf(text), 0), columns)
      }
    }
    const [head = []] = drawn(50)
    const names = head.map(({ text }) => text.trim()).filter((text) => text !== "")
    assert.include(names, "text")
    assert.notInclude(names, "shape")
  })

  it("marks the row that is chosen, the column, and what is searched for", () => {
    const [head = [], first = [], second = []] = drawn(100)
    assert.deepInclude([...head], { text: "label", style: "bar" })
    assert.deepInclude([...first], { text: "return", style: "hit" })
    assert.deepStrictEqual(second.map(({ style }) => style), ["bar"])
  })

  it("is sorted by numbers as numbers", () => {
    assert.deepStrictEqual(rows.map((row, index) => sortKeyOf({ index, row }, "answer")), [16, 4, null])
    assert.deepStrictEqual(rows.map((row, index) => sortKeyOf({ index, row }, "kind")), ["block", null, null])
    assert.deepStrictEqual(rows.map((row, index) => sortKeyOf({ index, row }, "row")), [0, 1, 2])
  })
})

describe("figures", () => {
  const stats = makeStats()
  for (const row of rows) stats.add(row)
  const figures = figuresLines("rows.jsonl", stats.result())

  it("filter by just the rows that they count", () => {
    const filtering = figures.flatMap(({ filter, share, text }) => (filter === null ? [] : [{ filter, share, text }]))
    assert.includeMembers(filtering.map(({ filter: { key } }) => key), ["label", "language", "kind", "negative"])
    for (const { filter, share } of filtering) {
      const passing = rows.filter((row) => row._tag === "row" && isMatch(row, filter.key, filter.value)).length
      assert.strictEqual(share, passing / rows.length, JSON.stringify(filter))
    }
  })

  it("name what an empty value is", () => {
    const some = makeStats()
    const value = { prompt: "p", completion: "c", metadata: { negative: "" } }
    some.add({ _tag: "row", value, text: JSON.stringify(value) })
    const line = figuresLines("rows.jsonl", some.result()).find(({ filter }) => filter?.key === "negative")
    assert.match(line?.text ?? "", /^ +\(none\) +1 /)
    assert.deepStrictEqual(line?.filter, { key: "negative", value: "=" })
    assert.match(describeStats("rows.jsonl", some.result()).join("\n"), /^ +\(none\) +1 /m)
  })

  it("are gone through from one that filters to the next", () => {
    const first = nextFilter(figures, 0, 0)
    assert.isNotNull(figures[first]?.filter)
    const second = nextFilter(figures, first, 1)
    assert.isAbove(second, first)
    assert.strictEqual(nextFilter(figures, second, -1), first)
    assert.strictEqual(nextFilter(figures, first, -1), first)
    assert.isNotNull(figures[nextFilter(figures, first, 1000)]?.filter)
  })
})
