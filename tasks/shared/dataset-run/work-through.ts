/** Works items through on all threads. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Compute } from "../../../services/Compute.ts"
import type { Item, WorkFailed } from "./item.ts"
import type { Losses } from "./losses.ts"

/** What became of an item: its output, or nothing for one that was done before. */
export interface Worked<Output> {
  readonly item: number
  readonly size: number
  readonly output: Output | undefined
}

export interface WorkOptions {
  readonly lost: Losses
  /** Whether an item was done before, by its number. */
  readonly isDone: (item: number) => boolean
  /** Whether outputs come in the order of their items; else each comes when it is there. */
  readonly isOrdered: boolean
}

/** Gives what the items give; one more is under way than there are threads, so that none waits for its next. */
export const workThrough = <Output, E, R>(
  items: Stream.Stream<Item<Output>, E, R>,
  { isDone, isOrdered, lost }: WorkOptions
): Stream.Stream<Worked<Output>, E | WorkFailed, R | Compute> =>
  Stream.unwrap(Effect.map(Compute, ({ concurrency }) =>
    items.pipe(
      Stream.rechunk(1),
      Stream.zipWithIndex,
      Stream.mapEffect(([{ size, work }, item]): Effect.Effect<Worked<Output>, WorkFailed, Compute> =>
        isDone(item)
          ? Effect.succeed({ item, size, output: undefined })
          : Effect.map(work(lost), (output) => ({ item, size, output })), {
        concurrency: concurrency + 1,
        unordered: !isOrdered
      })
    )))
