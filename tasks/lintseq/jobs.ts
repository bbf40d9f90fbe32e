/** The jobs of lintseq as they cross to a worker thread: their names, inputs and output. */
import { job } from "../../services/Compute.ts"
import type { Ledger } from "../../services/rows/ledger.ts"
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
  readonly bytes: Uint8Array | null
}

/** Some files as their commits made them. */
export interface HistoriesInput {
  readonly settings: LintseqSettings
  readonly repository: string
  readonly histories: ReadonlyArray<FileHistory>
  /** Blobs by id; one that is not in it is missing. */
  readonly contents: ReadonlyMap<string, Uint8Array>
}

export interface FileHistory {
  readonly index: number
  /** The newest path. */
  readonly path: string
  readonly language: string
  /** Oldest first. */
  readonly versions: ReadonlyArray<{ readonly commit: string; readonly subject: string; readonly blob: string }>
}

export interface JobOutput {
  /** Rows as JSON Lines. */
  readonly rows: Uint8Array
  /** What was left out, as JSON Lines; empty unless it was asked for. */
  readonly rejected: Uint8Array
  readonly ledger: Ledger
}

export const rowsJob = job<RowsInput, JobOutput>("lintseq.rows")
export const filesJob = job<FilesInput, JobOutput>("lintseq.files")
export const historiesJob = job<HistoriesInput, JobOutput>("lintseq.histories")
