/** The layers that tasks over code run on, each loaded when it is built. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { lazyLayer } from "./lazy-layer.ts"
import { Tool } from "./tool.ts"

/** Git alone. */
export const gitLayer = lazyLayer(async () => (await import("../../layers/git/SimpleGit.ts")).layer)
/** Syntax trees alone. */
export const parserLayer = lazyLayer(async () => (await import("../../layers/parser/TreeSitterParser.ts")).layer)

/** Worker threads: as many as the user says, or one for each core. */
const compute = (threads: number | undefined, started = 0) =>
  Layer.unwrapEffect(
    Effect.map(Tool, ({ cores, workerEntry: worker }) =>
      lazyLayer(async () =>
        (await import("../../layers/compute/WorkerCompute.ts")).layer({
          worker,
          concurrency: threads ?? cores,
          started
        })
      ))
  )

/** Git and worker threads; so many of these start before anything is known to do, beside what plans it. */
export const miningLayers = (threads: number | undefined, started = 0) =>
  Layer.merge(gitLayer, compute(threads, started))

/** Git, and the index over worker threads and a parser of its own. */
export const indexLayers = (threads: number | undefined) =>
  lazyLayer(async () => (await import("../../layers/index/InvertedIndex.ts")).layer).pipe(
    Layer.provide(Layer.merge(parserLayer, compute(threads))),
    Layer.merge(gitLayer)
  )
