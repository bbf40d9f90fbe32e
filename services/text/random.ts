/**
 * Seeded choices without a shared stream: a generator is made for each item from what the item is,
 * so neither the order of work nor the number of workers can change a choice.
 */

/** A part of what is hashed. Each part ends with a separator, so ("ab", "c") and ("a", "bc") differ. */
export type HashPart = string | number

/** Four 32-bit words. */
type Words = readonly [number, number, number, number]

/**
 * Hashes `parts` to 128 bits, over UTF-16 units.
 *
 * The mixing is that of MurmurHash3 x86_128 (Austin Appleby, public domain), fed one unit at a time to four lanes.
 */
const hash = (parts: Iterable<HashPart>): Words => {
  let a = 0x9e3779b9
  let b = 0x243f6a88
  let c = 0xb7e15162
  let d = 0xdeadbeef
  for (const part of parts) {
    const text = typeof part === "string" ? part : String(part)
    const length = text.length
    for (let from = 0; from < length; from += units.length) {
      const count = takeUnits(text, from)
      for (let index = 0; index < count; index++) {
        const unit = units[index] ?? 0
        a = Math.imul(a ^ unit, 597399067)
        b = Math.imul(b ^ unit, 2869860233)
        a = (a << 13) | (a >>> 19)
        b = (b << 15) | (b >>> 17)
      }
    }
    c = Math.imul(c ^ a ^ length, 951274213)
    d = Math.imul(d ^ b ^ 0x1f, 2716044179)
    a = Math.imul(a ^ (c >>> 15), 597399067)
    b = Math.imul(b ^ (d >>> 13), 2869860233)
  }
  return [finish(a ^ c), finish(b ^ d), finish(Math.imul(c, 5) + b), finish(Math.imul(d, 5) + a)]
}

/**
 * Where the units of a text are copied to, piece by piece: V8 copies them fast, and asked for one at a time it looks
 * each time for the piece of a joined text that holds it.
 */
const units = new Uint16Array(1 << 14)
const unitBytes = Buffer.from(units.buffer)
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Copies units of a text from an offset on, as many as there is room for; returns how many. */
const takeUnits = (text: string, from: number): number => {
  const piece = text.length <= units.length ? text : text.slice(from, from + units.length)
  unitBytes.write(piece, "utf16le")
  if (!isLittleEndian) unitBytes.subarray(0, 2 * piece.length).swap16()
  return piece.length
}

const finish = (word: number): number => {
  let h = word
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

const hex = (word: number): string => word.toString(16).padStart(8, "0")

/**
 * Returns 16 lower-case hex digits (64 bits) that depend on every part.
 *
 * @example
 * fingerprint("seed", 1) === fingerprint("seed", 1) // true
 */
export const fingerprint = (...parts: ReadonlyArray<HashPart>): string => fingerprintOf(parts)

/** Returns the fingerprint of parts that may be too many to be passed one by one. */
export const fingerprintOf = (parts: Iterable<HashPart>): string => {
  const words = hash(parts)
  return hex(words[0]) + hex(words[1])
}

/** Makes a whole number below 2^53 of two lanes. */
const numberOf = (a: number, b: number): number => finish(a ^ (b >>> 15)) * 0x20_0000 + (finish(b ^ (a >>> 13)) >>> 11)

/** Returns a whole number below 2^53 that depends on every unit of a text: a fingerprint that takes less memory. */
export const fingerprintNumber = (text: string): number => {
  const [a, b] = hash([text])
  return numberOf(a, b)
}

/** Spaces, tabs and line ends are of the units up to this one. */
const lastBlank = 32

/**
 * Returns a whole number below 2^53 that depends on all characters of the texts but white space, and on where each text
 * ends: mixed as `fingerprint` is, in two lanes.
 *
 * @example
 * inkOf(["a  b", "c"]) === inkOf(["ab", "\tc\n"]) // true
 */
export const inkOf = (texts: Iterable<string>): number => {
  let a = 0x9e3779b9
  let b = 0x243f6a88
  for (const text of texts) {
    for (let from = 0; from < text.length; from += units.length) {
      const count = takeUnits(text, from)
      for (let index = 0; index < count; index++) {
        const unit = units[index] ?? 0
        if (unit <= lastBlank) continue
        a = Math.imul(a ^ unit, 597399067)
        b = Math.imul(b ^ unit, 2869860233)
        a = (a << 13) | (a >>> 19)
        b = (b << 15) | (b >>> 17)
      }
    }
    a = Math.imul(a ^ 0x1f, 951274213)
    b = Math.imul(b ^ 0x1f, 2716044179)
  }
  return numberOf(a, b)
}

/** Returns a number in [0, 1) that depends on every part. */
export const unitInterval = (...parts: ReadonlyArray<HashPart>): number => hash(parts)[0] / 0x1_0000_0000

/** A generator of choices for one item. It holds state: make one for each item and do not share it. */
export interface Random {
  /** A number in [0, 1). */
  readonly next: () => number
  /** An integer in [0, bound); 0 when `bound` is less than 2. */
  readonly below: (bound: number) => number
  /** One of `items`, or undefined when there is none. */
  readonly pick: <A>(items: ReadonlyArray<A>) => A | undefined
}

/** Makes the generator of the item that `parts` name (sfc32, Chris Doty-Humphrey's PractRand). */
export const randomOf = (...parts: ReadonlyArray<HashPart>): Random => {
  let [a, b, c, d] = hash(parts)
  const next = () => {
    const t = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return (t >>> 0) / 0x1_0000_0000
  }
  const below = (bound: number) => Math.floor(next() * Math.max(1, bound))
  return { next, below, pick: (items) => items[below(items.length)] }
}

/** Draws the index of one of `weights`; undefined when all are zero. */
export const drawIndex = (random: Random, weights: ArrayLike<number>): number | undefined => {
  const count = weights.length
  let total = 0
  for (let index = 0; index < count; index++) total += weights[index] ?? 0
  if (total <= 0) return undefined
  let rest = random.next() * total
  let last: number | undefined
  for (let index = 0; index < count; index++) {
    const weight = weights[index] ?? 0
    if (weight <= 0) continue
    last = index
    rest -= weight
    if (rest < 0) return index
  }
  return last
}
