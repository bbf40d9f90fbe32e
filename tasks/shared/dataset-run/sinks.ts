/** Where a run puts what its items give: pools that become tables, or files that grow in order. */
import type * as Effect from "effect/Effect"
import type { Ledger } from "../../../services/rows/ledger.ts"
import type { CannotWrite, PooledRecord, Run, Sequence } from "../../../services/Writer.ts"

export interface Sink<Output> {
  /** What it writes, for a person. */
  readonly place: string
  /** Whether all of it was written before. */
  readonly isSealed: boolean
  /** Whether it goes on with what a broken run left. */
  readonly isResumed: boolean
  /** Whether it takes outputs only in the order of their items. */
  readonly isOrdered: boolean
  readonly isDone: (item: number) => boolean
  readonly take: (item: number, output: Output) => Effect.Effect<void, CannotWrite>
  /** How many rows it took, for the progress. */
  readonly rows: () => number
  readonly ledger: () => Ledger
  readonly seal: (metadata: Readonly<Record<string, unknown>>) => Effect.Effect<void, CannotWrite>
}

/** Takes records in any order: they find their place in the tables by their keys. */
export const poolSink = <Output extends { readonly records: ReadonlyArray<PooledRecord>; readonly ledger: Ledger }>(
  run: Run,
  place: string
): Sink<Output> => {
  let rows = 0
  return {
    place,
    isSealed: run.isSealed,
    isResumed: run.isResumed,
    isOrdered: false,
    isDone: run.isDone,
    take: (item, { ledger, records }) => {
      rows += records.length
      return run.commit({ item, records, ledger })
    },
    rows: () => rows,
    ledger: run.ledger,
    seal: run.seal
  }
}

/** Takes lines in the order of the items; `linesOf` tells what goes into each file. */
export const sequenceSink = <Output extends { readonly ledger: Ledger }>(
  sequence: Sequence,
  place: string,
  linesOf: (output: Output) => ReadonlyArray<Uint8Array>
): Sink<Output> => ({
  place,
  isSealed: sequence.isSealed,
  isResumed: sequence.isResumed,
  isOrdered: true,
  isDone: (item) => item < sequence.next,
  take: (_, output) => sequence.append(linesOf(output), output.ledger),
  rows: () => sequence.ledger()["rows"]?.kept ?? 0,
  ledger: sequence.ledger,
  seal: sequence.seal
})
