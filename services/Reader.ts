/**
 * Reader: gives the rows of a file one by one or as a stream, however large the file is. The first row is there before
 * the rest of the file has been read; rows are counted in the background.
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
}>() {}

/** A file of rows that is open. */
export interface RowFile {
  readonly path: string
  /** Size of the file, in bytes. */
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

/** What stands where a row should be: a value, or a text that is not JSON or nests too deeply to be looked at. */
export type FileRow =
  | { readonly _tag: "row"; readonly value: unknown }
  | { readonly _tag: "malformed"; readonly text: string; readonly reason: "no JSON" | "nested too deeply" }

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
