/**
 * MinHash signatures (Broder 1997): of two texts, the share of equal bytes is about the share of word 5-grams that they
 * have in common. Each of the 112 numbers is kept as its lowest 8 bits (Li and König 2010), which are equal by chance once
 * in 256 times: a signature takes 112 bytes.
 */
import { linesBefore, linesBehind } from "../text/lines.ts"
import type { PlacedText } from "../rows/picture.ts"
import { gramHash, mixed, wordsOf } from "./words.ts"

/** How many bytes a signature has: 14 bands of 8, as datatrove has them. */
export const signatureBytes = 112

/** How many bytes make a band. */
export const bandBytes = 8

/** How many words make a gram. */
const gramWords = 5

/** Lines before and behind what a row completes that are compared with it. */
const linesCompared = 10

/**
 * Returns what is compared of a row: its completion and ten lines on each side. More would make all rows of one file
 * alike: of whole rows, 69 % of a real history are near-duplicates of others.
 */
export const comparedText = ({ middle, prefix, suffix }: PlacedText): string =>
  linesBefore(prefix, linesCompared) + middle + linesBehind(suffix, linesCompared)

const multipliers = Int32Array.from({ length: signatureBytes }, (_, at) => mixed(2 * at + 1) | 1)
const summands = Int32Array.from({ length: signatureBytes }, (_, at) => mixed(2 * at + 2))

/**
 * Returns the signature of a text, or undefined when it has no word. A text of fewer than five words has one gram: all of
 * them.
 */
export const signatureOf = (text: string): Uint8Array | undefined => {
  const words = wordsOf(text)
  if (words.count === 0) return undefined
  const grams = new Set<number>()
  for (let start = 0; start <= Math.max(0, words.count - gramWords); start++) {
    grams.add(gramHash(words, start, gramWords))
  }
  const lowest = new Uint32Array(signatureBytes).fill(0xffffffff)
  for (const gram of grams) {
    for (let at = 0; at < signatureBytes; at++) {
      const value = (Math.imul(gram, multipliers[at] ?? 1) + (summands[at] ?? 0)) >>> 0
      if (value < (lowest[at] ?? 0)) lowest[at] = value
    }
  }
  return Uint8Array.from(lowest, (value) => mixed(value) & 0xff)
}
