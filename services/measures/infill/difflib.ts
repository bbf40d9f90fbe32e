/**
 * Edit similarity as fuzzywuzzy prints it where python-Levenshtein is not installed: the ratio of Python's difflib, in
 * whole numbers. It is here to compare with figures that were made so. It takes the longest block that both texts share,
 * then the longest ones on both sides of it, and in texts of 200 characters or more it is blind to frequent characters:
 * two texts that differ in the first of 251 letters "a" have nothing in common.
 */
import { inSingleUnits } from "./characters.ts"

/** From this length on, characters that are frequent in the second text begin no block. */
const blindFrom = 200

/** Returns the similarity of two texts, from 0 to 100; the order of the two matters. */
export const difflibSimilarity = (answer: string, gold: string): number => {
  const [left, right] = inSingleUnits(answer.trim(), gold.trim())
  const total = left.length + right.length
  return total === 0 ? 100 : roundHalfEven(100 * (2 * sharedInBlocks(left, right) / total))
}

/** Python rounds halves to the even neighbour. */
const roundHalfEven = (figure: number): number => figure % 1 === 0.5 ? 2 * Math.round(figure / 2) : Math.round(figure)

interface Block {
  readonly left: number
  readonly right: number
  readonly length: number
}

type BlockRange = readonly [fromLeft: number, toLeft: number, fromRight: number, toRight: number]

const sharedInBlocks = (left: string, right: string): number => {
  const places = seenPlaces(right)
  const open: Array<BlockRange> = [[0, left.length, 0, right.length]]
  let shared = 0
  for (let range = open.pop(); range !== undefined; range = open.pop()) {
    const [fromLeft, toLeft, fromRight, toRight] = range
    const block = longestBlock(left, right, places, range)
    if (block.length === 0) continue
    shared += block.length
    open.push([fromLeft, block.left, fromRight, block.right])
    open.push([block.left + block.length, toLeft, block.right + block.length, toRight])
  }
  return shared
}

/** Returns where each character stands, in order, without those that difflib is blind to. */
const seenPlaces = (text: string): ReadonlyMap<string, ReadonlyArray<number>> => {
  const places = new Map<string, Array<number>>()
  for (const [at, character] of text.split("").entries()) {
    const known = places.get(character)
    if (known === undefined) places.set(character, [at])
    else known.push(at)
  }
  if (text.length < blindFrom) return places
  const most = Math.floor(text.length / 100) + 1
  return new Map([...places].filter(([, all]) => all.length <= most))
}

/** Returns the longest block in a range, the first one of `left`, and of those the first one of `right`. */
const longestBlock = (
  left: string,
  right: string,
  places: ReadonlyMap<string, ReadonlyArray<number>>,
  [fromLeft, toLeft, fromRight, toRight]: BlockRange
): Block => {
  let best: Block = { left: fromLeft, right: fromRight, length: 0 }
  let lengths = new Map<number, number>()
  for (let at = fromLeft; at < toLeft; at++) {
    const next = new Map<number, number>()
    for (const place of places.get(left.charAt(at)) ?? []) {
      if (place < fromRight) continue
      if (place >= toRight) break
      const length = (lengths.get(place - 1) ?? 0) + 1
      next.set(place, length)
      if (length > best.length) best = { left: at - length + 1, right: place - length + 1, length }
    }
    lengths = next
  }
  // A block grows over the characters that none begins with.
  let { left: start, length, right: other } = best
  while (start > fromLeft && other > fromRight && left[start - 1] === right[other - 1]) {
    start--
    other--
    length++
  }
  while (start + length < toLeft && other + length < toRight && left[start + length] === right[other + length]) length++
  return { left: start, right: other, length }
}
