/** The layers that tasks over code run on, each loaded when it is built. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { lazyLayer } from "./lazy-layer.ts"
import { WrongUsage } from "./problems.ts"
import { Tool } from "./tool.ts"

/** Git alone. */
export const gitLayer = lazyLayer(async () => (await import("../../layers/git/SimpleGit.ts")).layer)
const parser = lazyLayer(async () => (await import("../../layers/parser/TreeSitterParser.ts")).layer)

/** Worker threads: as many as the user says, or one for each core. */
const compute = (threads: Option.Option<number>) =>
  Layer.unwrapEffect(Effect.gen(function*() {
    const tool = yield* Tool
    const size = Option.getOrElse(threads, () => tool.cores)
    if (size < 1) {
      return yield* new WrongUsage({ detail: `Cannot use --concurrency ${size}: it takes a number from 1 up` })
    }
    const worker = tool.workerEntry
    return lazyLayer(async () =>
      (await import("../../layers/compute/WorkerCompute.ts")).layer({ worker, concurrency: size })
    )
  }))

/** Git and worker threads. */
export const miningLayers = (threads: Option.Option<number>) => Layer.merge(gitLayer, compute(threads))

/** Git, and the index over worker threads and a parser of its own. */
export const indexLayers = (threads: Option.Option<number>) =>
  lazyLayer(async () => (await import("../../layers/index/InvertedIndex.ts")).layer).pipe(
    Layer.provide(Layer.merge(parser, compute(threads))),
    Layer.merge(gitLayer)
  )
