/**
 * Looks at folders again and again, for where the system has no watch left. Each look is bounded, so a large project is seen
 * piece by piece.
 */
import type { Stats } from "node:fs"
import { lstat, readdir } from "node:fs/promises"
import { join } from "node:path"

/** The time between two looks. */
const lookMillis = 1000

/** So many files and folders are asked for in one look; the next one goes on from there. */
const mostOfLook = 2000

export interface FolderLooker {
  /** Looks at a folder from now on; files that were written after `since`, in milliseconds since 1970, count as changed. */
  readonly add: (folder: string, since: number) => void
  readonly remove: (folder: string) => void
  readonly close: () => void
}

interface Looked {
  /** What is known of each file and folder in it; undefined before the first look. */
  known: ReadonlyMap<string, string> | undefined
  readonly since: number
}

/** Calls `stir` with the paths of files that come, change or go, of folders that come or go, and of those looked at. */
export const makeFolderLooker = (
  { isFile, stir }: { readonly isFile: (path: string) => boolean; readonly stir: (path: string) => void }
): FolderLooker => {
  const folders = new Map<string, Looked>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let isClosed = false

  const wake = () => {
    if (!isClosed && folders.size > 0) timer ??= setTimeout(() => void look(), lookMillis)
  }

  const look = async () => {
    let left = mostOfLook
    // A copy: what was looked at is put at the end.
    const turn = [...folders]
    for (const [folder, looked] of turn) {
      if (left <= 0 || isClosed) break
      if (folders.get(folder) !== looked) continue
      left -= await lookAt(folder, looked)
      if (folders.get(folder) === looked && folders.delete(folder)) folders.set(folder, looked)
    }
    timer = undefined
    wake()
  }

  /** Returns how many files and folders were asked for. */
  const lookAt = async (folder: string, looked: Looked): Promise<number> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined)
    if (entries === undefined) {
      stir(folder)
      return 1
    }
    const { known } = looked
    const now = new Map<string, string>()
    for (const entry of entries) {
      const path = join(folder, entry.name)
      if (!entry.isDirectory() && !isFile(path)) continue
      const found = await lstat(path).catch(() => undefined)
      if (found === undefined) continue
      const stamp = stampOf(found)
      now.set(entry.name, stamp)
      const isNew = known === undefined ? found.mtimeMs >= looked.since : known.get(entry.name) !== stamp
      if (isNew) stir(path)
    }
    for (const name of known?.keys() ?? []) if (!now.has(name)) stir(join(folder, name))
    looked.known = now
    return now.size + 1
  }

  return {
    add: (folder, since) => {
      folders.set(folder, { known: undefined, since })
      wake()
    },
    remove: (folder) => void folders.delete(folder),
    close: () => {
      isClosed = true
      clearTimeout(timer)
    }
  }
}

/** What is another one when a file is written, or when another folder takes the place of one. */
const stampOf = (found: Stats): string =>
  found.isDirectory() ? `${found.ino}:${found.birthtimeMs}` : `${found.ino}:${found.mtimeMs}:${found.size}`
