/**
 * What is in a file, read behind the rows that are shown: of each row a few codes and lengths are kept. It is read only
 * while somebody waits for it, and goes on where it stopped.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { CannotReadRows, NumberedRow, RowFile } from "../../../services/Reader.ts"
import { fieldNamesOf } from "../../../services/rows/field-names.ts"
import { traitsOf } from "../../../services/rows/row-line.ts"
import { makeColumns, mostRows, type TableColumns } from "./columns.ts"
import type { ColumnsOf } from "./filters.ts"
import type { Labels } from "../labels.ts"
import { tableColumns } from "./protocol.ts"

export interface TableSurvey {
  readonly columns: TableColumns
  /** How many rows were read. */
  readonly scanned: () => number
  readonly isComplete: () => boolean
  /** Why the file is not read on, or null. */
  readonly failure: () => CannotReadRows | null
  /** Names of the fields that were seen. */
  readonly fieldNames: ReadonlySet<string>
  /** Reads on to the end. Several may wait: the file is read once for all of them, and no longer than one of them waits. */
  readonly gather: Effect.Effect<void>
}

/** More names than these are not remembered: no person looks through them. */
const mostNames = 500

export const makeSurvey = (file: RowFile, columnsOf: ColumnsOf): TableSurvey => {
  const columns = makeColumns()
  const fieldNames = new Set<string>()
  const turn = Effect.unsafeMakeSemaphore(1)
  let scanned = 0
  let isComplete = false
  let failure: CannotReadRows | null = null

  const add = (row: NumberedRow) => {
    const values = columnsOf(row)
    for (const name of tableColumns) {
      const column = columns[name]
      const value = values[name]
      if (column.kind === "values") column.set(row.index, value === null ? null : String(value))
      else column.set(row.index, Number(value))
    }
    if (row.row._tag === "row" && fieldNames.size < mostNames) {
      for (const name of fieldNamesOf(row.row.value)) fieldNames.add(name)
    }
    scanned = row.index + 1
  }

  const gather = turn.withPermits(1)(
    Effect.suspend(() =>
      isComplete || failure !== null ? Effect.void : file.scan({ from: scanned, holding: null }).pipe(
        Stream.runForEach((batch) =>
          Effect.sync(() => {
            for (const row of batch) if (row.index < mostRows) add(row)
          })
        ),
        Effect.match({
          onSuccess: () => {
            isComplete = true
          },
          onFailure: (cause) => {
            failure = cause
          }
        })
      )
    )
  )

  return { columns, scanned: () => scanned, isComplete: () => isComplete, failure: () => failure, fieldNames, gather }
}

/** Returns the columns of a row, with what a person said of it. */
export const columnsOfRow = (labels: Labels): ColumnsOf => ({ index, row }) => {
  const mark = labels.of(index, row)
  if (row._tag === "malformed") {
    return {
      shape: row.reason,
      language: null,
      kind: null,
      negative: null,
      label: null,
      mark,
      answer_chars: row.text.length,
      prompt_chars: 0
    }
  }
  const { answerUnits, kind, label, language, negative, promptUnits, shape } = traitsOf(row.value)
  return { shape, language, kind, negative, label, mark, answer_chars: answerUnits, prompt_chars: promptUnits }
}
