/** How the library runs a task: the layers under it, and how a promise ends. */
import { availableParallelism } from "node:os"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as WorkerCompute from "../../layers/compute/WorkerCompute.ts"
import * as SimpleGit from "../../layers/git/SimpleGit.ts"
import * as FileReader from "../../layers/reader/FileReader.ts"
import * as FileWriter from "../../layers/writer/FileWriter.ts"

/** The platform of every task. */
export const platform = Layer.mergeAll(NodeFileSystem.layer, NodePath.layer)

/** Worker threads. All code of the library is bundled into one folder, where the worker lies too. */
export const computeOf = (options: { readonly concurrency?: number | undefined }) =>
  WorkerCompute.layer({
    worker: new URL("./worker.mjs", import.meta.url),
    concurrency: options.concurrency ?? availableParallelism()
  })

/** What tasks over code run on. */
export const layersOf = (options: { readonly concurrency?: number | undefined }) =>
  Layer.mergeAll(
    SimpleGit.layer,
    FileReader.layer({ cache: null }),
    FileWriter.layer,
    computeOf(options)
  ).pipe(Layer.provideMerge(platform))

/** Rejects with the failure itself rather than with a wrapper around it. */
export const settle = async <A, E>(effect: Effect.Effect<A, E>, signal: AbortSignal | undefined): Promise<A> => {
  const result = await Effect.runPromise(Effect.either(effect), signal === undefined ? {} : { signal })
  if (result._tag === "Left") throw result.left
  return result.right
}

export const untilAborted = (signal: AbortSignal | undefined): Effect.Effect<never> =>
  Effect.async<never>((resume) => {
    signal?.addEventListener("abort", () => resume(Effect.interrupt), { once: true })
  })
