/**
 * Reader: gives the rows of a file one by one or as a stream, however large the file is. The first row is there before
 * the rest of the file has been read; rows are counted in the background. What a file is is told by its bytes and not by
 * its name: JSON Lines, one JSON value or several, Parquet; packed by gzip or zstd; UTF-8 or UTF-16.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import { ExitCode } from "./faults/exit-code.ts"

/** Opens files of rows. */
export class Reader extends Context.Tag("retrace/Reader")<Reader, {
  /** Opens a file of rows. Rows that are appended while it is open are not seen. */
  readonly open: (path: string) => Effect.Effect<RowFile, CannotReadRows, Scope.Scope>
  /**
   * Gives the rows of an input as JSON Lines, in pieces that may end within a line: JSON Lines in UTF-8 as they are, all
   * else made so. Bounded memory, whatever the input is.
   */
  readonly lines: <E>(input: RowInput<E>) => Stream.Stream<Uint8Array, CannotReadRows | E>
}>() {}

/** What rows are read from as a stream: a file, or bytes under the name of where they come from. */
export type RowInput<E> =
  | { readonly _tag: "file"; readonly path: string }
  | { readonly _tag: "bytes"; readonly name: string; readonly bytes: Stream.Stream<Uint8Array, E> }

/** A file of rows that is open. */
export interface RowFile {
  readonly path: string
  /** Size of the file on the disk, in bytes. */
  readonly bytes: number
  /** How many rows were counted so far, and whether these are all. */
  readonly known: () => { readonly rows: number; readonly isComplete: boolean }
  /** Waits until all rows are counted, and gives their number. */
  readonly count: Effect.Effect<number, CannotReadRows>
  /** A row by its number, from 0; null behind the last one. Waits until the rows up to it are counted. */
  readonly row: (index: number) => Effect.Effect<FileRow | null, CannotReadRows>
  /** Number of the first row from `from` on whose line in the file holds a text; null when there is none. */
  readonly find: (text: string, from: number) => Effect.Effect<number | null, CannotReadRows>
  /**
   * Rows from `from` on, in order and in batches. With `holding`, rows that do not hold that text may be missing: this
   * saves reading them, but it is not a filter.
   */
  readonly scan: (options: {
    readonly from: number
    readonly holding: string | null
  }) => Stream.Stream<ReadonlyArray<NumberedRow>, CannotReadRows>
}

/** What is wrong with what stands where a row should be. */
export type RowFault = "no JSON" | "nested too deeply" | "not UTF-8" | "too long"

/**
 * What stands where a row should be: a value with the JSON text that it was read from, or a text that cannot be looked
 * at. The value has numbers as doubles and the last of doubled keys; the text has all digits and all keys.
 */
export type FileRow =
  | { readonly _tag: "row"; readonly value: unknown; readonly text: string }
  | { readonly _tag: "malformed"; readonly text: string; readonly reason: RowFault }

/** A row and its number in the file, from 0. */
export interface NumberedRow {
  readonly index: number
  readonly row: FileRow
}

/** The file is not there, or is not a file of rows. */
export class CannotReadRows extends Schema.TaggedError<CannotReadRows>()("CannotReadRows", {
  path: Schema.String,
  detail: Schema.String,
  isMissing: Schema.Boolean
}) {
  get exitCode() {
    return this.isMissing ? ExitCode.MissingInput : ExitCode.BadInput
  }
  override get message() {
    return `Cannot read "${this.path}": ${this.detail}`
  }
}
