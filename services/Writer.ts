/**
 * Writer: turns the records of a run into whole files in a folder, or into none. Work is committed item by item, in any
 * order. What is safe on disk survives a kill, and the files come out the same however often the run was interrupted.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { ExitCode } from "./faults/exit-code.ts"
import type { OutputFormat } from "./formats/output-format.ts"
import type { Ledger } from "./rows/ledger.ts"

/** Writes the files of runs. */
export class Writer extends Context.Tag("retrace/Writer")<Writer, {
  /** Opens a folder for one run and holds its lock until the scope ends. */
  readonly openRun: (request: RunRequest) => Effect.Effect<Run, FolderTaken | CannotWrite, Scope.Scope>
  /**
   * Opens one file, and others beside it, for lines in the order in which they come; holds their lock until the scope
   * ends.
   */
  readonly openSequence: (
    request: SequenceRequest
  ) => Effect.Effect<Sequence, FolderTaken | CannotWrite, Scope.Scope>
}>() {}

/** Which run to open, and where. */
export interface RunRequest {
  readonly directory: string
  /** What the run was asked for; only an equal request resumes it. Plain JSON. */
  readonly identity: unknown
  /** Goes on with an unfinished run of the same identity, if there is one. */
  readonly resume: boolean
  /** Removes what another run left, finished or not: the files that it named as its own, and nothing else. */
  readonly overwrite: boolean
  /**
   * Names of the files of such a dataset: a folder that holds one of them but no run of ours belongs to somebody else.
   */
  readonly files: ReadonlyArray<string>
  /** How many bytes of records are held before they go to disk. */
  readonly bufferBytes: number
  /** How tables are written; each as one file of JSON Lines when this is left out. */
  readonly format?: OutputFormat
  /**
   * Folders of runs that kept what was committed to them: a fresh run begins with all of it, in whatever order they
   * come.
   */
  readonly parts?: ReadonlyArray<string>
}

/** A run that is open. */
export interface Run {
  /** Whether the run was sealed before: nothing is left to do. */
  readonly isSealed: boolean
  /** Whether it goes on with what an interrupted run left. */
  readonly isResumed: boolean
  /** Whether an item was committed, by this process or before the run was interrupted. */
  readonly isDone: (item: number) => boolean
  /** The sum of the ledgers of the committed items. */
  readonly ledger: () => Ledger
  /**
   * Adds the records of one item: all of them, or none; but one that holds half a surrogate pair, which no UTF-8 has, is
   * left out and counted in the stage "records".
   */
  readonly commit: (work: Work) => Effect.Effect<void, CannotWrite>
  /** Shows the committed records of some pools one by one, in no order. Call it after the last commit. */
  readonly look: (
    pools: ReadonlyArray<string>,
    see: (record: Pick<PooledRecord, "pool" | "mate" | "signature">) => void
  ) => Effect.Effect<void, CannotWrite>
  /**
   * Writes a file from the committed records. Call it after the last commit; doing so again after a kill is harmless.
   */
  readonly assemble: (table: Table) => Effect.Effect<TableSummary, CannotWrite>
  /** Writes a small file of JSON. */
  readonly writeDocument: (name: string, document: unknown) => Effect.Effect<void, CannotWrite>
  /** Writes a small file of text. */
  readonly writeText: (name: string, text: string) => Effect.Effect<void, CannotWrite>
  /** Puts all that was committed on disk, for a run that has this one's folder as a part. */
  readonly keep: Effect.Effect<void, CannotWrite>
  /**
   * Makes the files of a sequence in the folder the own files of the run: they are removed with it when it is
   * overwritten.
   */
  readonly adopt: (sequence: string) => Effect.Effect<void, CannotWrite>
  /**
   * Removes what only the run needed, and its lock, and gives "metadata.json" its name as the last step of all: where
   * that is, the folder is whole and nothing else of the run is left. The names of all its files are added to it, as
   * "written".
   */
  readonly seal: (metadata: Readonly<Record<string, unknown>>) => Effect.Effect<void, CannotWrite>
  /** Removes everything that the run has written so far; call it before anything is assembled. */
  readonly discard: Effect.Effect<void, CannotWrite>
}

/** What one item of a run gave. */
export interface Work {
  readonly item: number
  readonly records: ReadonlyArray<PooledRecord>
  readonly ledger: Ledger
}

/** A record that waits in a pool for its place in a file. */
export interface PooledRecord {
  /** Name of the pool, in the letters of a file name. */
  readonly pool: string
  /**
   * Orders the pool, ascending; letters and digits only, of one length in a pool. Of several records with one key
   * the first is written, the others are twins: take the key from what makes two records the same. Its last 16
   * characters are hex digits.
   */
  readonly key: string
  /** 16 hex digits; two records of one mate are not written next to each other where that can be helped. */
  readonly mate: string
  /**
   * The key that would contradict this record, or "": where a record of the same table has it, this one is left out.
   */
  readonly rival: string
  /** What it answers, each as 16 hex digits that are equal for records that answer the same; none is compared in "". */
  readonly answers: string
  /** What the record counts as in the summary of its file; no control characters. */
  readonly facet: string
  /** Where it comes from, which is counted beside its facet; no control characters. Counted nowhere where it is left out. */
  readonly source?: string
  /** What tells records that are nearly alike, as 224 hex digits; left out of one that is compared with none. */
  readonly signature?: string
  /** The record as one line of JSON in UTF-8, without a line end. */
  readonly json: Uint8Array
}

/** A table to write. */
export interface Table {
  /** Name of the file, such as "train_kto.jsonl", or an absolute path. */
  readonly name: string
  /** The pools that it is made of, interleaved in proportion to their sizes. */
  readonly pools: ReadonlyArray<string>
  /** Whether records name rivals, which are looked for among the keys of the first pool. */
  readonly hasRivals: boolean
  /** Pools of other tables: a record whose mate is in one of them is left out. */
  readonly apartFrom: ReadonlyArray<string>
  /** Pools of other tables: a record whose last answer is the last one of a record there is left out. None when left out. */
  readonly apartFromAnswers?: ReadonlyArray<string>
  /** How often the records of some pools may answer the same; null for no limit. */
  readonly repeats: Repeats | null
  /** The share of the records that is written, from the first on; 1 for all. */
  readonly share: number
  /**
   * Says why the records of a mate in a pool are left out, or undefined where they are not; of all pools that are named
   * here, before anything else is looked at but twins: nothing is left out on account of a record that is itself.
   */
  readonly reasonAgainst?: (pool: string, mate: string) => string | undefined
}

/** A limit for records that answer the same: of their mates the first `most` in the order of the digits stay. */
export interface Repeats {
  /** The pools that are counted together, those of the table among them: both sides of a split. */
  readonly pools: ReadonlyArray<string>
  /** At least 1. */
  readonly most: number
}

/** What was written as a table. */
export interface TableSummary {
  readonly rows: number
  /** Names of its files, in order; more than one for shards. */
  readonly files: ReadonlyArray<string>
  /** Records that equal another one by key. */
  readonly twins: number
  /** Records left out because their rival is in the table. */
  readonly contradicted: number
  /** Records left out because their mate is in a table that this one is kept apart from. */
  readonly shared: number
  /** Records left out because a table that this one is kept apart from holds their last answer. */
  readonly answered: number
  /** Records left out because too many others answer the same. */
  readonly repeated: number
  /** Records left out for the reasons that the table was given. */
  readonly refused: Readonly<Record<string, number>>
  /** Records beyond the share. */
  readonly past: number
  readonly bytes: number
  /** How many of the written records count as each facet. */
  readonly facets: Readonly<Record<string, number>>
  /** How many of the written records come from each source. */
  readonly sources: Readonly<Record<string, number>>
}

/** Which sequence to open, and where. */
export interface SequenceRequest {
  /** Absolute paths; what is kept while the sequence is unfinished is named after the first. */
  readonly paths: readonly [string, ...ReadonlyArray<string>]
  /** What was asked for; only an equal request resumes it. Plain JSON. */
  readonly identity: unknown
  /** Goes on with an unfinished sequence of the same identity, if there is one. */
  readonly resume: boolean
  /** Replaces files of the same names. */
  readonly overwrite: boolean
  /** How many bytes of lines are held before they go to disk. */
  readonly bufferBytes: number
  /** How the first path is written in the end; as one file of its name when this is left out. */
  readonly format?: OutputFormat
}

/** Files that grow item by item and get their names when all is there. */
export interface Sequence {
  /** Whether an equal sequence was finished before: nothing is left to do. */
  readonly isSealed: boolean
  /** Whether it goes on with what a broken sequence left. */
  readonly isResumed: boolean
  /** Number of the first item that is not safe; 0 at the start. */
  readonly next: number
  /** The sum of the ledgers of the items so far. */
  readonly ledger: () => Ledger
  /** What the items so far added to each file, in the order of the paths; a resumed run need not ask for it again. */
  readonly written: Effect.Effect<ReadonlyArray<Uint8Array>, CannotWrite>
  /**
   * Adds what item `next` gives to each file, in the order of the paths: lines with their ends, or nothing; lines that
   * hold half a surrogate pair are left out as those of a run are.
   */
  readonly append: (lines: ReadonlyArray<Uint8Array>, ledger: Ledger) => Effect.Effect<void, CannotWrite>
  /**
   * Gives the files their names and writes `metadata` to "<first path without .jsonl or .parquet>.metadata.json", last.
   * The names of the first path's files are added to it, as "written"; files of a replaced sequence that are not among
   * them go. `arrange` is given the lines of the first file and puts them into their final order: it returns as many
   * bytes.
   */
  readonly seal: (
    metadata: Readonly<Record<string, unknown>>,
    arrange?: (lines: Uint8Array) => Uint8Array
  ) => Effect.Effect<void, CannotWrite>
  /** Removes everything that was written; files that it would have replaced stay as they are. */
  readonly discard: Effect.Effect<void, CannotWrite>
}

const Difference = Schema.Struct({ name: Schema.String, was: Schema.Unknown, is: Schema.Unknown })
/**
 * A part of a run's identity, by its dotted name: what it was before and what is asked now; undefined where it is
 * absent.
 */
export type Difference = typeof Difference.Type

/** The folder holds another run, finished or not, or another process is writing there. */
export class FolderTaken extends Schema.TaggedError<FolderTaken>()("FolderTaken", {
  directory: Schema.String,
  detail: Schema.String,
  /** Where it holds a run that was to be resumed: in what that differs from the one asked. */
  differences: Schema.Array(Difference).pipe(Schema.propertySignature, Schema.withConstructorDefault(() => []))
}) {
  readonly exitCode = ExitCode.CannotWrite
  override get message() {
    return `Cannot write to "${this.directory}": ${this.detail}`
  }
}

/** The disk refused: there is no permission, no space, or no such folder. */
export class CannotWrite extends Schema.TaggedError<CannotWrite>()("CannotWrite", {
  path: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.CannotWrite
  override get message() {
    return `Cannot write "${this.path}": ${this.detail}`
  }
}
