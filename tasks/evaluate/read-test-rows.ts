/** Reads the rows that models are asked: those of a file, or of the held-out files of a folder. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Reader } from "../../services/Reader.ts"
import { isFields } from "../../services/rows/fields.ts"
import { keep, leaveOut, type Ledger, takeBack } from "../../services/rows/ledger.ts"
import { sideOfFile } from "../../services/rows/tables.ts"
import { unitInterval } from "../../services/text/random.ts"
import { findFiles } from "../shared/row-files.ts"
import { readTestRow, type TestRow } from "./test-row.ts"

export interface TestRows {
  readonly rows: ReadonlyArray<TestRow>
  readonly ledger: Ledger
}

/** Reads rows; of more than `limit`, so many are drawn. */
export const readTestRows = Effect.fn("evaluate.readTestRows")(function*(
  places: ReadonlyArray<string>,
  limit: number | null,
  seed: number
) {
  const ledger: Ledger = {}
  const rows = new Map<string, TestRow>()
  for (const place of places) {
    const files = yield* findFiles(undefined, place)
    const held = files.filter(({ name }) => sideOfFile(name) === "held")
    // A file that is named is asked, whatever its name says; of a folder, what is held out, where the names tell.
    for (const file of files.length === 1 || held.length === 0 ? files : held) {
      yield* readFile(file.path, (value, index) => {
        if (!isFields(value)) return leaveOut(ledger, "rows", "no row")
        const row = readTestRow(value, `${file.name}:${index + 1}`)
        if ("reason" in row) return leaveOut(ledger, "rows", row.reason)
        if (rows.has(row.id)) return leaveOut(ledger, "rows", "asks what another row asks")
        rows.set(row.id, row)
        return keep(ledger, "rows")
      })
    }
  }
  const all = [...rows.values()]
  const result: TestRows = { rows: limit === null ? all : drawn(all, limit, seed, ledger), ledger }
  return result
})

const readFile = Effect.fnUntraced(function*(path: string, take: (value: unknown, index: number) => void) {
  const file = yield* (yield* Reader).open(path)
  yield* Stream.runForEach(file.scan({ from: 0, holding: null }), (batch) =>
    Effect.sync(() => {
      for (const { index, row } of batch) take(row._tag === "row" ? row.value : undefined, index)
    }))
}, Effect.scoped)

/** Draws rows one by one, so that a smaller set is part of a larger one. */
const drawn = (rows: ReadonlyArray<TestRow>, limit: number, seed: number, ledger: Ledger): ReadonlyArray<TestRow> => {
  if (rows.length <= limit) return rows
  const ranked = rows.map((row) => ({ row, rank: unitInterval("evaluate", seed, row.place) }))
  const kept = new Set(ranked.toSorted((a, b) => a.rank - b.rank).slice(0, limit).map(({ row }) => row))
  takeBack(ledger, "rows", "not drawn", rows.length - kept.size)
  return rows.filter((row) => kept.has(row))
}
