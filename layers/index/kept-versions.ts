/**
 * Versions of files that were read before: a project that goes back and forth between branches needs each of them read
 * once. Those that were not asked for longest are let go first.
 */
import type { IndexedFile } from "./indexed-file.ts"
import type { Project } from "./project.ts"

/** What became of a version: a file of the index, the text of a configuration file, or nothing, because it is left out. */
export type ReadVersion =
  | { readonly _tag: "file"; readonly file: IndexedFile }
  | { readonly _tag: "config"; readonly text: string }
  | { readonly _tag: "nothing" }

export interface KeptVersions {
  readonly keep: (path: string, version: string, read: ReadVersion) => void
  /** Shows a version again; false when it is not kept. */
  readonly recall: (path: string, version: string) => boolean
}

/** Versions that are kept have so many UTF-16 units together; what is known of them takes about twice as much. */
const mostUnits = 5 * 1024 * 1024

/** What a version takes at the least. */
const leastUnits = 512

export const makeKeptVersions = (project: Project): KeptVersions => {
  const kept = new Map<string, ReadVersion>()
  let units = 0

  const letGo = (key: string, version: ReadVersion): void => {
    kept.delete(key)
    units -= unitsOf(version)
    if (version._tag !== "file") return
    version.file.isKept = false
    if (project.fileAt(version.file.facts.path) !== version.file) project.release(version.file)
  }

  return {
    keep: (path, version, read) => {
      const key = keyOf(path, version)
      // Two blobs may have the same text: the file then is kept by the name of the first.
      if (kept.has(key) || (read._tag === "file" && read.file.isKept)) return
      kept.set(key, read)
      units += unitsOf(read)
      if (read._tag === "file") read.file.isKept = true
      for (const [oldest, other] of kept) {
        if (units <= mostUnits || oldest === key) break
        letGo(oldest, other)
      }
    },
    recall: (path, version) => {
      const key = keyOf(path, version)
      const read = kept.get(key)
      if (read === undefined) return false
      kept.delete(key)
      kept.set(key, read)
      if (read._tag === "file") project.show(read.file)
      else if (read._tag === "config") project.setConfig(path, read.text)
      else project.drop(path)
      return true
    }
  }
}

const keyOf = (path: string, version: string): string => `${version} ${path}`

const unitsOf = (read: ReadVersion): number =>
  leastUnits + (read._tag === "file" ? read.file.facts.text.length : read._tag === "config" ? read.text.length : 0)
