/** Bytes that come in pieces: the first of them are looked at before all of them are read. */
import type { FileHandle } from "node:fs/promises"

export type Pieces = AsyncIterable<Buffer>

const pieceBytes = 256 * 1024

/** The bytes of an open file from an offset on. Each piece has memory of its own. */
export async function* piecesOf(file: FileHandle, from = 0): Pieces {
  for (let at = from;;) {
    const buffer = Buffer.allocUnsafe(pieceBytes)
    const { bytesRead } = await file.read(buffer, 0, pieceBytes, at)
    if (bytesRead === 0) return
    at += bytesRead
    yield buffer.subarray(0, bytesRead)
  }
}

/** The first bytes of an input, and how all of it is read. */
export interface Peeked {
  readonly head: Buffer
  /** Whether nothing comes behind the head. */
  readonly isWhole: boolean
  /** All bytes, the head among them. To be read once. */
  readonly all: Pieces
  /** Lets go of what nobody will read. */
  readonly close: () => Promise<unknown>
}

/** Reads at least so many bytes, or all there are. */
export const peek = async (pieces: Pieces, bytes: number): Promise<Peeked> => {
  const iterator = pieces[Symbol.asyncIterator]()
  const read: Array<Buffer> = []
  let length = 0
  let isWhole = false
  let failure: { readonly cause: unknown } | undefined
  while (length < bytes && !isWhole && failure === undefined) {
    try {
      const next = await iterator.next()
      if (next.done === true) isWhole = true
      else {
        read.push(next.value)
        length += next.value.length
      }
    } catch (cause) {
      // What came before is given first.
      if (length === 0) throw cause
      failure = { cause }
    }
  }
  const head = Buffer.concat(read)
  async function* all(): Pieces {
    yield head
    if (failure !== undefined) throw failure.cause
    if (isWhole) return
    try {
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
    } finally {
      await iterator.return?.()
    }
  }
  return { head, isWhole, all: all(), close: () => Promise.resolve(iterator.return?.()) }
}
