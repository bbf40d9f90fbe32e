/** The rows that pass a test, found as they are asked for and remembered. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { CannotReadRows, NumberedRow, RowFile } from "../../services/Reader.ts"
import { heldBy, isMatch } from "../../services/rows/fields.ts"
import type { Filter } from "./model.ts"

/** What a row must have to be among the matches. */
export interface RowTest {
  /** A text that each row holds which passes, so that others need not be read; null for none. */
  readonly holding: string | null
  readonly passes: (row: NumberedRow) => boolean
}

export interface Matches {
  /** Number of the nth row that passes, from 0; undefined when there are fewer. */
  readonly nth: (number: number) => Effect.Effect<number | undefined, CannotReadRows>
  /** How many were found so far. */
  readonly found: () => number
  /** The numbers of those that were found so far, in order. Not to be changed. */
  readonly rows: () => ReadonlyArray<number>
  /** All rows before this one were tried; Infinity for all rows of the file. */
  readonly reach: () => number
  /** Finds all of them. */
  readonly all: Effect.Effect<void, CannotReadRows>
  /** The first match at or behind a row, and the last one before it; its place among the matches comes with it. */
  readonly following: (row: number) => Effect.Effect<Match | undefined, CannotReadRows>
  readonly preceding: (row: number) => Effect.Effect<Match | undefined, CannotReadRows>
}

export interface Match {
  readonly row: number
  readonly place: number
}

/** The rows whose field holds a value. */
export const makeMatches = (file: RowFile, { key, value }: Filter): Matches =>
  matchesOf(file, {
    holding: heldBy(value),
    passes: ({ row }) => row._tag === "row" && isMatch(row, key, value)
  })

/** The rows that pass a test. Several may ask at the same time: the file is read once for all of them. */
export const matchesOf = (file: RowFile, { holding, passes }: RowTest): Matches => {
  const rows: Array<number> = []
  const scanned = { to: 0 }
  const turn = Effect.unsafeMakeSemaphore(1)
  // What is known already waits for nobody.
  const until = (isEnough: () => boolean) =>
    Effect.suspend(() => (isEnough() || scanned.to === Infinity ? Effect.void : turn.withPermits(1)(search(isEnough))))
  const search = (isEnough: () => boolean) =>
    Effect.suspend(() => {
      if (isEnough() || scanned.to === Infinity) return Effect.void
      return file.scan({ from: scanned.to, holding }).pipe(
        Stream.takeUntil((batch) => {
          for (const row of batch) if (passes(row)) rows.push(row.index)
          scanned.to = (batch.at(-1)?.index ?? scanned.to - 1) + 1
          return isEnough()
        }),
        // In this version of Effect, runForEachWhile keeps all batches in memory; this does not.
        Stream.runDrain,
        // Where it stopped because it had enough, there may be more.
        Effect.tap(() => Effect.sync(() => scanned.to = isEnough() ? scanned.to : Infinity))
      )
    })
  const at = (place: number): Match | undefined => {
    const row = rows[place]
    return row === undefined ? undefined : { row, place }
  }
  return {
    found: () => rows.length,
    rows: () => rows,
    reach: () => scanned.to,
    all: until(() => false),
    nth: (number) => Effect.map(until(() => rows.length > number), () => rows[number]),
    following: (row) => Effect.map(until(() => (rows.at(-1) ?? -1) >= row), () => at(placeInMatches(rows, row))),
    preceding: (row) => Effect.map(until(() => scanned.to >= row), () => at(placeInMatches(rows, row) - 1))
  }
}

/** Returns how many of the numbers, which ascend, are smaller than `row`. */
export const placeInMatches = (rows: ReadonlyArray<number>, row: number): number => {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle] ?? 0) < row) low = middle + 1
    else high = middle
  }
  return low
}
