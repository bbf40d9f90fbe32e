/**
 * Reads files of a folder, and nothing that lies outside it: neither links nor names lead out, no pipe or device is
 * opened, and a size is known before anything is read.
 */
import { closeSync, constants, fstatSync, lstatSync, open, read, readlinkSync, realpathSync } from "node:fs"
import { lstat, realpath } from "node:fs/promises"
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path"
import { promisify } from "node:util"
import { systemCode } from "../../services/faults/system-words.ts"
import type { Unreadable } from "../../services/Git.ts"

/** A folder whose files are read together; it remembers where the folders inside lead to, so keep it for a moment. */
export interface Inside {
  /** Returns the size of a file in bytes. */
  readonly size: (path: string) => Promise<number | Unreadable>
  /** Returns the content of a file that has `mostBytes` at the most. */
  readonly read: (path: string, mostBytes: number) => Promise<Uint8Array | Unreadable>
}

/** Looks into a folder, which may itself be named by a link. */
export const lookInside = (folder: string): Inside => {
  const directories = new Map<string, Promise<string>>()
  const realDirectory = (path: string): Promise<string> => {
    const known = directories.get(path)
    if (known !== undefined) return known
    const found = realpath(join(folder, path))
    directories.set(path, found)
    return found
  }

  /** Finds where a path leads to inside the folder: the real path of a regular file. */
  const placeOf = async (path: string): Promise<Unreadable | FoundFile> => {
    if (isLeadingOut(path)) return "outside the folder"
    const root = await realDirectory(".")
    let location = join(await realDirectory(dirname(path)), basename(path))
    let found = await lstat(location)
    if (found.isSymbolicLink()) {
      location = await realpath(location)
      if (!isWithin(root, location)) return "outside the folder"
      found = await lstat(location)
    }
    // A link that stays inside may still lead to what git keeps there, such as a password in a remote's address.
    if (!isWithin(root, location) || isLeadingOut(relative(root, location))) return "outside the folder"
    return found.isFile() ? { location, size: found.size } : "no regular file"
  }

  return {
    size: (path) =>
      orWhyNot(async () => {
        const place = await placeOf(path)
        return typeof place === "string" ? place : place.size
      }),
    read: (path, mostBytes) =>
      orWhyNot(async () => {
        const place = await placeOf(path)
        if (typeof place === "string") return place
        return place.size > mostBytes ? "too large" : await readRegular(place.location, mostBytes)
      })
  }
}

interface FoundFile {
  readonly location: string
  readonly size: number
}

/** Names that no index and no client may send us to; what git keeps in its folder is no file of the project. */
const isLeadingOut = (path: string): boolean =>
  isAbsolute(path) || path.includes("\0") || path.split(/[\\/]/).some((name) => /^(?:\.\.|\.git)$/i.test(name))

const isWithin = (root: string, location: string): boolean =>
  location.startsWith(root.endsWith(sep) ? root : root + sep)

const openFile = promisify(open)
const readFile = promisify(read)

/** A pipe without a writer is opened without waiting for one. Windows has none of these. */
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0) |
  (constants.O_NOCTTY ?? 0)

/** Reads a file at its real path. What is asked of an open file does not wait for a disk, so it is asked at once. */
const readRegular = async (location: string, mostBytes: number): Promise<Uint8Array | Unreadable> => {
  const file = await openFile(location, flags)
  try {
    // Since it was looked at, something else may have been put there, or a link in place of a folder above it.
    const opened = fstatSync(file)
    if (!opened.isFile()) return "no regular file"
    if (!isOpenAt(file, location)) return "outside the folder"
    if (opened.size > mostBytes) return "too large"
    const bytes = new Uint8Array(opened.size)
    let filled = 0
    while (filled < bytes.length) {
      const { bytesRead } = await readFile(file, bytes, filled, bytes.length - filled, null)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return bytes.subarray(0, filled)
  } finally {
    closeSync(file)
  }
}

/** Whether the file that is open is the one that lies at a real path. */
const isOpenAt = (file: number, location: string): boolean => {
  const told = whereIs(file)
  if (told !== undefined) return told === location
  const opened = fstatSync(file, { bigint: true })
  const there = lstatSync(location, { bigint: true })
  return opened.ino === there.ino && opened.dev === there.dev && realpathSync.native(location) === location
}

/** Returns where an open file lies, which Linux tells. */
const whereIs = (file: number): string | undefined => {
  try {
    return process.platform === "linux" ? readlinkSync(`/proc/self/fd/${file}`) : undefined
  } catch {
    return undefined
  }
}

const orWhyNot = async <A>(look: () => Promise<A | Unreadable>): Promise<A | Unreadable> => {
  try {
    return await look()
  } catch (cause) {
    switch (systemCode(cause)) {
      case "ENOENT":
      case "ENOTDIR":
        return "gone"
      case "ELOOP":
        return "outside the folder"
      default:
        return "unreadable"
    }
  }
}
