/** Reads the rows that models are asked: those of files, or of the held-out files of folders. */
import * as Effect from "effect/Effect"
import { makeContamination } from "../../services/evaluation-sets/contamination.ts"
import { keep, leaveOut, type Ledger, takeBack } from "../../services/rows/ledger.ts"
import { findFiles } from "../shared/row-files.ts"
import { drawnIds } from "./drawn-ids.ts"
import { idOfKeystrokes, keystrokeTestRow, withFewerKeys } from "./keystroke-test-row.ts"
import { readRowsOf, sidesAt } from "./row-sets.ts"
import { type TestRow, testRowOf } from "./test-row.ts"

export interface TestRows {
  readonly rows: ReadonlyArray<TestRow>
  readonly ledger: Ledger
}

export interface ReadOptions {
  /** So many rows are drawn; null for all. */
  readonly limit: number | null
  readonly seed: number
  /** The layout for rows that are written for no model. */
  readonly layout: string | null
  readonly cutoff: string | null
  /** Files and folders of rows that the model was trained on. */
  readonly train: ReadonlyArray<string>
}

export const readTestRows = Effect.fn("evaluate.readTestRows")(function*(
  places: ReadonlyArray<string>,
  { cutoff, layout, limit, seed, train }: ReadOptions
) {
  const ledger: Ledger = {}
  const rows = new Map<string, TestRow>()
  const contamination = makeContamination()
  /** Rows that are looked for among those to train on, in their order; rows of keystrokes are known by their questions. */
  const sought: Array<string> = []
  const keystrokesInTrain = new Set<string>()
  const sides = yield* Effect.forEach(places, sidesAt)
  for (const file of sides.flatMap(({ held }) => held)) {
    yield* readRowsOf(file, ({ index, row: read, told }) => {
      const place = `${file.name}:${index + 1}`
      const row = read._tag === "refused"
        ? read
        : read._tag === "keystrokes"
        ? keystrokeTestRow(read, place)
        : testRowOf(read, { place, layout, cutoff, ...told })
      if (read._tag === "refused" || "reason" in row) {
        return leaveOut(ledger, "rows", "reason" in row ? row.reason : "no row")
      }
      const known = rows.get(row.id)
      if (known !== undefined) {
        rows.set(row.id, withFewerKeys(known, row))
        return leaveOut(ledger, "rows", "asks what another row asks")
      }
      rows.set(row.id, row)
      if (read._tag !== "keystrokes") {
        sought.push(row.id)
        contamination.judge(read)
      }
      return keep(ledger, "rows")
    })
  }
  const trainFiles = [
    ...sides.flatMap((side) => side.train),
    ...(yield* Effect.forEach(train, (place) => findFiles(undefined, place))).flat()
  ]
  for (const file of trainFiles) {
    yield* readRowsOf(file, ({ row: read }) => {
      if (read._tag === "keystrokes") {
        const id = idOfKeystrokes(read)
        if (rows.has(id)) keystrokesInTrain.add(id)
      } else if (read._tag !== "refused") contamination.train(read)
    })
  }
  const { middlesInTrain, promptsInTrain } = contamination.result()
  const questions = new Set([...keystrokesInTrain, ...sought.filter((_, number) => promptsInTrain.has(number))])
  const middles = new Set(sought.filter((_, number) => middlesInTrain.has(number)))
  const all = [...rows.values()].map((row): TestRow => ({
    ...row,
    trained: trainFiles.length === 0
      ? null
      : questions.has(row.id)
      ? "question"
      : middles.has(row.id)
      ? "answer"
      : "neither"
  }))
  const result: TestRows = { rows: limit === null ? all : drawn(all, limit, seed, ledger), ledger }
  return result
})

const drawn = (rows: ReadonlyArray<TestRow>, limit: number, seed: number, ledger: Ledger): ReadonlyArray<TestRow> => {
  const ids = drawnIds(rows.map(({ id }) => id), limit, seed)
  takeBack(ledger, "rows", "not drawn", rows.length - ids.size)
  return rows.filter(({ id }) => ids.has(id))
}
