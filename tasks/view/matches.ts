/** The rows that pass a filter, found as they are asked for and remembered. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { CannotReadRows, RowFile } from "../../services/Reader.ts"
import { heldBy, isMatch } from "../../services/rows/fields.ts"
import type { Filter } from "./model.ts"

export interface Matches {
  /** Number of the nth row that passes, from 0; undefined when there are fewer. */
  readonly nth: (number: number) => Effect.Effect<number | undefined, CannotReadRows>
  /** How many were found so far. */
  readonly found: () => number
  /** The first match at or behind a row, and the last one before it; its place among the matches comes with it. */
  readonly following: (row: number) => Effect.Effect<Match | undefined, CannotReadRows>
  readonly preceding: (row: number) => Effect.Effect<Match | undefined, CannotReadRows>
}

export interface Match {
  readonly row: number
  readonly place: number
}

export const makeMatches = (file: RowFile, { key, value }: Filter): Matches => {
  const rows: Array<number> = []
  const scanned = { to: 0 }
  const findNext = Effect.fnUntraced(function*() {
    const found = yield* file.scan({ from: scanned.to, holding: heldBy(value) }).pipe(
      Stream.mapConcat((batch) => batch),
      Stream.filter(({ row }) => row._tag === "row" && isMatch(row, key, value)),
      Stream.runHead
    )
    const index = Option.getOrUndefined(found)?.index
    scanned.to = index === undefined ? Infinity : index + 1
    if (index !== undefined) rows.push(index)
  })
  const until = (isEnough: () => boolean) =>
    Effect.gen(function*() {
      while (!isEnough() && scanned.to !== Infinity) yield* findNext()
    })
  const at = (place: number): Match | undefined => {
    const row = rows[place]
    return row === undefined ? undefined : { row, place }
  }
  return {
    found: () => rows.length,
    nth: (number) => Effect.map(until(() => rows.length > number), () => rows[number]),
    following: (row) =>
      Effect.map(until(() => (rows.at(-1) ?? -1) >= row), () => at(rows.findIndex((match) => match >= row))),
    preceding: (row) => Effect.map(until(() => scanned.to >= row), () => at(rows.findLastIndex((match) => match < row)))
  }
}
