/** Reads the blobs that an item's job needs. */
import * as Effect from "effect/Effect"
import type { Repository } from "../../../services/Git.ts"

/** Contents of blobs by id; an id that is not in it is missing from the repository. */
export type Contents = ReadonlyMap<string, Uint8Array>

/** Reads blobs, each once. Their buffers belong to nobody else and may move to another thread. */
export const readContents = Effect.fnUntraced(
  function*(repository: Pick<Repository, "blobs">, blobs: Iterable<string>) {
    const ids = [...new Set(blobs)]
    const contents = new Map<string, Uint8Array>()
    const buffers: Array<ArrayBuffer> = []
    for (const [place, blob] of (yield* repository.blobs(ids)).entries()) {
      if (blob === null) continue
      contents.set(ids[place] ?? "", blob)
      if (blob.buffer instanceof ArrayBuffer) buffers.push(blob.buffer)
    }
    return { contents, buffers }
  }
)
