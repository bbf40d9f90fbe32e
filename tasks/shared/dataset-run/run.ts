/**
 * The dataset run, one for every task: what is planned is worked through item by item, each output goes where it
 * belongs, tables are made when all is there, and the metadata says last that it is whole.
 */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { isPlainOutput, type OutputFormat } from "../../../services/formats/output-format.ts"
import { addLedger, type Ledger, sortedLedger } from "../../../services/rows/ledger.ts"
import type { Item } from "./item.ts"
import { type RunListener, workedEvent } from "./listener.ts"
import type { Losses } from "./losses.ts"
import type { Sink } from "./sinks.ts"
import { workThrough } from "./work-through.ts"

/** What makes two runs the same: only an equal one is resumed. Plain JSON, in the order in which it is written. */
export interface Identity extends Readonly<Record<string, unknown>> {
  readonly task: string
  readonly version: string
  readonly settings: unknown
}

/** Adds the format of the files where it is not the plain one. */
export const identityOf = (parts: Identity, format: OutputFormat): Identity =>
  isPlainOutput(format) ? parts : { ...parts, format }

export interface DatasetRun<Output, Made, NotPlanned, NotRead, NotMade, R> {
  readonly identity: Identity
  /** Whether it was to go on with a broken run. */
  readonly resume: boolean
  readonly sink: Sink<Output>
  readonly lost: Losses
  /** What is to do, found out only where the sink does not hold all of it already. */
  readonly plan: Effect.Effect<DatasetPlan<Output, Made, NotRead, NotMade, R>, NotPlanned, R>
}

/** Work that is known. It may fail when its items are read, and when their tables are made. */
export interface DatasetPlan<Output, Made, NotRead, NotMade, R> {
  /** What was left out before any item. */
  readonly ledger: Ledger
  readonly items: Stream.Stream<Item<Output>, NotRead, R>
  /** Whether an item is done faster by the thread that did the one before it. */
  readonly isContinued?: boolean
  /** The sum of the items' sizes, as far as it is known; 0 where it is not. */
  readonly size: number
  readonly unit: string
  /** Makes what is made of all items together, and counts it in the ledger. */
  readonly finish: (ledger: Ledger) => Effect.Effect<Made, NotMade, R>
}

/** What the metadata tells beside the identity and the ledger. */
export interface Finished {
  /** What was written, by the names of the files. */
  readonly tables: Readonly<Record<string, unknown>>
  readonly notes: Readonly<Record<string, unknown>>
}

export interface DatasetOutcome<Made> {
  readonly ledger: Ledger
  readonly lost: Losses
  /** Nothing where the run was finished before. */
  readonly made: Made | undefined
}

export const runDataset = Effect.fn("shared.runDataset")(function*<
  Output,
  Made extends Finished,
  NotPlanned,
  NotRead,
  NotMade,
  R
>(
  { identity, lost, plan, resume, sink }: DatasetRun<Output, Made, NotPlanned, NotRead, NotMade, R>,
  listen: RunListener
) {
  if (sink.isSealed) {
    const nothing: DatasetOutcome<Made> = { ledger: sink.ledger(), lost, made: undefined }
    return nothing
  }
  if (resume && !sink.isResumed) yield* listen({ _tag: "began anew", place: sink.place })
  const work = yield* plan
  let done = 0
  yield* Stream.runForEach(
    workThrough(work.items, {
      lost,
      isDone: sink.isDone,
      isOrdered: sink.isOrdered,
      isContinued: work.isContinued === true
    }),
    ({ item, output, size }) =>
      Effect.gen(function*() {
        if (output !== undefined) yield* sink.take(item, output)
        done += size
        yield* listen(workedEvent(work, done, sink.rows()))
      })
  )
  yield* listen({ _tag: "writing" })
  const ledger: Ledger = {}
  addLedger(ledger, work.ledger)
  addLedger(ledger, sink.ledger())
  const made = yield* work.finish(ledger)
  const sorted = sortedLedger(ledger)
  yield* sink.seal({ identity, ...made.tables, ledger: sorted, ...made.notes })
  const outcome: DatasetOutcome<Made> = { ledger: sorted, lost, made }
  return outcome
})
