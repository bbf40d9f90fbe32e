/** Rows and figures as text, for pipes: nothing that a terminal would take for a command, no colour unless it is wanted. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import { heldBy, isMatch } from "../../services/rows/fields.ts"
import { viewOf } from "../../services/rows/row-view.ts"
import type { FileRow, RowFile } from "../../services/Reader.ts"
import { Screen } from "../shared/terminal.ts"
import { renderLine, shown } from "../shared/cells.ts"
import { drawRow } from "./draw-row.ts"
import { findOtherAnswer } from "./find-other-answer.ts"
import { plainLook } from "./look.ts"
import type { Filter } from "./model.ts"
import { NoSuchRow } from "./problems.ts"
import { describeStats, makeStats } from "../../services/measures/file-stats.ts"

/** Returns a row as text, whole: nothing is folded away, and no line is cut. */
export const renderRow = (
  name: string,
  index: number,
  row: FileRow,
  hasColour: boolean,
  other: FileRow | null = null
): string => {
  const title = renderLine([{ text: `${shown(name)} · row ${index + 1}`, style: "title" }], hasColour)
  if (row._tag === "malformed") return `${title}\n${row.reason}\n${shown(row.text)}\n`
  const view = viewOf(row.value, row.text, other?._tag === "row" ? other.value : undefined)
  const facts = view.facts.map(([fact, value]) => `${shown(fact)} ${shown(value)}`).join(" · ")
  const { lines } = drawRow(view, { ...plainLook, hasColour })
  const body = lines.map((line) => renderLine(line, hasColour))
  return [title, ...(facts === "" ? [] : [renderLine([{ text: facts, style: "dim" }], hasColour)]), ...body].join("\n")
}

/** A row as a line of JSON: its own text, or what is wrong with it where it has none. */
const jsonOf = (row: FileRow, index: number): string =>
  row._tag === "row" || row.reason === "nested too deeply"
    ? `${row.text}\n`
    : `${JSON.stringify({ row: index + 1, reason: row.reason, text: row.text })}\n`

export const passes = (row: FileRow, filter: Filter | null): boolean =>
  filter === null || (row._tag === "row" && isMatch(row, filter.key, filter.value))

/** Prints a row. Where the file breaks off while its other answer is looked for, this fails once the row is printed. */
export const printRow = Effect.fnUntraced(function*(name: string, file: RowFile, number: number, asJson: boolean) {
  const screen = yield* Screen
  const row = number < 1 ? null : yield* file.row(number - 1)
  if (row === null) return yield* new NoSuchRow({ name, number, rows: yield* file.count })
  if (asJson) return yield* screen.print(jsonOf(row, number - 1))
  const other = yield* Effect.either(findOtherAnswer(file, row))
  const found = Either.isRight(other) ? other.right?.row : undefined
  yield* screen.print(renderRow(name, number - 1, row, screen.hasColour, found))
  if (Either.isLeft(other)) return yield* other.left
})

export const printAll = Effect.fnUntraced(
  function*(name: string, file: RowFile, filter: Filter | null, asJson: boolean) {
    const screen = yield* Screen
    yield* Stream.runForEach(file.scan({ from: 0, holding: filter === null ? null : heldBy(filter.value) }), (rows) => {
      const texts = rows.filter(({ row }) => passes(row, filter)).map(({ index, row }) =>
        asJson ? jsonOf(row, index) : `${renderRow(name, index, row, screen.hasColour)}\n`
      )
      return texts.length === 0 ? Effect.void : screen.print(texts.join(""))
    })
  }
)

/** Prints the figures of a file. Where it breaks off, they are those of the rows before, and this fails then. */
export const printStats = Effect.fnUntraced(function*(
  name: string,
  file: RowFile,
  filter: Filter | null,
  asJson: boolean
) {
  const screen = yield* Screen
  const stats = makeStats()
  const ended = yield* Effect.either(Stream.runForEach(
    file.scan({ from: 0, holding: filter === null ? null : heldBy(filter.value) }),
    (rows) =>
      Effect.sync(() => {
        for (const { row } of rows) if (passes(row, filter)) stats.add(row)
      })
  ))
  const result = stats.result()
  if (Either.isLeft(ended) && result.rows === 0) return yield* ended.left
  yield* screen.print(
    asJson
      ? `${JSON.stringify({ file: name, ...result })}\n`
      : `${describeStats(name, result).map((line) => shown(line)).join("\n")}\n`
  )
  if (Either.isLeft(ended)) return yield* ended.left
})
