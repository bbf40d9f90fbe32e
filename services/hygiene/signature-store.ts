/** Rows that wait to be compared, in blocks: 121 bytes a row, and nothing is copied as their number grows. */
import type { Side } from "../history/split.ts"
import { signatureBytes } from "./min-hash.ts"

/** 32-bit words of a signature. */
const signatureWords = signatureBytes / 4

/** So many rows make a block. A power of 2. */
const blockRows = 2 ** 14

/** Rows by their places, which are numbered from 0 in the order in which they came. */
export interface SignatureStore {
  readonly add: (id: string, side: Side, signature: Uint8Array) => void
  readonly count: () => number
  /** The halves of a row's id. */
  readonly lowerId: (place: number) => number
  readonly upperId: (place: number) => number
  readonly isHeld: (place: number) => boolean
  /** 32 bits of a signature: word 2n and the next are band n. */
  readonly word: (place: number, index: number) => number
  /** How many bytes of two signatures are equal. */
  readonly equalBytes: (a: number, b: number) => number
}

interface SignatureBlock {
  readonly lower: Uint32Array
  readonly upper: Uint32Array
  readonly held: Uint8Array
  readonly signatures: Uint32Array
}

const emptyBlock = (): SignatureBlock => ({
  lower: new Uint32Array(blockRows),
  upper: new Uint32Array(blockRows),
  held: new Uint8Array(blockRows),
  signatures: new Uint32Array(blockRows * signatureWords)
})

/** Makes a store without rows. Ids are 16 hex digits. */
export const makeSignatureStore = (): SignatureStore => {
  const blocks: Array<SignatureBlock> = []
  let count = 0
  const blockOf = (place: number): SignatureBlock => {
    const block = blocks[Math.floor(place / blockRows)]
    if (block === undefined) throw new RangeError(`no row ${place}`)
    return block
  }
  const word = (place: number, index: number): number =>
    blockOf(place).signatures[(place % blockRows) * signatureWords + index] ?? 0
  return {
    add: (id, side, signature) => {
      if (count === blocks.length * blockRows) blocks.push(emptyBlock())
      const { held, lower, signatures, upper } = blockOf(count)
      const at = count++ % blockRows
      upper[at] = upperHalf(id)
      lower[at] = lowerHalf(id)
      held[at] = side === "held" ? 1 : 0
      for (let index = 0; index < signatureWords; index++) {
        signatures[at * signatureWords + index] = bytesAt(signature, 4 * index)
      }
    },
    count: () => count,
    lowerId: (place) => blockOf(place).lower[place % blockRows] ?? 0,
    upperId: (place) => blockOf(place).upper[place % blockRows] ?? 0,
    isHeld: (place) => blockOf(place).held[place % blockRows] === 1,
    word,
    equalBytes: (a, b) => {
      let equal = 0
      for (let index = 0; index < signatureWords; index++) {
        const different = word(a, index) ^ word(b, index)
        if ((different & 0xff) === 0) equal++
        if ((different & 0xff00) === 0) equal++
        if ((different & 0xff0000) === 0) equal++
        if ((different & 0xff000000) === 0) equal++
      }
      return equal
    }
  }
}

/** Returns the first 32 bits of an id. */
export const upperHalf = (id: string): number => Number.parseInt(id.slice(0, 8), 16)

/** Returns the last 32 bits of an id. */
export const lowerHalf = (id: string): number => Number.parseInt(id.slice(8, 16), 16)

const bytesAt = (bytes: Uint8Array, at: number): number =>
  ((bytes[at] ?? 0) | (bytes[at + 1] ?? 0) << 8 | (bytes[at + 2] ?? 0) << 16 | (bytes[at + 3] ?? 0) << 24) >>> 0
