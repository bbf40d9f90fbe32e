/**
 * Reader: rows of a file at random or in a stream, however large the file is: the first row is there before the file was
 * looked through, and what was counted grows behind it.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import { ExitCode } from "./faults/exit-code.ts"

export class Reader extends Context.Tag("retrace/Reader")<Reader, {
  /** Opens a file of rows; it may grow while it is open, and rows behind its end at that time are not seen. */
  readonly open: (path: string) => Effect.Effect<RowFile, CannotReadRows, Scope.Scope>
}>() {}

export interface RowFile {
  readonly path: string
  /** Size of the file. */
  readonly bytes: number
  /** Rows that are counted so far, and whether these are all. */
  readonly known: () => { readonly rows: number; readonly isComplete: boolean }
  /** Waits until all rows are counted, and gives their number. */
  readonly count: Effect.Effect<number, CannotReadRows>
  /** A row by its number, from 0; null behind the last one. Waits until so many are counted. */
  readonly row: (index: number) => Effect.Effect<FileRow | null, CannotReadRows>
  /** Number of the first row from `from` on that holds a text, as its file has it; null when none does. */
  readonly find: (text: string, from: number) => Effect.Effect<number | null, CannotReadRows>
  /**
   * Rows from `from` on, in order and in batches. With `holding`, rows that do not hold that text need not come: it saves
   * reading them, and is no filter.
   */
  readonly scan: (options: {
    readonly from: number
    readonly holding: string | null
  }) => Stream.Stream<ReadonlyArray<NumberedRow>, CannotReadRows>
}

/** What stands where a row should: a value, or a text that is no JSON. */
export type FileRow =
  | { readonly _tag: "row"; readonly value: unknown }
  | { readonly _tag: "malformed"; readonly text: string }

export interface NumberedRow {
  readonly index: number
  readonly row: FileRow
}

/** The file is not there, or is no file of rows. */
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
