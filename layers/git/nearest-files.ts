/** The wanted files that are nearest to paths of commits, read from the trees on the way to them and from no others. */
import * as Effect from "effect/Effect"
import type { Repository, TreeFile } from "../../services/Git.ts"
import { folderOf } from "../../services/history/nearest-files.ts"
import { kindOfMode } from "./history.ts"

/** What a tree holds that is of use here. */
interface Folder {
  readonly wanted: ReadonlyArray<TreeFile>
  /** Ids of the trees in it, by their names. */
  readonly folders: ReadonlyMap<string, string>
}

/** A folder of a commit, on the way down to it. */
interface Descent {
  readonly names: ReadonlyArray<string>
  /** The tree to be read next; undefined where there is none. */
  tree: string | undefined
  found: ReadonlyArray<TreeFile>
}

/** Finds files in trees, which `readTrees` gives by their ids as git stores them. */
export const nearestFilesIn =
  <E>(readTrees: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Uint8Array | null>, E>) =>
  (
    places: Parameters<Repository["nearestFiles"]>[0],
    isWanted: (name: string) => boolean
  ): Effect.Effect<ReadonlyArray<ReadonlyArray<TreeFile>>, E> =>
    Effect.gen(function*() {
      const folders = new Map<string, Folder | null>()
      const descents = new Map<string, Descent>()
      const asked = places.map(({ commit, path }): Descent => {
        const folder = folderOf(path)
        const key = `${commit}:${folder}`
        const known = descents.get(key)
        if (known !== undefined) return known
        const names = folder === "" ? [] : folder.split("/")
        const descent: Descent = { names, tree: commit === null ? undefined : `${commit}^{tree}`, found: [] }
        descents.set(key, descent)
        return descent
      })
      for (let depth = 0;; depth++) {
        const open = [...descents.values()].filter(({ names, tree }) => tree !== undefined && depth <= names.length)
        if (open.length === 0) break
        const unread = [...new Set(open.flatMap(({ tree }) => tree === undefined || folders.has(tree) ? [] : [tree]))]
        const trees = yield* readTrees(unread)
        for (const [place, id] of unread.entries()) {
          const tree = trees[place] ?? null
          folders.set(id, tree === null ? null : readFolder(tree, /^\w+/.exec(id)?.[0].length ?? 0, isWanted))
        }
        for (const descent of open) {
          const folder = folders.get(descent.tree ?? "") ?? null
          // What a missing tree holds may be nearer than all that was found.
          if (folder === null) descent.found = []
          else if (folder.wanted.length > 0) {
            const above = descent.names.slice(0, depth).map((name) => `${name}/`).join("")
            descent.found = folder.wanted.map((file) => ({ ...file, path: above + file.path }))
          }
          descent.tree = folder?.folders.get(descent.names[depth] ?? "")
        }
      }
      return asked.map(({ found }) => found)
    })

/** Reads a tree as git stores it: of each entry "<mode> <name>", a NUL, and the bytes of its id. */
const readFolder = (tree: Uint8Array, digits: number, isWanted: (name: string) => boolean): Folder => {
  const bytes = Buffer.from(tree.buffer, tree.byteOffset, tree.byteLength)
  const wanted: Array<TreeFile> = []
  const folders = new Map<string, string>()
  for (let at = 0; at < bytes.length;) {
    const space = bytes.indexOf(0x20, at)
    const end = bytes.indexOf(0, space)
    if (space === -1 || end === -1) break
    const mode = bytes.toString("latin1", at, space)
    const name = bytes.toString("utf8", space + 1, end)
    at = end + 1 + digits / 2
    const isFolder = mode === "40000"
    if (!isFolder && !isWanted(name)) continue
    const id = bytes.toString("hex", end + 1, at)
    if (isFolder) folders.set(name, id)
    else wanted.push({ path: name, kind: kindOfMode(mode), blob: id })
  }
  return { wanted, folders }
}
