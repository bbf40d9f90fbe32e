/**
 * Tells which files of some folders come, change or go. The system watches a folder itself, not its name, so one that
 * went and came back is another one, which is watched anew. Where the system has no watch left, a folder is looked at.
 */
import { lstatSync, readdirSync, type Stats, statSync, watch } from "node:fs"
import { lstat } from "node:fs/promises"
import { basename, dirname, join, sep } from "node:path"
import { systemCode } from "../../services/faults/system-words.ts"
import { makeFolderLooker } from "./look-at-folders.ts"

/** Changes that come together, as when a branch is checked out, are taken together. */
const quietMillis = 50

/** Nobody tells when the outermost folder comes back, so it is looked for this often. */
const lookMillis = 500

export interface FolderFollower {
  readonly close: () => void
}

export interface FollowOptions {
  /** The outermost folder. */
  readonly root: string
  /** The folders inside it to follow from the start. */
  readonly folders: Iterable<string>
  /** Whether the file matters. */
  readonly isFile: (path: string) => boolean
  /** Whether a folder that comes is followed. */
  readonly isFolder: (path: string) => boolean
  /** Files that were written after this moment, in milliseconds since 1970, count as changed at the start. */
  readonly since: number
  readonly tell: (paths: ReadonlyArray<string>) => void
  /** Called once, when the system has no watch left for a folder. */
  readonly tellUnwatched: (code: UsedUp) => void
}

/** What the system says when it has no watch left for one more folder, or none for one more program. */
export type UsedUp = "ENOSPC" | "EMFILE"

interface Followed {
  /** Ends the watching. */
  readonly close: () => void
  readonly identity: string | undefined
  /** Names of the files that were ever seen in it. */
  readonly names: Set<string>
}

/** Follows the folders until `close`. A folder that cannot be read is not followed. */
export const followFolders = (
  { folders, isFile, isFolder, root, since, tell, tellUnwatched }: FollowOptions
): FolderFollower => {
  const followed = new Map<string, Followed>()
  const changed = new Set<string>()
  /** Paths, of folders or files, that something happened to, and folders that went although one may lie there. */
  const stirred = new Set<string>()
  const lost = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let isClosed = false
  let isUnwatched = false
  const looker = makeFolderLooker({
    isFile,
    stir: (path) => {
      stirred.add(path)
      wake(quietMillis)
    }
  })

  const wake = (millis: number) => {
    if (!isClosed) timer ??= setTimeout(settle, millis)
  }

  /** Links inside the folders lead to what others watch; the outermost folder may be named by one. */
  const identityAt = (path: string) => identityOf(path, path === root ? statSync : lstatSync)

  const follow = (folder: string): Followed | undefined => {
    try {
      // What it is comes first: a folder that takes its place meanwhile is found to be another one.
      const identity = identityAt(folder)
      const one: Followed = { close: watchOrLook(folder), identity, names: new Set() }
      followed.set(folder, one)
      return one
    } catch {
      return undefined
    }
  }

  /** Watches a folder or, where the system has no watch left, looks at it; returns what ends that. */
  const watchOrLook = (folder: string): () => void => {
    try {
      const watcher = watch(folder, (_, name) => {
        stirred.add(folder)
        if (name !== null) stirred.add(join(folder, name))
        // It says its own name when it goes or is moved.
        if (name === null || name === basename(folder)) lost.add(folder)
        wake(quietMillis)
      })
      watcher.on("error", () => drop(folder))
      return () => watcher.close()
    } catch (cause) {
      const code = systemCode(cause)
      if (code !== "ENOSPC" && code !== "EMFILE") throw cause
      if (!isUnwatched) tellUnwatched(code)
      isUnwatched = true
      looker.add(folder, since)
      return () => looker.remove(folder)
    }
  }

  /** Lets a folder and all inside it go; the files that it had have changed. */
  const drop = (folder: string) => {
    for (const [path, { close, names }] of followed) {
      if (path !== folder && !path.startsWith(folder + sep)) continue
      close()
      followed.delete(path)
      for (const name of names) changed.add(join(path, name))
    }
  }

  /** Follows a folder that came, with all that it holds. */
  const followTree = (folder: string) => {
    const one = follow(folder)
    if (one === undefined) return
    for (const entry of entriesOf(folder)) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) {
        if (isFolder(path)) followTree(path)
      } else if (isFile(path)) {
        one.names.add(entry.name)
        changed.add(path)
      }
    }
  }

  const lookAt = (path: string) => {
    const known = followed.get(path)
    const identity = identityAt(path)
    if (known !== undefined && (identity !== known.identity || lost.has(path))) drop(path)
    if (identity !== undefined) {
      // Inside a folder that nobody follows, nothing is: it is looked at when that one comes.
      const isReachable = path === root || followed.has(dirname(path))
      if (!followed.has(path) && isReachable && (path === root || isFolder(path))) followTree(path)
    } else if (isFile(path)) {
      followed.get(dirname(path))?.names.add(basename(path))
      changed.add(path)
    }
  }

  const settle = () => {
    timer = undefined
    // Folders come before what lies in them.
    const paths = [...stirred].sort()
    stirred.clear()
    for (const path of paths) lookAt(path)
    lost.clear()
    if (changed.size > 0) tell([...changed])
    changed.clear()
    if (!followed.has(root)) {
      stirred.add(root)
      wake(lookMillis)
    }
  }

  /** Looks for files that were written between the moment and now. */
  const catchUp = async () => {
    for (const [folder, { names }] of followed) {
      for (const entry of entriesOf(folder)) {
        if (isClosed) return
        const path = join(folder, entry.name)
        if (entry.isDirectory() || !isFile(path)) continue
        names.add(entry.name)
        const found = await lstat(path).catch(() => undefined)
        if (found !== undefined && found.mtimeMs >= since) stirred.add(path)
      }
    }
    if (stirred.size > 0) wake(0)
  }

  for (const folder of withFoldersAbove(root, folders)) follow(folder)
  void catchUp()
  return {
    close: () => {
      isClosed = true
      clearTimeout(timer)
      looker.close()
      for (const { close } of followed.values()) close()
    }
  }
}

/** The folders and all that lie between them and the root: only a folder above sees one come back. */
const withFoldersAbove = (root: string, folders: Iterable<string>): ReadonlySet<string> => {
  const all = new Set([root])
  for (const folder of folders) {
    for (let above = folder; above.length > root.length && !all.has(above); above = dirname(above)) all.add(above)
  }
  return all
}

/** What tells a folder from another one at its path, also where the number of the first is given to the second. */
const identityOf = (path: string, look: (path: string) => Stats): string | undefined => {
  try {
    const found = look(path)
    return found.isDirectory() ? `${found.dev}:${found.ino}:${found.birthtimeMs}` : undefined
  } catch {
    return undefined
  }
}

const entriesOf = (folder: string) => {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
