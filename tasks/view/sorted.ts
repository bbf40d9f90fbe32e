/** Rows in the order of one of their columns: one pass through the file finds what they are sorted by. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { RowFile } from "../../services/Reader.ts"
import { heldBy, isMatch } from "../../services/rows/fields.ts"
import type { Labels } from "./labels.ts"
import type { Matches } from "./matches.ts"
import type { Filter, Sorting } from "./model.ts"
import { sortKeyOf } from "./table.ts"

type SortKey = number | string | null

/** What stands before what: numbers, texts, and rows that have nothing, in whichever direction. */
const compareKeys = (a: SortKey, b: SortKey, sign: 1 | -1): number => {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  if (typeof a === "number" && typeof b === "number") return sign * (a - b)
  if (typeof a === "string" && typeof b === "string") return a === b ? 0 : a < b ? -sign : sign
  return typeof a === "number" ? -1 : 1
}

/** Gives the numbers of the rows that pass, sorted; equal ones in the order of the file. `tell` hears how far it is. */
export const sortRows = Effect.fn("view.sort")(function*(
  file: RowFile,
  filter: Filter | null,
  { column, sign }: Sorting,
  tell: (index: number) => void,
  labels: Labels | undefined
) {
  const keys: Array<SortKey> = []
  const indices: Array<number> = []
  yield* Stream.runForEach(
    file.scan({ from: 0, holding: filter === null ? null : heldBy(filter.value) }),
    (rows) =>
      Effect.sync(() => {
        for (const numbered of rows) {
          const { index, row } = numbered
          if (filter !== null && (row._tag !== "row" || !isMatch(row, filter.key, filter.value))) continue
          keys.push(labels === undefined ? sortKeyOf(numbered, column) : labels.of(index, row))
          indices.push(index)
        }
        tell(rows.at(-1)?.index ?? 0)
      })
  )
  const order = indices.map((_, place) => place)
  order.sort((a, b) => compareKeys(keys[a] ?? null, keys[b] ?? null, sign) || a - b)
  return order.map((place) => indices[place] ?? 0)
})

/** Rows that were sorted, to be gone through as those that pass a filter are. */
export const sortedMatches = (rows: ReadonlyArray<number>): Matches => {
  const matchAt = (place: number) => {
    const row = rows[place]
    return row === undefined ? undefined : { row, place }
  }
  return {
    nth: (number) => Effect.sync(() => rows[number]),
    found: () => rows.length,
    rows: () => rows,
    reach: () => Infinity,
    all: Effect.void,
    following: (row) => Effect.sync(() => matchAt(rows.indexOf(row))),
    preceding: () => Effect.sync(() => matchAt(rows.length - 1))
  }
}
