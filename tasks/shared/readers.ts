/** Readers of rows by the ending of a file's name, each loaded when it is needed. */
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Reader } from "../../services/Reader.ts"
import { lazyLayer } from "./lazy-layer.ts"
import { Tool } from "./tool.ts"

/** Opens each file with the reader of its kind. */
export const readers = Layer.effect(
  Reader,
  Effect.gen(function*() {
    const path = yield* Path.Path
    const { cacheFolder } = yield* Tool
    const cache = cacheFolder === null ? null : path.join(cacheFolder, "offsets")
    const jsonl = Layer.build(
      lazyLayer(async () => (await import("../../layers/reader/JsonlReader.ts")).layer({ cache }))
    )
    const parquet = Layer.build(lazyLayer(async () => (await import("../../layers/reader/ParquetReader.ts")).layer))
    return Reader.of({
      open: (file) =>
        Effect.flatMap(
          file.endsWith(".parquet") ? parquet : jsonl,
          (context) => Effect.provide(Effect.flatMap(Reader, (reader) => reader.open(file)), context)
        )
    })
  })
)
