/**
 * The words of code as numbers: runs of ASCII letters, digits and "_", and of everything beyond ASCII. What stands
 * between them, white space and signs, tells rows apart too rarely to count.
 */

/** The words of a text, in order. Only the first `count` places of each list are filled. */
export interface CodeWords {
  readonly count: number
  /** 32 bits that depend on every unit of the word. */
  readonly hashes: Uint32Array
  /** UTF-16 offsets in the text: [start, end). */
  readonly starts: Uint32Array
  readonly ends: Uint32Array
}

/** Which units below 128 belong to a word. */
const inWord = Uint8Array.from({ length: 128 }, (_, unit) => /\w/.test(String.fromCharCode(unit)) ? 1 : 0)

const isWordUnit = (unit: number): boolean => unit > 127 || inWord[unit] === 1

/**
 * Returns the words of a text; in time linear in it.
 *
 * @example
 * wordsOf("a + b_1").count // 2
 */
export const wordsOf = (text: string): CodeWords => {
  const length = text.length
  const most = (length + 1) >>> 1
  const hashes = new Uint32Array(most)
  const starts = new Uint32Array(most)
  const ends = new Uint32Array(most)
  let count = 0
  let at = 0
  while (at < length) {
    let unit = text.charCodeAt(at)
    if (!isWordUnit(unit)) {
      at++
      continue
    }
    starts[count] = at
    // FNV-1a, over units of 16 bits.
    let hash = 0x811c9dc5
    do {
      hash = Math.imul(hash ^ unit, 0x01000193)
      unit = text.charCodeAt(++at)
    } while (at < length && isWordUnit(unit))
    hashes[count] = mixed(hash)
    ends[count++] = at
  }
  return { count, hashes, starts, ends }
}

/** Returns 32 bits of which each depends on every bit of a number (the finalizer of MurmurHash3, public domain). */
export const mixed = (bits: number): number => {
  let hash = bits
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/**
 * Returns 32 bits for the `size` words from `start` on, in their order. CodeWords beyond the last one are left out.
 */
export const gramHash = ({ count, hashes }: CodeWords, start: number, size: number, salt = 0): number => {
  let hash = salt
  const end = Math.min(count, start + size)
  for (let at = start; at < end; at++) hash = mixed((Math.imul(hash, 31) + (hashes[at] ?? 0)) | 0)
  return hash
}
