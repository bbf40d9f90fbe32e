/**
 * Compute on this thread, one job at a time: for tests, and for runs too small for a worker. It never loses a thread.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Compute, JobFailed, type JobTable, tagOf } from "../../services/Compute.ts"

export const layer = (table: JobTable): Layer.Layer<Compute> =>
  Layer.sync(Compute, () => {
    const turn = Effect.unsafeMakeSemaphore(1)
    return Compute.of({
      concurrency: 1,
      run: (job, input, transfer = []) => {
        const handler = table[job.name]
        if (handler === undefined) return new JobFailed({ job: job.name, detail: "there is no such job" })
        const failed = (cause: unknown) =>
          new JobFailed({
            job: job.name,
            detail: cause instanceof Error ? cause.message : String(cause),
            fault: tagOf(cause)
          })
        // It is cloned as it would be for a thread, so that a job cannot keep or change what it was given.
        const work = Effect.suspend(() => handler(structuredClone(input, { transfer: [...transfer] }) as never)).pipe(
          Effect.catchAllDefect((defect) => Effect.fail(defect)),
          Effect.mapBoth({ onFailure: failed, onSuccess: (output) => structuredClone(output) as never })
        )
        return turn.withPermits(1)(work)
      }
    })
  })
