/** The jobs of lintseq as they cross to a worker thread: their names, inputs and output. */
import { job } from "../../services/Compute.ts"
import type { Ledger } from "../../services/rows/ledger.ts"
import type { Contents } from "../shared/dataset-run/contents.ts"
import type { LintseqSettings } from "./settings.ts"

/** Some rows of JSON Lines. */
export interface RowsInput {
  readonly settings: LintseqSettings
  /** What rows name as their file. */
  readonly source: string
  /** Number of each row in the input, blank lines not counted. */
  readonly indices: ReadonlyArray<number>
  /** The rows, each with its "\n". */
  readonly bytes: Uint8Array
}

/** Some files, each one program. */
export interface FilesInput {
  readonly settings: LintseqSettings
  readonly repository: string
  readonly commit: string | null
  readonly files: ReadonlyArray<FileProgram>
}

export interface FileProgram {
  readonly index: number
  readonly path: string
  readonly language: string
  /** The content, or why there is none. */
  readonly bytes: Uint8Array | string
}

/** Some files as their commits made them. */
export interface HistoriesInput {
  readonly settings: LintseqSettings
  readonly repository: string
  readonly histories: ReadonlyArray<FileHistory>
  readonly contents: Contents
}

export interface FileHistory {
  readonly index: number
  /** The newest path. */
  readonly path: string
  readonly language: string
  /** Oldest first. */
  readonly versions: ReadonlyArray<{ readonly commit: string; readonly subject: string; readonly blob: string }>
}

export interface LintseqOutput {
  /** Rows as JSON Lines. */
  readonly rows: Uint8Array
  /** What was left out, as JSON Lines; empty unless it was asked for. */
  readonly rejected: Uint8Array
  readonly ledger: Ledger
}

export const rowsJob = job<RowsInput, LintseqOutput>("lintseq.rows")
export const filesJob = job<FilesInput, LintseqOutput>("lintseq.files")
export const historiesJob = job<HistoriesInput, LintseqOutput>("lintseq.histories")

/** What the rows of a file say of where it stands. */
export const placeOfFile = (
  { commit, repository }: Pick<FilesInput, "repository" | "commit">,
  { index, language, path }: Omit<FileProgram, "bytes">
) => ({ index, source_file: path, repo: repository, commit: commit ?? "", language })

/** What the rows of a file's history say of where it stands: its newest commit, and its newest path. */
export const placeOfHistory = (repository: string, { index, language, path, versions }: FileHistory) => ({
  index,
  source_file: path,
  repo: repository,
  commit: versions[versions.length - 1]?.commit ?? "",
  language
})
