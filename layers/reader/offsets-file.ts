/**
 * Offsets of a large file, kept in the cache folder for as long as the size, the time and both ends of the file stay
 * the same.
 */
import { createHash } from "node:crypto"
import { type FileHandle, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"

/** It is faster to look through a smaller file than to find its offsets in the cache. */
const leastBytes = 64 * 1024 * 1024
const endBytes = 64 * 1024

export interface FileIdentity {
  readonly size: number
  readonly mtimeMs: number
}

const nameOf = (path: string): string => `${createHash("sha256").update(path).digest("hex").slice(0, 32)}.offsets`

/** Returns 32 bytes that depend on the size of the file, on when it was written, and on what stands at its ends. */
const markOf = async (file: FileHandle, { mtimeMs, size }: FileIdentity): Promise<Buffer> => {
  const hash = createHash("sha256").update(`1 ${size} ${mtimeMs} `)
  for (const start of [0, Math.max(0, size - endBytes)]) {
    const bytes = Buffer.alloc(endBytes)
    const { bytesRead } = await file.read(bytes, 0, endBytes, start)
    hash.update(bytes.subarray(0, bytesRead))
  }
  return hash.digest()
}

/** Returns the offsets that were kept for this very file, or undefined. */
export const readOffsets = async (
  folder: string,
  path: string,
  file: FileHandle,
  identity: FileIdentity
): Promise<Float64Array | undefined> => {
  if (identity.size < leastBytes) return undefined
  const kept = await readFile(join(folder, nameOf(path))).catch(() => undefined)
  if (kept === undefined || kept.length < 40 || kept.length % 8 !== 0) return undefined
  if (!kept.subarray(0, 32).equals(await markOf(file, identity))) return undefined
  const offsets = new Float64Array((kept.length - 32) / 8)
  Buffer.from(offsets.buffer).set(kept.subarray(32))
  return offsets
}

/** Keeps offsets for the next time, if the cache can be written. */
export const writeOffsets = async (
  folder: string,
  path: string,
  file: FileHandle,
  identity: FileIdentity,
  offsets: Float64Array
): Promise<void> => {
  if (identity.size < leastBytes) return
  const target = join(folder, nameOf(path))
  // The next run removes what a kill left, by the name of this run's folder.
  const draft = `${target}.${process.pid}.${basename(tmpdir())}.part`
  try {
    await mkdir(folder, { recursive: true })
    const bytes = Buffer.from(offsets.buffer, offsets.byteOffset, offsets.byteLength)
    await writeFile(draft, Buffer.concat([await markOf(file, identity), bytes]))
    await rename(draft, target)
  } catch {
    await rm(draft, { force: true }).catch(() => undefined)
  }
}
