/** The files of rows that models are judged by, and their rows, whatever set they are of. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { parseExampleSpec } from "../../services/evaluation-sets/example-spec.ts"
import { rowOfExampleSpec } from "../../services/evaluation-sets/example-spec-row.ts"
import { type KeystrokeRow, readKeystrokeRow } from "../../services/evaluation-sets/keystroke-row.ts"
import { type EvaluationRow, type NoEvaluationRow, noEvaluationRow } from "../../services/evaluation-sets/row.ts"
import { readEvaluationRow } from "../../services/evaluation-sets/sets.ts"
import { languageToParse } from "../../services/measures/score.ts"
import { Reader } from "../../services/Reader.ts"
import { textOf, valueIn } from "../../services/rows/fields.ts"
import { sideOfFile } from "../../services/rows/tables.ts"
import { CannotReadInput } from "../shared/problems.ts"
import { findFiles, type ViewedFile } from "../shared/row-files.ts"
import type { TestRow } from "./test-row.ts"

/** Takes a row, its number in its file, and what else it tells. */
type TakeRow = (
  row: EvaluationRow | KeystrokeRow | NoEvaluationRow,
  index: number,
  told: Pick<TestRow, "isWhole" | "format">
) => void

const nothingTold = { isWhole: false, format: "" }

/** A file that is named is asked, whatever its name says; of a folder, what is held out, where the names tell. */
export const sidesAt = Effect.fnUntraced(function*(place: string) {
  const files = yield* findFiles(undefined, place)
  const held = files.filter(({ name }) => sideOfFile(name) === "held")
  const isSplit = files.length > 1 && held.length > 0
  return { held: isSplit ? held : files, train: isSplit ? files.filter((file) => !held.includes(file)) : [] }
})

export const readRowsOf = ({ name, path }: ViewedFile, take: TakeRow) =>
  name.endsWith(".md") ? readExample(path, take) : readRows(path, take)

const readRows = Effect.fnUntraced(function*(path: string, take: TakeRow) {
  const file = yield* (yield* Reader).open(path)
  yield* Stream.runForEach(file.scan({ from: 0, holding: null }), (batch) =>
    Effect.sync(() => {
      for (const { index, row } of batch) {
        if (row._tag === "malformed") take(noEvaluationRow(row.reason), index, nothingTold)
        else {
          const format = textOf(valueIn(row.value, "format")) ?? ""
          take(readKeystrokeRow(row.value) ?? readEvaluationRow(row.value), index, {
            isWhole: languageToParse(row.value) !== null,
            format
          })
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
