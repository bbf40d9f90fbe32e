/** Reads the rows that models are asked: those of files, or of the held-out files of folders. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
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
  { layout, limit, seed }: ReadOptions
) {
  const ledger: Ledger = {}
  const rows = new Map<string, TestRow>()
  for (const file of (yield* Effect.forEach(places, filesAt)).flat()) {
    const take: TakeRow = (read, index, told) => {
      const row = read._tag === "refused"
        ? read
        : testRowOf(read, { place: `${file.name}:${index + 1}`, layout, ...told })
      if ("reason" in row) leaveOut(ledger, "rows", row.reason)
      else if (rows.has(row.id)) leaveOut(ledger, "rows", "asks what another row asks")
      else {
        rows.set(row.id, row)
        keep(ledger, "rows")
      }
    }
    yield* file.name.endsWith(".md") ? readExample(file.path, take) : readRows(file.path, take)
  }
  const all = [...rows.values()]
  const result: TestRows = { rows: limit === null ? all : drawn(all, limit, seed, ledger), ledger }
  return result
})

/** A file that is named is asked, whatever its name says; of a folder, what is held out, where the names tell. */
const filesAt = Effect.fnUntraced(function*(place: string) {
  const files = yield* findFiles(undefined, place)
  const held = files.filter(({ name }) => sideOfFile(name) === "held")
  const chosen: ReadonlyArray<ViewedFile> = files.length === 1 || held.length === 0 ? files : held
  return chosen
})

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
