/** The model as the lines of a screen: always as many as there are rows, none wider than the columns. */
import { languageOfRow } from "../../services/rows/fields.ts"
import { code } from "../../services/rows/picture.ts"
import type { RowView } from "../../services/rows/row-view.ts"
import { cellsOf, clip, type Line, shown, type TextRun, wrap } from "../shared/cells.ts"
import { helpText } from "./commands.ts"
import { briefLine, type Drawing, drawRow } from "./draw-row.ts"
import type { FiguresLine } from "./figures.ts"
import type { Colours, Look } from "./look.ts"
import { type Model, viewIn } from "./model.ts"
import { hasHit } from "./paint.ts"
import { drawTable } from "./table.ts"

export interface Size {
  readonly columns: number
  readonly rows: number
}

/** What is known of how many rows there are. */
export interface Known {
  readonly rows: number
  readonly isComplete: boolean
  /** How many of them pass the filter, so far; null where there is none. */
  readonly passing: { readonly rows: number; readonly isComplete: boolean } | null
}

/** How the terminal shows code. */
export interface Ink {
  readonly hasColour: boolean
  readonly colours: Colours
}

/** The body of a page: lines that fit, and which of them is shown first. */
export interface Body {
  readonly lines: ReadonlyArray<Line>
  readonly top: number
}

const leastColumns = 20
/** Above the body stand the bar and the line of facts, below it the bottom line. */
const linesAround = 3

const widthOf = (size: Size): number => Math.max(leastColumns, size.columns)

export const bodyRows = ({ rows }: Size): number => Math.max(1, rows - linesAround)

/** How many lines of the table there is room for: above them stands its head. */
export const tableRows = (size: Size): number => Math.max(1, bodyRows(size) - 1)

/** Lays out what the model shows. The top line is where the model says, or where the middle is in view. */
export const layOut = (model: Model, size: Size, ink: Ink): Body => {
  const height = bodyRows(size)
  const { focus, lines } = contentOf(model, widthOf(size), ink)
  const most = Math.max(0, lines.length - height)
  const isChosenInView = model.page === "stats" && model.scroll !== null && focus >= model.scroll &&
    focus < model.scroll + height
  const scroll = model.page === "stats" && !isChosenInView ? null : model.scroll
  const wanted = scroll ?? (focus < height ? 0 : focus - Math.floor(height / 3))
  return { lines, top: Math.min(Math.max(0, wanted), most) }
}

const lookOf = (model: Model, columns: number, ink: Ink): Look => ({
  ...ink,
  columns,
  isOpen: model.isOpen,
  hasFacts: model.hasFacts,
  step: model.step,
  sought: model.search
})

const contentOf = (model: Model, columns: number, ink: Ink): Drawing => {
  const plain = (texts: ReadonlyArray<string>): Drawing => ({
    focus: 0,
    lines: texts.flatMap((text) => wrap([{ text: shown(text), style: "" }], columns))
  })
  switch (model.page) {
    case "help":
      return plain(helpText)
    case "stats":
      return { focus: Math.max(0, model.figure), lines: drawFigures(model.figures, model.figure, columns) }
    case "table":
      return {
        focus: 0,
        lines: drawTable(model.lines, {
          columns,
          shownColumns: model.columns,
          column: model.column,
          sorted: model.sorting,
          index: model.index,
          sought: model.search
        })
      }
    case "row":
      return model.row === null ? plain(["There is no row."]) : drawRow(viewOrFault(model), lookOf(model, columns, ink))
  }
}

const viewOrFault = (model: Model): RowView =>
  viewIn(model) ?? {
    shape: "other",
    facts: [],
    recording: null,
    sections: model.row?._tag === "malformed" ? [code(model.row.reason, model.row.text, "unwanted")] : []
  }

const mostBar = 40

/** Figures with bars; the line that is chosen stands out. */
const drawFigures = (figures: ReadonlyArray<FiguresLine>, chosen: number, columns: number): ReadonlyArray<Line> =>
  figures.map(({ filter, share, text }, index): Line => {
    const room = Math.min(mostBar, Math.max(0, columns - cellsOf(text) - 2))
    const bar = share === null ? "" : "█".repeat(Math.round(share * room))
    const isChosen = index === chosen && filter !== null
    return [
      { text: clip(isChosen ? `${text.slice(0, 2)}> ${text.slice(4)}` : text, columns), style: isChosen ? "bar" : "" },
      ...(bar === "" ? [] : [{ text: `  ${bar}`, style: "key" } as const])
    ]
  })

/** Opens as much of a row as a hit needs to be seen. */
export const withHitInView = (model: Model): Model => {
  if (model.page !== "row" || model.search === "") return model
  const isSeen = (one: Model) => drawRow(viewOrFault(one), { ...lookOf(one, Infinity, plainInk) }).lines.some(hasHit)
  const tries = [model, { ...model, isOpen: true }, { ...model, isOpen: true, hasFacts: true }]
  return tries.find(isSeen) ?? model
}

const plainInk: Ink = { hasColour: false, colours: () => undefined }

/** Returns the whole screen. */
export const drawScreen = (model: Model, known: Known, size: Size, ink: Ink): ReadonlyArray<Line> => {
  const columns = widthOf(size)
  const height = bodyRows(size)
  const body = layOut(model, size, ink)
  const shownLines = body.lines.slice(body.top, body.top + height)
  const empty: Line = []
  const bar: Line = [{ text: filled(barText(model, known), columns), style: "bar" }]
  return [
    bar,
    model.page === "row" || model.page === "table" ? factLine(model, columns) : empty,
    ...shownLines,
    ...Array.from({ length: height - shownLines.length }, () => empty),
    bottomLine(model, body, height, columns)
  ].slice(0, size.rows)
}

const filled = (text: string, columns: number): string => {
  const clipped = clip(text, columns)
  return clipped + " ".repeat(Math.max(0, columns - cellsOf(clipped)))
}

const countOf = ({ isComplete, rows }: { readonly rows: number; readonly isComplete: boolean }, least = 0): string =>
  `${Math.max(rows, least)}${isComplete ? "" : "+"}`

/** A filter as a person reads it. */
export const filterText = ({ key, value }: { readonly key: string; readonly value: string }): string =>
  value.startsWith("=") ? `${shown(key)} is ${shown(value.slice(1))}` : `${shown(key)} = ${shown(value)}`

const barText = (model: Model, known: Known): string => {
  const total = countOf(known, model.index + 1)
  const place = model.row === null ? "no row" : `${model.index + 1} of ${total}`
  const file = model.files > 1 ? ` (file ${model.file + 1} of ${model.files})` : ""
  const shape = viewIn(model)?.shape
  const filter = model.filter === null || known.passing === null
    ? ""
    : ` · ${filterText(model.filter)}, match ${model.match} · ${countOf(known.passing)} of ${countOf(known)} pass`
  const { sorting } = model
  const order = sorting === null
    ? ""
    : ` · by ${sorting.column}${sorting.sign === 1 ? "↑" : "↓"}${model.filter === null ? `, ${model.match}` : ""}`
  const label = model.label === null ? "" : ` · ${model.label}`
  return ` ${shown(model.name)}${file} · ${place}${shape === undefined ? "" : ` · ${shape}`}${label}${filter}${order}`
}

/** The facts of a row that say something, in one line; what does not fit is said to be there. */
const factLine = (model: Model, columns: number): Line => {
  const view = viewIn(model)
  if (view === undefined || model.row?._tag !== "row") return []
  const language = languageOfRow(model.row.value)
  const isTold = language === null || view.facts.some(([name]) => name === "language")
  const facts = [...(isTold ? [] : [`language ${language}`]), briefLine(view)].filter((text) => text !== "")
  const text = facts.join(" · ")
  const more = " … m: all"
  if (cellsOf(text) <= columns) return [{ text, style: "dim" }]
  return [{ text: `${clip(text, columns - cellsOf(more)).replace(/…$/, "")}${more}`, style: "dim" }]
}

const hintOf = (model: Model): string => {
  if (model.search !== "" && (model.page === "row" || model.page === "table")) {
    return `"${shown(model.search)}": n next  N previous  esc ends the search  → ← next row`
  }
  switch (model.page) {
    case "table":
      return "enter opens  ← → column  o sort  t figures  f filter  / search  ? help"
    case "stats":
      return "↑ ↓ choose  enter filters  esc back"
    case "help":
      return "esc back"
    case "row":
      return ["n p", ...offersOf(model), "/ search  f filter  ? help  q quit"].join("  ")
  }
}

/** What can be done with this row, and perhaps not with another one. */
const offersOf = (model: Model): ReadonlyArray<string> => {
  const view = viewIn(model)
  return [
    ...(view?.sections.some(({ kind }) => kind === "steps") ? ["[ ] states"] : []),
    ...(view === undefined || view.recording === null ? [] : ["r plays the keys"]),
    model.isOpen ? "z fold" : "z open",
    model.trail.includes("table") ? "esc table" : "l table"
  ]
}

const bottomLine = (model: Model, body: Body, height: number, columns: number): Line => {
  if (model.input !== null) {
    // The end of a long input is what is being typed.
    const text = `:${shown(model.input)}`
    const over = cellsOf(text) - columns + 1
    return [{ text: over > 0 ? `…${[...text].slice(over + 1).join("")}` : text, style: "" }]
  }
  const left = body.lines.length - body.top - height
  const more = model.page === "table"
    ? ""
    : left > 0
    ? `${left} more line${left === 1 ? "" : "s"}`
    : body.top > 0
    ? "end"
    : ""
  const hint = model.message === "" ? hintOf(model) : shown(model.message)
  const room = columns - cellsOf(more) - 1
  const text = clip(hint, Math.max(0, room))
  const runs: Array<TextRun> = [{
    text: text + " ".repeat(Math.max(1, columns - cellsOf(text) - cellsOf(more))),
    style: "dim"
  }]
  if (more !== "") runs.push({ text: more, style: "dim" })
  return runs
}
