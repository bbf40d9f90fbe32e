/** Rows as a table, one line a row: what its columns are, and how a part of it is drawn. */
import { type FileRow, type NumberedRow } from "../../services/Reader.ts"
import { headlineOf, traitsOf } from "../../services/rows/row-line.ts"
import { viewOf } from "../../services/rows/row-view.ts"
import { cellsOf, clip, type Line, shown, type TextRun } from "../shared/cells.ts"
import type { LabelName } from "./labels.ts"
import { hitsIn, painted } from "./paint.ts"

/** The columns in their order; those that no row has something for are left out. */
export const columnNames = [
  "row",
  "marked",
  "shape",
  "language",
  "kind",
  "label",
  "negative",
  "prompt",
  "answer",
  "text"
] as const
export type Column = typeof columnNames[number]

/** The widest that a column gets, in cells; the text takes what is left. */
const mostCells: Readonly<Record<Column, number>> = {
  row: 10,
  marked: 6,
  shape: 10,
  language: 10,
  kind: 14,
  label: 5,
  negative: 12,
  prompt: 7,
  answer: 7,
  text: Infinity
}
const isNumber = (column: Column): boolean => column === "row" || column === "prompt" || column === "answer"

/** A row as a line: the text of each column, "" for nothing. */
export interface TableLine {
  /** Number of the row in the file, from 0. */
  readonly index: number
  readonly cells: Readonly<Record<Column, string>>
}

/** Returns what a column of a row is sorted by: numbers before texts, and nothing last. */
export const sortKeyOf = ({ index, row }: NumberedRow, column: Column): number | string | null => {
  if (column === "row") return index
  if (column === "text") return row._tag === "row" ? headlineOf(viewOf(row.value, row.text).sections) : row.text
  if (row._tag === "malformed") return null
  const traits = traitsOf(row.value)
  switch (column) {
    case "prompt":
      return traits.promptUnits
    case "answer":
      return traits.answerUnits
    case "marked":
      return null
    default:
      return traits[column]
  }
}

/** Returns a row as a line of the table. */
export const tableLine = (index: number, row: FileRow, marked: LabelName | null): TableLine => {
  const number = String(index + 1)
  if (row._tag === "malformed") {
    return {
      index,
      cells: { ...emptyCells, row: number, marked: marked ?? "", text: `${row.reason}: ${row.text.slice(0, 200)}` }
    }
  }
  const { answerUnits, kind, label, language, negative, promptUnits, shape } = traitsOf(row.value)
  return {
    index,
    cells: {
      row: number,
      marked: marked ?? "",
      shape,
      language: language ?? "",
      kind: kind ?? "",
      label: label ?? "",
      negative: negative ?? "",
      prompt: promptUnits === 0 ? "" : String(promptUnits),
      answer: String(answerUnits),
      text: headlineOf(viewOf(row.value, row.text).sections)
    }
  }
}

const emptyCells: Readonly<Record<Column, string>> = {
  row: "",
  marked: "",
  shape: "",
  language: "",
  kind: "",
  label: "",
  negative: "",
  prompt: "",
  answer: "",
  text: ""
}

/** Returns the columns that some line has something for; those that were shown before stay. */
export const filledColumns = (lines: ReadonlyArray<TableLine>, before: ReadonlyArray<Column>): ReadonlyArray<Column> =>
  columnNames.filter((column) =>
    column === "row" || column === "text" || before.includes(column) || lines.some(({ cells }) => cells[column] !== "")
  )

/** How a table is drawn. */
export interface TableLook {
  readonly columns: number
  readonly shownColumns: ReadonlyArray<Column>
  /** The column that is chosen, and the mark of the one by which rows are sorted. */
  readonly column: Column
  readonly sorted: { readonly column: Column; readonly sign: 1 | -1 } | null
  /** The row that is chosen. */
  readonly index: number
  readonly sought: string
}

const gap = "  "

/** Returns the head of a table and its lines. */
export const drawTable = (lines: ReadonlyArray<TableLine>, look: TableLook): ReadonlyArray<Line> => {
  const headOf = (column: Column): string =>
    look.sorted?.column === column ? `${column}${look.sorted.sign === 1 ? "↑" : "↓"}` : column
  const wanted = look.shownColumns.map((column) => ({
    column,
    width: Math.min(
      Math.max(mostCells[column], cellsOf(headOf(column))),
      Math.max(cellsOf(headOf(column)), ...lines.map(({ cells }) => cellsOf(shown(cells[column]))))
    )
  }))
  const widths = fitting(wanted, look.columns)
  const head = widths.flatMap(({ column, width }, index): ReadonlyArray<TextRun> => [
    ...(index === 0 ? [] : [{ text: gap, style: "" } as const]),
    { text: padded(headOf(column), width, isNumber(column)), style: column === look.column ? "bar" : "title" }
  ])
  return [
    head,
    ...lines.map(({ cells, index }): Line => {
      const isChosen = index === look.index
      const runs = widths.flatMap(({ column, width }, place): Line => [
        ...(place === 0 ? [] : [{ text: gap, style: "" } as const]),
        ...painted(padded(shown(cells[column]), width, isNumber(column)), "", [
          column === "text" ? hitsIn(padded(shown(cells[column]), width, false), look.sought) : []
        ])
      ])
      return isChosen ? [{ text: runs.map(({ text }) => text).join(""), style: "bar" }] : runs
    })
  ]
}

interface Width {
  readonly column: Column
  readonly width: number
}

/** The least cells of the text for which another column is left out. */
const leastText = 20

/** The columns that fit, and the text in what is left. */
const fitting = (wanted: ReadonlyArray<Width>, columns: number): ReadonlyArray<Width> => {
  const others = wanted.filter(({ column }) => column !== "text")
  const taken = (list: ReadonlyArray<Width>) => list.reduce((sum, { width }) => sum + width + gap.length, 0)
  // What tells least goes first.
  for (const dispensable of ["shape", "prompt", "negative", "kind", "language", "answer", "label", "marked"] as const) {
    if (columns - taken(others) >= leastText) break
    const at = others.findIndex(({ column }) => column === dispensable)
    if (at !== -1) others.splice(at, 1)
  }
  return [...others, { column: "text", width: Math.max(1, columns - taken(others)) }]
}

const padded = (text: string, width: number, isRight: boolean): string => {
  const clipped = clip(text, width)
  const space = " ".repeat(Math.max(0, width - cellsOf(clipped)))
  return isRight ? space + clipped : clipped + space
}
