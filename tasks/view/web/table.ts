/** The table: the lines that are in view, and the figures over its columns as they fill in. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { NumberedRow } from "../../../services/Reader.ts"
import { headlineOf } from "../../../services/rows/row-line.ts"
import { viewOf } from "../../../services/rows/row-view.ts"
import type { HttpAnswer } from "../../shared/http/answer.ts"
import type { OpenedRows } from "./opened.ts"
import type { LineAnswer, LinesAnswer, SurveyAnswer } from "./protocol.ts"
import type { PageQuestion } from "./questions.ts"
import type { Selection } from "./selection.ts"
import { columnsOfRow } from "./survey.ts"

/** No screen shows more lines at once. */
const mostLines = 400

/** Longer rows have no line of their own in the table: only their first units are looked at. UTF-16 units. */
const longestViewed = 256 * 1024

/** Returns the lines of the rows that pass, from a place on. */
export const linesOf = Effect.fn("view.lines")(function*(file: OpenedRows, question: PageQuestion) {
  const { count, filters, from, isDescending, isPatient, sort, text } = question
  const selection = file.selectionOf({ text, filters })
  if (isPatient) yield* selection.gather
  const order = sort === null ? null : { column: sort, isDescending }
  const rows = yield* rowsAt(file, selection.rows(from, Math.min(count, mostLines), order))
  const lines = rows.map((row) => lineOf(file, row))
  const answer: LinesAnswer = { from, lines, isSorted: order === null || selection.isComplete() }
  return answer
})

/** So many rows that do not follow each other are read at the same time. */
const readAtOnce = 8

/** Reads rows by their numbers; rows that follow each other come in one read. */
const rowsAt = Effect.fnUntraced(function*(file: OpenedRows, numbers: ReadonlyArray<number>) {
  const [first] = numbers
  if (first === undefined) return []
  if (numbers.at(-1) === first + numbers.length - 1) {
    const rows = file.rows.scan({ from: first, holding: null }).pipe(
      Stream.mapConcat((batch) => batch),
      Stream.take(numbers.length)
    )
    return [...(yield* Stream.runCollect(rows))]
  }
  const read = yield* Effect.forEach(
    numbers,
    (index) => Effect.map(file.rows.row(index), (row) => (row === null ? [] : [{ index, row }])),
    { concurrency: readAtOnce }
  )
  return read.flat()
})

const lineOf = (file: OpenedRows, numbered: NumberedRow): LineAnswer => {
  const { index, row } = numbered
  const headline = row._tag === "row" && row.text.length <= longestViewed
    ? headlineOf(viewOf(row.value, row.text).sections)
    : row.text.slice(0, 200)
  return { index, headline, values: columnsOfRow(file.labels)(numbered) }
}

/** How often the figures come while the file is read. The first come at once. */
const interval = "250 millis"
const firstInterval = "40 millis"

/**
 * Returns the figures over the columns, a line of JSON each time, until all rows are counted. The file is read as long as
 * somebody takes them.
 */
export const surveyOf = (file: OpenedRows, { filters, text }: PageQuestion): HttpAnswer => ({
  status: 200,
  headers: { "content-type": "application/x-ndjson" },
  body: Stream.unwrapScoped(Effect.gen(function*() {
    const selection = file.selectionOf({ text, filters })
    const reading = yield* Effect.forkScoped(selection.gather)
    const next = Effect.fnUntraced(function*(state: "first" | "more" | "done") {
      if (state === "done") return Option.none()
      yield* Effect.raceFirst(
        Effect.asVoid(Fiber.await(reading)),
        Effect.sleep(state === "first" ? firstInterval : interval)
      )
      const answer = figuresOf(file, selection)
      const isDone = answer.isComplete || answer.failure !== null
      return Option.some<readonly [Uint8Array, "more" | "done"]>([
        Buffer.from(`${JSON.stringify(answer)}\n`),
        isDone ? "done" : "more"
      ])
    })
    return Stream.unfoldEffect<"first" | "more" | "done", Uint8Array, never, never>("first", next)
  }))
})

const figuresOf = (file: OpenedRows, selection: Selection): SurveyAnswer => {
  const figures = selection.figures()
  const { isComplete, rows } = file.rows.known()
  return { ...figures, rows: isComplete ? rows : Math.max(rows, figures.scanned) }
}
