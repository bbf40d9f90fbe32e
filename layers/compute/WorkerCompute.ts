/**
 * Compute over a pool of worker threads. Threads start when work comes, so a small run pays for one only;
 * each has one job at a time, and ends with the scope.
 */
import { Worker } from "node:worker_threads"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Pool from "effect/Pool"
import { Compute, JobFailed } from "../../services/Compute.ts"

/** What a worker is sent, and what it answers. */
export interface JobMessage {
  readonly job: string
  readonly input: unknown
}
export type JobReply = { readonly output: unknown } | { readonly failure: string }

export interface WorkerPoolOptions {
  /** Address of the worker's entry, from the composition root. */
  readonly worker: URL
  readonly concurrency: number
}

export const layer = (options: WorkerPoolOptions): Layer.Layer<Compute> =>
  Layer.scoped(
    Compute,
    Effect.gen(function*() {
      const pool = yield* Pool.makeWithTTL({
        acquire: Effect.acquireRelease(
          // What Node was told of a caller's program, as "--input-type", is not meant for the worker.
          Effect.sync(() => new Worker(options.worker, { resourceLimits, execArgv: [] })),
          (worker) => Effect.promise(() => worker.terminate())
        ),
        min: 0,
        max: options.concurrency,
        timeToLive: "30 seconds"
      })

      const run: Compute["Type"]["run"] = (job, input, transfer = []) =>
        Effect.scoped(Effect.gen(function*() {
          const worker = yield* pool.get
          const reply = yield* ask(worker, { job: job.name, input }, transfer).pipe(
            Effect.onError(() => pool.invalidate(worker))
          )
          if ("failure" in reply) return yield* new JobFailed({ job: job.name, detail: reply.failure })
          // The job's own type says what its handler gives; structured cloning keeps it.
          return reply.output as never
        }))

      return Compute.of({ concurrency: options.concurrency, run })
    })
  )

/** Threads parse and drop much: a small nursery is emptied often and keeps a pool of threads from filling the memory. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 }

const ask = (
  worker: Worker,
  message: JobMessage,
  transfer: ReadonlyArray<ArrayBuffer>
): Effect.Effect<JobReply, JobFailed> =>
  Effect.async<JobReply, JobFailed>((resume) => {
    const forget = () => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit)
    }
    const onMessage = (reply: JobReply) => {
      forget()
      resume(Effect.succeed(reply))
    }
    const fail = (detail: string) => {
      forget()
      resume(new JobFailed({ job: message.job, detail }))
    }
    const onError = (cause: Error) => fail(cause.message)
    const onExit = (code: number) => fail(`its thread ended with code ${code}`)
    worker.on("message", onMessage).on("error", onError).on("exit", onExit)
    worker.postMessage(message, transfer)
    // A thread that is still busy with an answer nobody waits for must not serve the next caller.
    return Effect.promise(() => {
      forget()
      return worker.terminate()
    })
  })
