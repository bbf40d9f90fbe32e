/** The reader of files of rows, loaded when the first one is read. */
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { lazyLayer } from "./lazy-layer.ts"
import { Tool } from "./tool.ts"

/** Reads files of rows, and keeps where the rows of large ones start in the user's cache folder. */
export const readers = Layer.unwrapEffect(
  Effect.gen(function*() {
    const path = yield* Path.Path
    const { cacheFolder } = yield* Tool
    const cache = cacheFolder === null ? null : path.join(cacheFolder, "offsets")
    return lazyLayer(async () => (await import("../../layers/reader/FileReader.ts")).layer({ cache }))
  })
)
