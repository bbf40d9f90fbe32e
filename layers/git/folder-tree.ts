/**
 * A plain folder as one tree. Its files stay where they are and are read as they are: git, which would run the filters
 * that a .gitattributes names, only says which files there are.
 */
import { createHash } from "node:crypto"
import { lstat } from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import type { Repository, TreeFile } from "../../services/Git.ts"
import { lookInside } from "./inside.ts"

/** No source is larger; of larger files only the size is known. */
const mostBytes = 64 * 1024 * 1024

/** How many files are read at once: all of them may be that large. */
const readers = 4

interface Content {
  readonly path: string
  readonly size: number | null
}

/** Reads the files of a folder once, to know which are equal. */
export const readFolderTree = Effect.fnUntraced(function*(folder: string, paths: ReadonlyArray<string>) {
  const contents = new Map<string, Content>()
  const inside = lookInside(folder)

  const fileAt = async (path: string): Promise<TreeFile> => {
    const isLink = await lstat(join(folder, path)).then((found) => found.isSymbolicLink(), () => false)
    if (isLink) return { path, kind: "symlink", blob: idOf("symlink", path) }
    const content = await inside.read(path, mostBytes)
    const size = typeof content === "string" ? await inside.size(path) : content.length
    const blob = typeof content === "string" ? idOf("unread", path) : blobId(content)
    contents.set(blob, { path, size: typeof size === "string" ? null : size })
    return {
      path,
      kind: "file",
      blob,
      ...(typeof content === "string" && content !== "too large" ? { unread: content } : {})
    }
  }

  const contentOf = async (id: string): Promise<Uint8Array | null> => {
    const known = contents.get(id)
    const content = known === undefined ? "gone" : await lookInside(folder).read(known.path, mostBytes)
    // A file that was written since is not the one that was planned with.
    return typeof content === "string" || blobId(content) !== id ? null : content
  }

  const sorted = paths.map((path) => ({ path, bytes: Buffer.from(path) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
  const files = yield* Effect.forEach(sorted, ({ path }) => Effect.promise(() => fileAt(path)), {
    concurrency: readers
  })
  const sizes: Repository["sizes"] = (ids) => Effect.sync(() => ids.map((id) => contents.get(id)?.size ?? null))
  const blobs: Repository["blobs"] = (ids) =>
    Effect.forEach(ids, (id) => Effect.promise(() => contentOf(id)), { concurrency: readers })
  return { files, sizes, blobs }
})

/** Returns the id that git gives to a content. */
const blobId = (content: Uint8Array): string =>
  createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex")

const idOf = (kind: string, path: string): string => createHash("sha1").update(`${kind} ${path}`).digest("hex")
