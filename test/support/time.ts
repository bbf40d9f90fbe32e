/** Time in tests whose clock stands still. */
import * as Effect from "effect/Effect"
import * as TestClock from "effect/TestClock"

/** A moment of real time, in which files are read and answers come. */
export const moment = Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 2)))

/** Lets a second pass at every moment until the work is done: what sleeps between tries is not waited for. */
export const hurried = <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.raceFirst(work, Effect.forever(Effect.zipRight(moment, TestClock.adjust("1 second"))))
