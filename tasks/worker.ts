/** The one worker entry: a table of jobs that run in threads. */
import { parentPort } from "node:worker_threads"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import type { JobMessage, JobReply } from "../layers/compute/WorkerCompute.ts"
import { runFactsJob } from "../layers/index/facts-job.ts"
import { factsJob } from "../layers/index/jobs.ts"
import * as TreeSitterParser from "../layers/parser/TreeSitterParser.ts"
import { JobFailed, type JobTable } from "../services/Compute.ts"
import { Parser } from "../services/Parser.ts"
import { runHistoryJob } from "./generate/history-job.ts"
import { jobTools } from "./generate/job-tools.ts"
import { historyJob, treeJob } from "./generate/jobs.ts"
import { makeProjectContexts } from "./generate/project-contexts.ts"
import { runTreeJob } from "./generate/tree-job.ts"
import { lazyLayer } from "./shared/lazy-layer.ts"

/** What the index of this thread stands on; loaded when a job asks for it. */
const contextLayers = (parser: Parser["Type"]) => {
  const index = lazyLayer(async () => (await import("../layers/index/MemoryIndex.ts")).layer)
  const git = lazyLayer(async () => (await import("../layers/git/SimpleGit.ts")).layer)
  const compute = lazyLayer(async () =>
    (await import("../layers/compute/InPlaceCompute.ts")).layer({ [factsJob.name]: runFactsJob(parser) })
  )
  return Layer.merge(index, git).pipe(
    Layer.provide(Layer.merge(compute, Layer.succeed(Parser, parser))),
    Layer.provideMerge(Layer.merge(NodeFileSystem.layer, NodePath.layer))
  )
}

/** The jobs over the services of this thread. */
export const jobTable: Effect.Effect<JobTable> = Effect.gen(function*() {
  const parser = yield* Parser
  // For as long as the thread lives: an index moves from commit to commit, and is built once.
  const scope = yield* Scope.make()
  const contexts = yield* Effect.cached(Effect.provide(Scope.extend(makeProjectContexts, scope), contextLayers(parser)))
  const tools = jobTools((place) => Effect.flatMap(contexts, (contextAt) => contextAt(place)))
  return {
    [historyJob.name]: runHistoryJob(parser, tools),
    [treeJob.name]: runTreeJob(parser, tools),
    [factsJob.name]: runFactsJob(parser)
  }
}).pipe(Effect.provide(TreeSitterParser.layer))

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
  port.on("message", (message: JobMessage) => {
    const handler = table[message.job]
    const answer = handler === undefined
      ? new JobFailed({ job: message.job, detail: "there is no such job" })
      // The name and the input come from one Job value, whose types agree.
      : Effect.suspend(() => handler(message.input as never))
    Effect.runCallback(answer, {
      onExit: (exit) => {
        const reply: JobReply = exit._tag === "Success"
          ? { output: exit.value }
          : { failure: exit.cause.toString() }
        port.postMessage(reply, buffersOf(reply))
      }
    })
  })
}
