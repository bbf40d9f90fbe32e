/** The files of rows that models are judged by, and their rows, whatever set they are of. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { parseExampleSpec } from "../../services/evaluation-sets/example-spec.ts"
import { rowOfExampleSpec } from "../../services/evaluation-sets/example-spec-row.ts"
import { type KeystrokeRow, readKeystrokeRow } from "../../services/evaluation-sets/keystroke-row.ts"
import { type EvaluationRow, type NoEvaluationRow, noEvaluationRow } from "../../services/evaluation-sets/row.ts"
import { readEvaluationRow } from "../../services/evaluation-sets/sets.ts"
import { languageToParse } from "../../services/measures/score.ts"
import { type CannotReadRows, type NumberedRow, Reader } from "../../services/Reader.ts"
import { textOf, valueIn } from "../../services/rows/fields.ts"
import { sideOfFile } from "../../services/rows/tables.ts"
import { CannotReadInput } from "../shared/problems.ts"
import { findFiles, type ViewedFile } from "../shared/row-files.ts"
import type { TestRow } from "./test-row.ts"

/** A row of a file. */
export interface RowOfFile {
  readonly row: EvaluationRow | KeystrokeRow | NoEvaluationRow
  /** Its number in the file, from 0. */
  readonly index: number
  /** What else the file tells of it. */
  readonly told: Pick<TestRow, "isWhole" | "format">
}

const nothingTold = { isWhole: false, format: "" }

/** Names of files that are trained on, whoever wrote them. */
const trainedOn = /(?:^|[-_.])train(?:ing)?(?:[-_.]|$)/i

/**
 * A file that is named is asked, whatever its name says. Of a folder it is what is held out by its name, or else what is not
 * to be trained on by its name; the rest are rows to train on.
 */
export const sidesAt = Effect.fnUntraced(function*(place: string) {
  const files = yield* filesAt(place)
  const [first] = files
  if (first !== undefined && files.length === 1 && first.path === (yield* Path.Path).resolve(place)) {
    return { held: files, train: [] }
  }
  const named = files.filter(({ name }) => sideOfFile(name) === "held")
  const held = named.length > 0 ? named : files.filter(({ name }) => !trainedOn.test(name))
  if (held.length === 0 && first !== undefined) {
    return yield* new CannotReadInput({
      path: place,
      detail: `no file of it is held out; name a file itself to ask rows to train on, such as ${first.path}`
    })
  }
  return { held, train: files.filter((file) => !held.includes(file)) }
})

/** Files of rows; of a folder that has none, Zed's examples. */
const filesAt = (place: string) =>
  Effect.catchTag(findFiles(undefined, place), "CannotReadInput", (failure) =>
    Effect.gen(function*() {
      const fs = yield* FileSystem.FileSystem
      const path = yield* Path.Path
      const names = yield* Effect.orElseSucceed(fs.readDirectory(place), (): ReadonlyArray<string> => [])
      const examples = names.filter(isExample).sort()
      if (examples.length === 0) return yield* failure
      return examples.map((name): ViewedFile => ({ name, path: path.join(path.resolve(place), name) }))
    }))

const isExample = (name: string): boolean => name.endsWith(".md")

type RowsOfFile = Stream.Stream<
  ReadonlyArray<RowOfFile>,
  CannotReadRows | CannotReadInput,
  Reader | FileSystem.FileSystem
>

/** Returns the rows of a file, in batches. */
export const rowBatchesOf = ({ name, path }: ViewedFile): RowsOfFile => isExample(name) ? exampleAt(path) : rowsAt(path)

/** Takes the rows of a file one by one. */
export const readRowsOf = (file: ViewedFile, take: (read: RowOfFile) => void) =>
  Stream.runForEach(rowBatchesOf(file), (batch) => Effect.sync(() => batch.forEach(take)))

const rowsAt = (path: string): RowsOfFile =>
  Stream.unwrapScoped(Effect.gen(function*() {
    const file = yield* (yield* Reader).open(path)
    return Stream.map(file.scan({ from: 0, holding: null }), (batch) => batch.map(readNumbered))
  }))

const readNumbered = ({ index, row }: NumberedRow): RowOfFile =>
  row._tag === "malformed"
    ? { row: noEvaluationRow(row.reason), index, told: nothingTold }
    : {
      row: readKeystrokeRow(row.value) ?? readEvaluationRow(row.value),
      index,
      told: {
        isWhole: languageToParse(row.value) !== null,
        format: textOf(valueIn(row.value, "format")) ?? ""
      }
    }

/** Zed's examples are a file each. */
const exampleAt = (path: string): RowsOfFile =>
  Stream.fromEffect(Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const text = yield* Effect.mapError(
      fs.readFileString(path),
      () => new CannotReadInput({ path, detail: "there is no such file" })
    )
    const spec = parseExampleSpec(text)
    const row = typeof spec === "string" ? noEvaluationRow(spec) : rowOfExampleSpec(spec)
    return [{ row, index: 0, told: nothingTold }]
  }))
