/** Bytes that come in pieces: kept in one buffer, so that a million pieces of one byte cost no more than one of a million. */
export interface GrowingBytes {
  readonly length: () => number
  readonly add: (piece: Uint8Array) => void
  /** Gives all of them, and begins anew. */
  readonly take: () => Uint8Array
}

const smallest = 1024

/** Makes a buffer that doubles when it is full, and is given away when its bytes are taken. */
export const makeGrowingBytes = (): GrowingBytes => {
  let bytes = new Uint8Array(0)
  let length = 0
  return {
    length: () => length,
    add: (piece) => {
      const needed = length + piece.length
      if (needed > bytes.length) {
        const larger = new Uint8Array(length === 0 ? Math.max(piece.length, smallest) : Math.max(2 * length, needed))
        larger.set(bytes.subarray(0, length))
        bytes = larger
      }
      bytes.set(piece, length)
      length = needed
    },
    take: () => {
      const taken = bytes.subarray(0, length)
      bytes = new Uint8Array(0)
      length = 0
      return taken
    }
  }
}
