/** The one worker entry: takes the messages of a thread and answers them, until it is told that there are no more. */
import { parentPort } from "node:worker_threads"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type JobMessage, type JobReply, noMoreJobs } from "../layers/compute/WorkerCompute.ts"
import { JobFailed, tagOf } from "../services/Compute.ts"
import { jobTable } from "./job-table.ts"

/** The buffers of an answer's records: they move to the asker instead of being copied. */
const buffersOf = (reply: JobReply): ReadonlyArray<ArrayBuffer> => {
  const output = "output" in reply ? reply.output : undefined
  const records = typeof output === "object" && output !== null && "records" in output ? output.records : undefined
  const buffers = new Set<ArrayBuffer>()
  for (const record of Array.isArray(records) ? records : []) {
    if (record.json?.buffer instanceof ArrayBuffer) buffers.add(record.json.buffer)
  }
  return [...buffers]
}

if (parentPort !== null) {
  const port = parentPort
  const table = Effect.runSync(jobTable)
  port.on("message", (message: JobMessage | typeof noMoreJobs) => {
    if (message === noMoreJobs) process.exit(0)
    const handler = table[message.job]
    const answer = handler === undefined
      ? new JobFailed({ job: message.job, detail: "there is no such job" })
      // The name and the input come from one Job value, whose types agree.
      : Effect.suspend(() => handler(message.input as never))
    Effect.runCallback(answer, {
      onExit: (exit) => {
        const reply: JobReply = exit._tag === "Success"
          ? { output: exit.value }
          : { failure: exit.cause.toString(), fault: tagOf(Option.getOrNull(Cause.failureOption(exit.cause))) }
        port.postMessage(reply, buffersOf(reply))
      }
    })
  })
}
