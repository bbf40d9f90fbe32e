/** The model as the lines of a screen: always as many as there are rows, none wider than the columns. */
import { languageOfRow } from "../../services/rows/fields.ts"
import { code } from "../../services/rows/picture.ts"
import { type RowView, viewOf } from "../../services/rows/row-view.ts"
import { cellsOf, clip, type Line, shown, type TextRun, wrap } from "../shared/cells.ts"
import { helpText } from "./commands.ts"
import { type Drawing, drawRow } from "./draw-row.ts"
import type { Model } from "./model.ts"

export interface Size {
  readonly columns: number
  readonly rows: number
}

export interface Known {
  readonly rows: number
  readonly isComplete: boolean
}

/** The body of a page: lines that fit, and which of them is shown first. */
export interface Body {
  readonly lines: ReadonlyArray<Line>
  readonly top: number
}

const leastColumns = 20
/** Above the body stand the bar and the facts, below it the bottom line. */
const factLines = 2

export const bodyRows = ({ rows }: Size): number => Math.max(1, rows - 2 - factLines)

/** Wraps what the model shows. The top line is where the model says, or where the middle is in view. */
export const layOut = (model: Model, size: Size): Body => {
  const columns = Math.max(leastColumns, size.columns)
  const height = bodyRows(size)
  const { focus, lines } = contentOf(model)
  const wrapped: Array<Line> = []
  let focusLine = 0
  for (const [index, { gutter, line }] of lines.entries()) {
    if (index === focus) focusLine = wrapped.length
    const style = line[0]?.style ?? ""
    for (const part of wrap(line, columns - gutter.length)) {
      wrapped.push(gutter === "" ? part : [{ text: gutter, style }, ...part])
    }
  }
  const most = Math.max(0, wrapped.length - height)
  const wanted = model.scroll ?? (focusLine < height ? 0 : focusLine - Math.floor(height / 3))
  return { lines: wrapped, top: Math.min(Math.max(0, wanted), most) }
}

const contentOf = (model: Model): Drawing => {
  const plain = (texts: ReadonlyArray<string>): Drawing => ({
    focus: 0,
    lines: texts.map((text) => ({ gutter: "", line: [{ text: shown(text), style: "" }] }))
  })
  if (model.page === "help") return plain(helpText)
  if (model.page === "stats") return plain(model.text)
  if (model.row === null) return plain(["There is no row."])
  if (model.row._tag === "malformed") {
    return drawRow({
      shape: "other",
      facts: [],
      recording: null,
      sections: [
        code(model.row.reason, model.row.text, "unwanted")
      ]
    }, 0)
  }
  return drawRow(viewOf(model.row.value, model.row.text), model.step)
}

/** Returns the whole screen. */
export const drawScreen = (model: Model, known: Known, size: Size): ReadonlyArray<Line> => {
  const columns = Math.max(leastColumns, size.columns)
  const height = bodyRows(size)
  const body = layOut(model, size)
  const view = model.row?._tag === "row" ? viewOf(model.row.value, model.row.text) : undefined
  const shownLines = body.lines.slice(body.top, body.top + height)
  const empty: Line = []
  const bar: Line = [{ text: filled(barText(model, known, view), columns), style: "bar" }]
  return [
    bar,
    ...factRows(model.page === "row" ? view : undefined, model.row, columns),
    ...shownLines,
    ...Array.from({ length: height - shownLines.length }, () => empty),
    bottomLine(model, body, height, columns)
  ].slice(0, size.rows)
}

const filled = (text: string, columns: number): string => {
  const clipped = clip(text, columns)
  return clipped + " ".repeat(Math.max(0, columns - cellsOf(clipped)))
}

const barText = (model: Model, known: Known, view: RowView | undefined): string => {
  const total = `${Math.max(known.rows, model.index + 1)}${known.isComplete ? "" : "+"}`
  const place = model.row === null ? "no row" : `${model.index + 1} of ${total}`
  const file = model.files > 1 ? ` (file ${model.file + 1} of ${model.files})` : ""
  const filter = model.filter === null
    ? ""
    : ` · ${shown(model.filter.key)} = ${shown(model.filter.value)}, match ${model.match}`
  return ` ${shown(model.name)}${file} · ${place}${view === undefined ? "" : ` · ${view.shape}`}${filter}`
}

/** The facts of a row in two lines; what does not fit is said to be there. */
const factRows = (view: RowView | undefined, row: Model["row"], columns: number): ReadonlyArray<Line> => {
  const language = row?._tag === "row" ? languageOfRow(row.value) : null
  const facts = (view?.facts ?? []).filter(([, value]) => value !== "null")
  const texts = facts.map(([name, value]) => `${shown(name)} ${clip(shown(value), 40)}`)
  if (language !== null && !facts.some(([name]) => name === "language")) texts.unshift(`language ${language}`)
  const lines: Array<string> = []
  let open = ""
  for (const text of texts) {
    const next = open === "" ? text : `${open} · ${text}`
    if (cellsOf(next) <= columns) {
      open = next
      continue
    }
    lines.push(open)
    open = text
  }
  lines.push(open)
  const runs = lines.slice(0, factLines).map((text): Line => [{ text: clip(text, columns), style: "dim" }])
  if (lines.length > factLines) {
    runs[factLines - 1] = [{ text: `${clip(lines[factLines - 1] ?? "", columns - 2)} …`, style: "dim" }]
  }
  return [...runs, ...Array.from({ length: factLines - runs.length }, (): Line => [])]
}

const bottomLine = (model: Model, body: Body, height: number, columns: number): Line => {
  if (model.input !== null) {
    // The end of a long input is what is being typed.
    const text = `:${shown(model.input)}`
    const over = cellsOf(text) - columns + 1
    return [{ text: over > 0 ? `…${[...text].slice(over + 1).join("")}` : text, style: "" }]
  }
  const left = body.lines.length - body.top - height
  const more = left > 0 ? `${left} more lines` : body.top > 0 ? "end" : ""
  const hint = model.message === "" ? "n p  g goto  / search  f filter  t stats  ? help  q quit" : shown(model.message)
  const room = columns - cellsOf(more) - 1
  const text = clip(hint, Math.max(0, room))
  const runs: Array<TextRun> = [{
    text: text + " ".repeat(Math.max(1, columns - cellsOf(text) - cellsOf(more))),
    style: "dim"
  }]
  if (more !== "") runs.push({ text: more, style: "dim" })
  return runs
}
