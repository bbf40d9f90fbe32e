/** Where the lines of an input lie, to be read in any order: in its own file, or unpacked in a file that is gone when it is closed. */
import { type FileHandle, open, rm } from "node:fs/promises"
import { randomUUID } from "node:crypto"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Pieces } from "./pieces.ts"
import { UnreadableBytes } from "./problems.ts"

/** Lines in a file, which may still grow while it is looked through. */
export interface RowsOnDisk {
  readonly file: FileHandle
  /** Where the first line starts. */
  readonly start: number
  /** How many bytes of the file can be read now. */
  readonly available: () => number
  /** Goes through the file once, and calls for each piece of it in order; a piece is not to be kept. */
  readonly lookThrough: (onPiece: (piece: Buffer) => void, signal: AbortSignal) => Promise<void>
}

/** How much is read at once. */
const chunkBytes = 4 * 1024 * 1024

/** The lines of a file that is made of lines. */
export const linesInPlace = (file: FileHandle, size: number, start: number): RowsOnDisk => ({
  file,
  start,
  available: () => size,
  lookThrough: async (onPiece, signal) => {
    const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, Math.max(size, 1)))
    for (let at = start; at < size && !signal.aborted;) {
      const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, size - at), at)
      if (bytesRead === 0) return
      onPiece(buffer.subarray(0, bytesRead))
      at += bytesRead
    }
  }
})

/** Opens a file in the temporary folder that no name leads to: it is gone when it is closed, or when the program ends. */
export const openNameless = async (): Promise<FileHandle> => {
  const path = join(tmpdir(), `rows-${randomUUID()}`)
  const file = await open(path, "wx+", 0o600)
  // Some systems keep the name of an open file; the folder is the run's own, and removed with it.
  await rm(path, { force: true }).catch(() => undefined)
  return file
}

/** Lines that are written to a file as they come, at most so many bytes. */
export const linesUnpacked = (file: FileHandle, lines: Pieces, mostBytes: number): RowsOnDisk => {
  let written = 0
  return {
    file,
    start: 0,
    available: () => written,
    lookThrough: async (onPiece, signal) => {
      for await (const piece of lines) {
        if (signal.aborted) return
        if (written + piece.length > mostBytes) {
          throw new UnreadableBytes(
            `its rows take more than ${
              Math.round(mostBytes / 1024 / 1024 / 1024)
            } GiB when they are unpacked; unpack it first`
          )
        }
        await file.write(piece, 0, piece.length, written)
        written += piece.length
        onPiece(piece)
      }
    }
  }
}
