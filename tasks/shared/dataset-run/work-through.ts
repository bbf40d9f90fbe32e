/** Works items through on all threads. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
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
  /** Whether an item is done faster by the thread that did the one before it. */
  readonly isContinued?: boolean
}

/** Gives what the items give; one more is under way than there are threads, so that none waits for its next. */
export const workThrough = <Output, E, R>(
  items: Stream.Stream<Item<Output>, E, R>,
  { isContinued = false, isDone, isOrdered, lost }: WorkOptions
): Stream.Stream<Worked<Output>, E | WorkFailed, R | Compute> => {
  const workOn = ({ size, work }: Item<Output>, item: number): Effect.Effect<Worked<Output>, WorkFailed, Compute> =>
    isDone(item)
      ? Effect.succeed({ item, size, output: undefined })
      : Effect.map(work(lost), (output) => ({ item, size, output }))
  return Stream.unwrap(
    Effect.map(
      Compute,
      ({ concurrency, oneThread }) =>
        isContinued && !isOrdered && concurrency > 1 && oneThread !== undefined
          ? Stream.unwrap(Effect.map(Stream.runCollect(items), (all) =>
            inStretches([...all], concurrency, (of) =>
              Stream.unwrapScoped(Effect.map(oneThread, (run) =>
                // One is read while the one before it is worked on.
                Stream.mapEffect(
                  of,
                  ([work, item]) =>
                    Effect.provideService(workOn(work, item), Compute, Compute.of({ concurrency: 1, run })),
                  {
                    concurrency: 2
                  }
                ))))))
          : items.pipe(
            Stream.rechunk(1),
            Stream.zipWithIndex,
            Stream.mapEffect(([work, item]) =>
              workOn(work, item), {
              concurrency: concurrency + 1,
              unordered: !isOrdered
            })
          )
    )
  )
}

type Numbered<A> = readonly [item: A, number: number]

/**
 * Gives each of `count` workers a stretch of the items, which it does in their order. One that has done its own takes
 * the later half of the longest that is left.
 */
const inStretches = <A, B, E, R>(
  items: ReadonlyArray<A>,
  count: number,
  work: (of: Stream.Stream<Numbered<A>>) => Stream.Stream<B, E, R>
): Stream.Stream<B, E, R> => {
  const borderOf = (worker: number) => Math.floor(worker * items.length / count)
  const stretches = Array.from(
    { length: count },
    (_, worker) => ({ next: borderOf(worker), end: borderOf(worker + 1) })
  )
  const nextOf = (own: { next: number; end: number }): Numbered<A> | undefined => {
    if (own.next === own.end) {
      const longest = stretches.reduce((a, b) => b.end - b.next > a.end - a.next ? b : a)
      own.end = longest.end
      own.next = longest.end - Math.ceil((longest.end - longest.next) / 2)
      longest.end = own.next
    }
    const item = items[own.next]
    return item === undefined || own.next === own.end ? undefined : [item, own.next++]
  }
  return Stream.mergeAll(
    stretches.map((own) =>
      work(Stream.repeatEffectOption(Effect.suspend(() => {
        const next = nextOf(own)
        return next === undefined ? Effect.fail(Option.none()) : Effect.succeed(next)
      })))
    ),
    { concurrency: count }
  )
}
