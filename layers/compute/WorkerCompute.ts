/**
 * Compute over a pool of worker threads. Threads start when there is work, so a small run pays for only one. Each has
 * one job at a time, and ends with the scope. A thread that ended is replaced when it is next needed.
 */
import { Worker } from "node:worker_threads"
import * as Effect from "effect/Effect"
import * as ExecutionStrategy from "effect/ExecutionStrategy"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Pool from "effect/Pool"
import * as Scope from "effect/Scope"
import { Compute, JobFailed, type RunJob, WorkerLost } from "../../services/Compute.ts"

/** What a worker is sent, and what it answers. */
export interface JobMessage {
  readonly job: string
  readonly input: unknown
}

/** What tells a worker that nothing more is asked of it, so that it ends in order. */
export const noMoreJobs = "no more jobs"

export type JobReply = { readonly output: unknown } | {
  readonly failure: string
  /** Tag of the failure, or "". */
  readonly fault: string
}

export interface WorkerPoolOptions {
  /** Address of the entry of the worker, which the composition root knows; values of its query are arguments. */
  readonly worker: URL
  readonly concurrency: number
  /** How many threads start at once, for work that is sure to come. */
  readonly started?: number
}

export const layer = (options: WorkerPoolOptions): Layer.Layer<Compute> =>
  Layer.scoped(
    Compute,
    Effect.gen(function*() {
      const pool = yield* Pool.makeWithTTL({
        acquire: Effect.acquireRelease(
          Effect.sync(() => startThread(options.worker)),
          endThread
        ),
        min: 0,
        max: options.concurrency,
        timeToLive: "30 seconds"
      })
      const started = Math.min(options.started ?? 0, options.concurrency)
      yield* Effect.forkScoped(
        Effect.forEach(Array.from({ length: started }), () => pool.get, { concurrency: "unbounded" }).pipe(
          Effect.scoped
        )
      )

      /** Gives undefined when the thread had ended before it was asked: the next one is asked instead. */
      const tryOnce = (message: JobMessage, transfer: ReadonlyArray<ArrayBuffer>) =>
        Effect.scoped(Effect.gen(function*() {
          const thread = yield* pool.get
          if (thread.hasEnded()) return yield* Effect.as(pool.invalidate(thread), undefined)
          return yield* Effect.onError(ask(thread.worker, message, transfer), () => pool.invalidate(thread))
        }))

      const run: Compute["Type"]["run"] = (job, input, transfer = []) =>
        Effect.gen(function*() {
          let reply: JobReply | undefined
          while (reply === undefined) reply = yield* tryOnce({ job: job.name, input }, transfer)
          return yield* outputOf(job.name, reply)
        })

      const oneThread = Effect.gen(function*() {
        const scope = yield* Effect.scope
        const turn = yield* Effect.makeSemaphore(1)
        let held: { readonly thread: Thread; readonly scope: Scope.CloseableScope } | undefined
        // It goes back to the pool before another one is asked for: the pool has no more than it may.
        const letGo = Effect.suspend(() => {
          const last = held
          held = undefined
          return last === undefined
            ? Effect.void
            : Effect.zipRight(pool.invalidate(last.thread), Scope.close(last.scope, Exit.void))
        })
        const take = Effect.gen(function*() {
          if (held !== undefined && !held.thread.hasEnded()) return held.thread
          yield* letGo
          const own = yield* Scope.fork(scope, ExecutionStrategy.sequential)
          const thread = yield* Scope.extend(pool.get, own)
          held = { thread, scope: own }
          return thread
        })
        const runHere: RunJob = (job, input, transfer = []) =>
          turn.withPermits(1)(Effect.gen(function*() {
            let thread = yield* take
            while (thread.hasEnded()) thread = yield* take
            const reply = yield* Effect.onError(ask(thread.worker, { job: job.name, input }, transfer), () => letGo)
            return yield* outputOf(job.name, reply)
          }))
        return runHere
      })

      return Compute.of({ concurrency: options.concurrency, run, oneThread })
    })
  )

const outputOf = (job: string, reply: JobReply): Effect.Effect<never, JobFailed> =>
  "failure" in reply
    ? new JobFailed({ job, detail: reply.failure, fault: reply.fault })
    // The type of the job says what its handler gives; structured cloning keeps it.
    : Effect.succeed(reply.output as never)

/**
 * Threads create and drop a lot: a small nursery is emptied often, and keeps a pool of threads from filling the memory.
 * A native parser that calls itself needs a deep stack; of that, only what was used takes memory.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 8, stackSizeMb: 256 }

interface Thread {
  readonly worker: Worker
  readonly hasEnded: () => boolean
}

const startThread = (entry: URL): Thread => {
  // What Node was told about the program of a caller, such as "--input-type", is not meant for the worker. The query of
  // an address does not reach a thread.
  const worker = new Worker(entry, { resourceLimits, execArgv: [], argv: [...entry.searchParams.values()] })
  let hasEnded = false
  // A thread may end while nobody is asking it anything; without a listener its error would end the program.
  worker.on("error", () => hasEnded = true).on("exit", () => hasEnded = true)
  return { worker, hasEnded: () => hasEnded }
}

/** How long a thread may take to end in order. */
const graceMillis = 500

const endThread = ({ hasEnded, worker }: Thread): Effect.Effect<void> =>
  Effect.async<void>((resume) => {
    if (hasEnded()) return resume(Effect.void)
    worker.once("exit", () => resume(Effect.void))
    worker.postMessage(noMoreJobs)
  }).pipe(
    Effect.timeout(graceMillis),
    Effect.catchAll(() => Effect.promise(() => worker.terminate()))
  )

const ask = (
  worker: Worker,
  message: JobMessage,
  transfer: ReadonlyArray<ArrayBuffer>
): Effect.Effect<JobReply, JobFailed | WorkerLost> =>
  Effect.async<JobReply, JobFailed | WorkerLost>((resume) => {
    const { job } = message
    const forget = () => {
      worker.off("message", onMessage).off("error", onError).off("exit", onExit)
    }
    const end = (reply: Effect.Effect<JobReply, JobFailed | WorkerLost>) => {
      forget()
      resume(reply)
    }
    const onMessage = (reply: JobReply) => end(Effect.succeed(reply))
    const onError = (cause: Error) =>
      end(
        "code" in cause && cause.code === "ERR_WORKER_OUT_OF_MEMORY"
          ? new WorkerLost({ job, detail: "its thread ran out of memory" })
          : new JobFailed({ job, detail: cause.message })
      )
    const onExit = (code: number) => end(new WorkerLost({ job, detail: `its thread ended with code ${code}` }))
    worker.on("message", onMessage).on("error", onError).on("exit", onExit)
    worker.postMessage(message, transfer)
    // A thread that is still busy with an answer for nobody must not serve the next caller.
    return Effect.promise(() => {
      forget()
      return worker.terminate()
    })
  })
