/** The figures of a file of rows, as they are sent and shown. */
import type { Quantiles } from "./spread.ts"

/** The figures of one file of rows. */
export interface FileStats {
  readonly rows: number
  /** Rows that could not be looked at, and how many of them by what is wrong with them. */
  readonly malformed: number
  readonly faults: Readonly<Record<string, number>>
  readonly shapes: Readonly<Record<string, number>>
  /** For each field that tells rows apart, how many rows have each value. */
  readonly fields: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** UTF-16 units of what is trained on of a row: its question and its longest answer. */
  readonly length: Quantiles
  /** How many rows have a length of at least this power of two, and less than the next. */
  readonly lengths: Readonly<Record<string, number>>
}

/** Returns what a value of a field is called among its counts: an empty text says nothing. */
export const valueName = (value: string): string => (value === "" ? "(none)" : value)
