/**
 * An item of a run's work, and how it is worked through whatever is lost on the way. One that ends its thread twice is
 * cut in halves until what ends threads stands alone; that is left out and counted, and the rest comes out as it would
 * have without it.
 */
import * as Effect from "effect/Effect"
import type { Compute, JobFailed, WorkerLost } from "../../../services/Compute.ts"
import type { GitFailed, GitLost } from "../../../services/Git.ts"
import { isHopeless, type Losses, replaceLosses } from "./losses.ts"

export type WorkFailed = GitFailed | GitLost | JobFailed | WorkerLost

export interface Item<Output> {
  /** How much of the run it is, in the unit of its progress. */
  readonly size: number
  readonly work: (lost: Losses) => Effect.Effect<Output, WorkFailed, Compute>
}

/** Work on some units, such as changes or files, that could be done on fewer of them. */
export interface DivisibleWork<Unit, Output> {
  readonly units: ReadonlyArray<Unit>
  /** Reads what the units need and runs their job. `earlier` is what the parts before gave, or null for the whole. */
  readonly run: (
    units: ReadonlyArray<Unit>,
    earlier: ReadonlyArray<Output> | null
  ) => Effect.Effect<Output, WorkFailed, Compute>
  /** Puts together what the parts gave, in their order. */
  readonly join: (outputs: ReadonlyArray<Output>) => Output
  /** What a unit gives that cannot be worked on. */
  readonly leaveOut: (unit: Unit) => Output
}

/** Why a unit was left out whose every thread was lost. */
export const lostReason = "lost its worker"

/** Makes an item of work that is cut where it ends its threads. */
export const divisible = <Unit, Output>(work: DivisibleWork<Unit, Output>): Item<Output> => ({
  size: work.units.length,
  work: (lost) =>
    Effect.map(
      workThrough(work, work.units, null, lost),
      (outputs) => outputs.length === 1 && outputs[0] !== undefined ? outputs[0] : work.join(outputs)
    )
})

const workThrough = <Unit, Output>(
  work: DivisibleWork<Unit, Output>,
  units: ReadonlyArray<Unit>,
  earlier: ReadonlyArray<Output> | null,
  lost: Losses
): Effect.Effect<ReadonlyArray<Output>, WorkFailed, Compute> =>
  replaceLosses(lost)(Effect.suspend(() => work.run(units, earlier))).pipe(
    Effect.map((output) => [output]),
    Effect.catchTag("WorkerLost", (failure) => {
      if (isHopeless(lost)) return Effect.fail(failure)
      const middle = units.length >> 1
      if (middle === 0) return Effect.succeed(units.map(work.leaveOut))
      return Effect.gen(function*() {
        const before = earlier ?? []
        const first = yield* workThrough(work, units.slice(0, middle), before, lost)
        const second = yield* workThrough(work, units.slice(middle), [...before, ...first], lost)
        return [...first, ...second]
      })
    })
  )
