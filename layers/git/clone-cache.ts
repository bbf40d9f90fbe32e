/**
 * The clones that are kept from one run to the next, in one folder for all processes of a user. A clone that has its name
 * is never changed: whoever opens one works on a copy of its own, and puts a newer one in its place by renaming. So no
 * process waits for another, a clone that is removed stays whole for those who have it open, and a kill leaves nothing
 * half but drafts, which the next run removes.
 */
import { lstat, readdir, rename, rm, stat, utimes } from "node:fs/promises"
import { join } from "node:path"
import { systemCode } from "../../services/faults/system-words.ts"
import { copyClone } from "./linked-copy.ts"

/** Where clones are kept, and how many bytes of them. */
export interface CloneCache {
  readonly root: string
  readonly mostBytes: number
}

/** How often a clone may be replaced while it is copied. */
const mostTries = 5

/** Copies a kept clone to where nothing is, and marks it as used; returns whether there was one. */
export const takeClone = async ({ root }: CloneCache, name: string, to: string): Promise<boolean> => {
  const kept = join(root, name)
  for (let tries = 0; tries < mostTries; tries++) {
    const before = await orMissing(stat(kept))
    if (before === undefined) return false
    const isCopied = await orMissing(copyClone(kept, to).then(() => true))
    const after = await orMissing(stat(kept))
    // Had another one taken its place meanwhile, the copy might have refs of one and objects of the other.
    const isSame = after?.ino === before.ino
    if (isCopied === true && isSame) {
      await orMissing(utimes(kept, new Date(), new Date()))
      return true
    }
    await rm(to, { recursive: true, force: true })
    if (isSame) return false
  }
  return false
}

/**
 * Keeps a copy of a clone instead of what is kept by that name, and removes others until all fit. `draft` is a folder below
 * the root that only this process knows.
 */
export const keepClone = async (cache: CloneCache, name: string, clone: string, draft: string): Promise<void> => {
  const [kept, copy] = [join(cache.root, name), join(draft, "copy")]
  await copyClone(clone, copy)
  await orMissing(rename(kept, join(draft, "replaced")))
  // Another process may be faster: its clone is as good.
  await rename(copy, kept).catch((cause) => {
    if (!isTaken.has(systemCode(cause))) throw cause
  })
  await Promise.all(["replaced", "copy"].map((left) => rm(join(draft, left), { recursive: true, force: true })))
  await shrinkCache(cache, draft)
}

const isTaken: ReadonlySet<string> = new Set(["EEXIST", "ENOTEMPTY"])

/** Removes the clones that were not used for longest until the others fit. */
export const shrinkCache = async ({ mostBytes, root }: CloneCache, draft: string): Promise<void> => {
  const clones: Array<{ readonly name: string; readonly bytes: number; readonly used: number }> = []
  const now = (await stat(draft)).mtimeMs
  for (const entry of await readdir(root)) {
    const path = join(root, entry)
    const found = await orMissing(lstat(path))
    if (found?.isDirectory() !== true) continue
    if (/-[\da-f]{8}\.git$/.test(entry)) {
      clones.push({ name: entry, bytes: await bytesBelow(path), used: found.mtimeMs })
    } else if (entry.startsWith("draft-") && now - found.mtimeMs > longestMillis) {
      await rm(path, { recursive: true, force: true })
    }
  }
  let bytes = clones.reduce((sum, clone) => sum + clone.bytes, 0)
  for (const [number, clone] of clones.sort((a, b) => a.used - b.used).entries()) {
    if (bytes <= mostBytes) break
    bytes -= clone.bytes
    const removed = join(draft, `removed-${number}`)
    await orMissing(rename(join(root, clone.name), removed))
    await rm(removed, { recursive: true, force: true })
  }
}

/** Drafts that are older were left by a program that nobody knows to be dead: of another machine, or one that imported us. */
const longestMillis = 30 * 24 * 3_600_000

const bytesBelow = async (folder: string): Promise<number> => {
  let bytes = 0
  const entries = await orMissing(readdir(folder, { withFileTypes: true })) ?? []
  await Promise.all(entries.map(async (entry) => {
    const path = join(folder, entry.name)
    const own = entry.isDirectory() ? await bytesBelow(path) : (await orMissing(lstat(path)))?.size ?? 0
    bytes += own
  }))
  return bytes
}

/** Gives undefined for what another process has taken away. */
const orMissing = <A>(work: Promise<A>): Promise<A | undefined> =>
  work.catch((cause) => {
    if (systemCode(cause) === "ENOENT") return undefined
    throw cause
  })

/** What is kept where nobody says how much. Bytes. */
export const usualCacheBytes = 20 * 1024 ** 3

/** Returns the bytes that a text such as "20G", "500 MiB" or "unlimited" stands for, or undefined for any other. */
export const readCacheBytes = (text: string): number | undefined => {
  if (/^\s*unlimited\s*$/i.test(text)) return Number.POSITIVE_INFINITY
  const [, count, unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?\s*$/i.exec(text) ?? []
  return count === undefined
    ? undefined
    : Math.floor(Number(count) * 1024 ** " kmgt".indexOf(unit.toLowerCase() || " "))
}
