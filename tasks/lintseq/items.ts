/** The items of lintseq: what a job takes of rows, files or histories at once. */
import * as Effect from "effect/Effect"
import { Compute } from "../../services/Compute.ts"
import type { GitFailed, GitLost, Repository } from "../../services/Git.ts"
import { addLedger, type Ledger } from "../../services/rows/ledger.ts"
import { readContents } from "../shared/dataset-run/contents.ts"
import { divisible, type Item, lostReason } from "../shared/dataset-run/item.ts"
import {
  type FileHistory,
  type FileProgram,
  filesJob,
  historiesJob,
  type LintseqOutput,
  placeOfFile,
  placeOfHistory,
  rowsJob
} from "./jobs.ts"
import { type InputRow, joinRows } from "./row-batches.ts"
import { type Columns, makeOutput } from "./rows.ts"
import type { LintseqSettings } from "./settings.ts"

/** Rows of JSON Lines. */
export const rowsItem = (
  settings: LintseqSettings,
  source: string,
  rows: ReadonlyArray<InputRow>
): Item<LintseqOutput> =>
  divisible({
    units: rows,
    run: (rows) =>
      Effect.flatMap(
        Compute,
        ({ run }) => run(rowsJob, { settings, source, indices: rows.map(({ index }) => index), bytes: joinRows(rows) })
      ),
    join,
    leaveOut: ({ index }) => leftOut(settings, { index, source_file: source })
  })

/** A file that is one program, before it is read. */
export type FileEntry = Omit<FileProgram, "bytes">

/** Files, which `read` reads: it gives them in their order. */
export const filesItem = (
  settings: LintseqSettings,
  place: { readonly repository: string; readonly commit: string | null },
  files: ReadonlyArray<FileEntry>,
  read: (
    files: ReadonlyArray<FileEntry>
  ) => Effect.Effect<ReadonlyArray<FileProgram>, GitFailed | GitLost>
): Item<LintseqOutput> =>
  divisible({
    units: files,
    run: Effect.fnUntraced(function*(entries) {
      const files = yield* read(entries)
      return yield* (yield* Compute).run(filesJob, { settings, ...place, files })
    }),
    join,
    leaveOut: (file) => leftOut(settings, placeOfFile(place, file))
  })

/** Histories of files, each whole: a version stands on the one before it. */
export const historiesItem = (
  settings: LintseqSettings,
  repository: Repository,
  histories: ReadonlyArray<FileHistory>
): Item<LintseqOutput> =>
  divisible({
    units: histories,
    run: Effect.fnUntraced(function*(histories) {
      const blobs = histories.flatMap(({ versions }) => versions.map(({ blob }) => blob))
      const { buffers, contents } = yield* readContents(repository, blobs)
      const input = { settings, repository: repository.name, histories, contents }
      return yield* (yield* Compute).run(historiesJob, input, buffers)
    }),
    join,
    leaveOut: (history) => leftOut(settings, placeOfHistory(repository.name, history))
  })

const join = (outputs: ReadonlyArray<LintseqOutput>): LintseqOutput => {
  const ledger: Ledger = {}
  for (const output of outputs) addLedger(ledger, output.ledger)
  return {
    rows: Buffer.concat(outputs.map(({ rows }) => rows)),
    rejected: Buffer.concat(outputs.map(({ rejected }) => rejected)),
    ledger
  }
}

const leftOut = (settings: LintseqSettings, place: Columns): LintseqOutput => {
  const output = makeOutput(settings)
  output.refuse(lostReason, place)
  return output.finish()
}
