/** Jobs for the Compute contract, as a table and as a worker's entry of its own. */
import { parentPort, threadId } from "node:worker_threads"
import * as Effect from "effect/Effect"
import { JobFailed, type JobTable, tagOf } from "../../services/Compute.ts"
import { NoSuchRevision } from "../../services/Git.ts"

export const testJobs: JobTable = {
  "test.double": (input: number) => Effect.succeed(2 * input),
  "test.measure": (input: Uint8Array) => Effect.succeed(input.byteLength),
  "test.fail": (input: string) => new JobFailed({ job: "test.fail", detail: input }),
  "test.thread": () => Effect.succeed(threadId),
  "test.forever": () => Effect.never,
  "test.refuse": () => new NoSuchRevision({ repository: "toy", rev: "none" }),
  "test.exit": () => Effect.sync(() => process.exit(3)),
  "test.hoard": () =>
    Effect.sync(() => {
      const hoard: Array<ReadonlyArray<number>> = []
      for (;;) hoard.push(Array.from({ length: 10_000 }, Math.random))
    })
}

if (parentPort !== null) {
  const port = parentPort
  port.on("message", ({ input, job }: { readonly job: string; readonly input: never }) => {
    const handler = testJobs[job]
    Effect.runCallback(
      handler === undefined ? new JobFailed({ job, detail: "there is no such job" }) : handler(input),
      {
        onExit: (exit) =>
          port.postMessage(
            exit._tag === "Success" ? { output: exit.value } : {
              failure: exit.cause.toString(),
              fault: tagOf(exit.cause._tag === "Fail" ? exit.cause.error : null)
            }
          )
      }
    )
  })
}
