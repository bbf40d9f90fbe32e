/** What a run lost on its way: worker threads and git processes, each replaced by the next try. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { JobFailed, WorkerLost } from "../../../services/Compute.ts"
import { GitLost } from "../../../services/Git.ts"

/** Counted as it happens; one of it for each run. */
export interface Losses {
  workers: number
  gits: number
  /** Threads that were lost since the last work that ended well. */
  workersInARow: number
}

export const noLosses = (): Losses => ({ workers: 0, gits: 0, workersInARow: 0 })

/** So many threads lost in a row are the machine's fault: a single bad unit among thousands costs fewer. */
const hopelessInARow = 40

/** Whether threads are lost whatever they work on, so that nothing more should be left out for it. */
export const isHopeless = ({ workersInARow }: Losses): boolean => workersInARow >= hopelessInARow

/** What a failure lost, or undefined for one that would come again. */
const lossOf = (failure: unknown): "worker" | "git" | undefined => {
  if (failure instanceof WorkerLost) return "worker"
  // A job that asks git on its own thread ends with what became of that.
  const isGit = failure instanceof GitLost || (failure instanceof JobFailed && failure.fault === "GitLost")
  return isGit ? "git" : undefined
}

/** The first wait; a machine that is short of memory needs a moment. */
const firstWait = "50 millis"

const again = (times: number) =>
  Schedule.exponential(firstWait).pipe(Schedule.jittered, Schedule.intersect(Schedule.recurs(times)))

/**
 * Tries again what failed because something was lost, and counts it: a git process is at fault itself and is replaced
 * up to four times, a thread was perhaps ended by its work and is replaced once.
 */
export const replaceLosses = (lost: Losses) => <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  work.pipe(
    Effect.tapBoth({
      onFailure: (failure) => Effect.sync(() => count(lost, failure)),
      onSuccess: () => Effect.sync(() => lost.workersInARow = 0)
    }),
    Effect.retry({ while: (failure) => lossOf(failure) === "git", schedule: again(4) }),
    Effect.retry({ while: (failure) => lossOf(failure) === "worker", schedule: again(1) })
  )

/** Failures that were counted: all that waited for one process fail of the same. */
const counted = new WeakSet<object>()

const count = (lost: Losses, failure: unknown): void => {
  const loss = lossOf(failure)
  if (loss === undefined || counted.has(Object(failure))) return
  counted.add(Object(failure))
  if (loss === "git") lost.gits++
  else {
    lost.workers++
    lost.workersInARow++
  }
}
