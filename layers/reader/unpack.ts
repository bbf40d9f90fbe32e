/** Unpacks gzip and zstd as the bytes come in; what is unpacked and not yet taken is a few pieces. */
import { Readable } from "node:stream"
import { createGunzip } from "node:zlib"
import { Decompress } from "fzstd"
import type { Pieces } from "./pieces.ts"
import { UnreadableBytes } from "./problems.ts"
import { systemCode } from "../../services/faults/system-words.ts"

const cutShort = (name: string) => new UnreadableBytes(`its ${name} data ends too early; the file was cut short`)
const damaged = (name: string) => new UnreadableBytes(`its ${name} data is damaged`)

/** Unpacks all members of a gzip file, one behind the other. */
export async function* gunzip(packed: Pieces): Pieces {
  const gunzip = createGunzip({ chunkSize: 256 * 1024 })
  const source = Readable.from(packed, { objectMode: false })
  // What the source fails of is what the unpacked bytes fail of.
  source.on("error", (cause) => gunzip.destroy(cause))
  source.pipe(gunzip)
  try {
    for await (const piece of gunzip) if (Buffer.isBuffer(piece)) yield piece
  } catch (cause) {
    const code = systemCode(cause)
    if (code === "Z_BUF_ERROR") throw cutShort("gzip")
    throw code.startsWith("Z_") ? damaged("gzip") : cause
  } finally {
    source.destroy()
    gunzip.destroy()
  }
}

/** The decompressor holds this much of what it has unpacked; zstd itself takes no more unless it is told to. */
const mostWindow = 128 * 1024 * 1024

/** The window that a frame's header asks for, in bytes; 0 for a frame that is to be skipped (RFC 8878, 3.1.1.1). */
const windowOf = (head: Uint8Array): number => {
  if (head[0] !== 0x28 || head.length < 6) return 0
  const [flags = 0, descriptor = 0] = head.subarray(4, 6)
  const isSingleSegment = (flags & 0x20) !== 0
  const base = 2 ** (10 + (descriptor >> 3))
  return isSingleSegment ? 0 : base + base / 8 * (descriptor & 7)
}

/** The kind of fzstd's error for data that ends too early. */
const endsTooEarly = 5

/** Pieces that a decompressor is given at once: its output for one of them waits in memory. */
const packedBytes = 16 * 1024

/** Unpacks all frames of a zstd file. Its checksums are not compared. */
export async function* unzstd(packed: Pieces): Pieces {
  let ready: Array<Buffer> = []
  const decompress = new Decompress((piece) => {
    // The decompressor keeps its memory to itself, and writes into it again.
    if (piece.length > 0) ready.push(Buffer.from(piece))
  })
  const push = (piece: Uint8Array, isLast: boolean): void => {
    try {
      decompress.push(piece, isLast)
    } catch (cause) {
      const isShort = typeof cause === "object" && cause !== null && "code" in cause && cause.code === endsTooEarly
      throw isShort ? cutShort("zstd") : damaged("zstd")
    }
  }
  let isFirst = true
  for await (const piece of packed) {
    const window = isFirst ? windowOf(piece) : 0
    isFirst = false
    if (window > mostWindow) {
      throw new UnreadableBytes(
        `its zstd data needs a window of ${
          Math.round(window / 1024 / 1024)
        } MiB; unpack it with zstd -d --long=31 first`
      )
    }
    for (let at = 0; at < piece.length; at += packedBytes) {
      push(piece.subarray(at, at + packedBytes), false)
      const pieces = ready
      ready = []
      yield* pieces
    }
  }
  push(new Uint8Array(0), true)
  yield* ready
}
