/** The rows of a file that a person did not drop, as JSON Lines: each keeps the text that it has. */
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { CannotReadRows, RowFile } from "../../services/Reader.ts"
import type { Labels } from "./labels.ts"
import type { RowTest } from "./matches.ts"

/** How many rows there were, by what was said of them. */
export interface KeptCounts {
  keep: number
  drop: number
  none: number
  /** Rows that cannot be read; none of them is kept. */
  broken: number
}

export interface KeptOptions {
  readonly test: RowTest
  /** Whether rows without a label are left out. */
  readonly onlyKept: boolean
  /** Counts on as rows come. */
  readonly counts: KeptCounts
}

const encoder = new TextEncoder()

/** Gives the lines of the rows that pass and are kept, a batch at a time. */
export const keptRows = (
  file: RowFile,
  labels: Labels,
  { counts, onlyKept, test }: KeptOptions
): Stream.Stream<Uint8Array, CannotReadRows> =>
  Stream.filterMap(file.scan({ from: 0, holding: test.holding }), (batch) => {
    const lines = batch.flatMap((numbered) => {
      if (!test.passes(numbered)) return []
      const { index, row } = numbered
      const label = row._tag === "malformed" ? "broken" : labels.of(index, row) ?? "none"
      counts[label]++
      return label === "keep" || (label === "none" && !onlyKept) ? [`${row.text}\n`] : []
    })
    return lines.length === 0 ? Option.none() : Option.some(encoder.encode(lines.join("")))
  })
