/** Reads the rows that models are asked: those of files, or of the held-out files of folders. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { makeContamination } from "../../services/evaluation-sets/contamination.ts"
import { parseExampleSpec } from "../../services/evaluation-sets/example-spec.ts"
import { rowOfExampleSpec } from "../../services/evaluation-sets/example-spec-row.ts"
import { type EvaluationRow, type NoEvaluationRow, noEvaluationRow } from "../../services/evaluation-sets/row.ts"
import { readEvaluationRow } from "../../services/evaluation-sets/sets.ts"
import { languageToParse } from "../../services/measures/score.ts"
import { Reader } from "../../services/Reader.ts"
import { textOf, valueIn } from "../../services/rows/fields.ts"
import { keep, leaveOut, type Ledger, takeBack } from "../../services/rows/ledger.ts"
import { sideOfFile } from "../../services/rows/tables.ts"
import { unitInterval } from "../../services/text/random.ts"
import { CannotReadInput } from "../shared/problems.ts"
import { findFiles, type ViewedFile } from "../shared/row-files.ts"
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

/** Takes a row, its number in its file, and what else it tells. */
type TakeRow = (
  row: EvaluationRow | NoEvaluationRow,
  index: number,
  told: Pick<TestRow, "isWhole" | "format">
) => void

const nothingTold = { isWhole: false, format: "" }

export const readTestRows = Effect.fn("evaluate.readTestRows")(function*(
  places: ReadonlyArray<string>,
  { cutoff, layout, limit, seed, train }: ReadOptions
) {
  const ledger: Ledger = {}
  const rows = new Map<string, TestRow>()
  const contamination = makeContamination()
  const sides = yield* Effect.forEach(places, sidesAt)
  for (const file of sides.flatMap(({ held }) => held)) {
    yield* readFile(file, (read, index, told) => {
      const row = read._tag === "refused"
        ? read
        : testRowOf(read, { place: `${file.name}:${index + 1}`, layout, cutoff, ...told })
      if (read._tag === "refused" || "reason" in row) {
        leaveOut(ledger, "rows", "reason" in row ? row.reason : "no row")
      } else if (rows.has(row.id)) leaveOut(ledger, "rows", "asks what another row asks")
      else {
        rows.set(row.id, row)
        contamination.judge(read)
        keep(ledger, "rows")
      }
    })
  }
  const trainFiles = [
    ...sides.flatMap((side) => side.train),
    ...(yield* Effect.forEach(train, (place) => findFiles(undefined, place))).flat()
  ]
  for (const file of trainFiles) {
    yield* readFile(file, (read) => {
      if (read._tag !== "refused") contamination.train(read)
    })
  }
  const { middlesInTrain, promptsInTrain } = contamination.result()
  const all = [...rows.values()].map((row, number): TestRow => ({
    ...row,
    trained: trainFiles.length === 0
      ? null
      : promptsInTrain.has(number)
      ? "question"
      : middlesInTrain.has(number)
      ? "answer"
      : "neither"
  }))
  const result: TestRows = { rows: limit === null ? all : drawn(all, limit, seed, ledger), ledger }
  return result
})

/** A file that is named is asked, whatever its name says; of a folder, what is held out, where the names tell. */
const sidesAt = Effect.fnUntraced(function*(place: string) {
  const files = yield* findFiles(undefined, place)
  const held = files.filter(({ name }) => sideOfFile(name) === "held")
  const isSplit = files.length > 1 && held.length > 0
  return { held: isSplit ? held : files, train: isSplit ? files.filter((file) => !held.includes(file)) : [] }
})

const readFile = ({ name, path }: ViewedFile, take: TakeRow) =>
  name.endsWith(".md") ? readExample(path, take) : readRows(path, take)

const readRows = Effect.fnUntraced(function*(path: string, take: TakeRow) {
  const file = yield* (yield* Reader).open(path)
  yield* Stream.runForEach(file.scan({ from: 0, holding: null }), (batch) =>
    Effect.sync(() => {
      for (const { index, row } of batch) {
        if (row._tag === "malformed") take(noEvaluationRow(row.reason), index, nothingTold)
        else {
          const format = textOf(valueIn(row.value, "format")) ?? ""
          take(readEvaluationRow(row.value), index, { isWhole: languageToParse(row.value) !== null, format })
        }
      }
    }))
}, Effect.scoped)

/** Zed's examples are a file each. */
const readExample = Effect.fnUntraced(function*(path: string, take: TakeRow) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* Effect.mapError(
    fs.readFileString(path),
    () => new CannotReadInput({ path, detail: "there is no such file" })
  )
  const spec = parseExampleSpec(text)
  take(typeof spec === "string" ? noEvaluationRow(spec) : rowOfExampleSpec(spec), 0, nothingTold)
})

/** Draws rows one by one, so that a smaller set is part of a larger one. */
const drawn = (rows: ReadonlyArray<TestRow>, limit: number, seed: number, ledger: Ledger): ReadonlyArray<TestRow> => {
  if (rows.length <= limit) return rows
  const ranked = rows.map((row) => ({ row, rank: unitInterval("evaluate", seed, row.id) }))
  const kept = new Set(ranked.toSorted((a, b) => a.rank - b.rank).slice(0, limit).map(({ row }) => row))
  takeBack(ledger, "rows", "not drawn", rows.length - kept.size)
  return rows.filter((row) => kept.has(row))
}
