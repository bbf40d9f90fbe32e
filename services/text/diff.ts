/**
 * Line differences of two texts, as spans of both. Lines are compared with their ends, so a lost final
 * newline or a changed "\r" is a difference.
 *
 * Unique common lines anchor the match (Bram Cohen's patience diff), the gaps between them are solved by
 * Myers' greedy algorithm (An O(ND) Difference Algorithm, 1986), and a gap too different for that is one hunk.
 */
import type { Span } from "./span.ts"
import { lineStartsOf } from "./span.ts"

/** Lines [old.start, old.end) of the old text became [new.start, new.end) of the new one; UTF-16 offsets. */
export interface Hunk {
  readonly old: Span
  readonly new: Span
}

/** Past this many differences a gap counts as rewritten: the search would be slower than it is useful. */
const maxDistance = 400

/**
 * Returns the hunks that turn `before` into `after`, in order, none touching the next.
 *
 * @example
 * lineDiff("a\nb\n", "a\nc\n") // [{ old: { start: 2, end: 4 }, new: { start: 2, end: 4 } }]
 */
export const lineDiff = (before: string, after: string): ReadonlyArray<Hunk> => {
  if (before === after) return []
  const head = commonHead(before, after)
  const tail = commonTail(before, after, head)
  if (head + tail === before.length || head + tail === after.length) {
    return [{ old: { start: head, end: before.length - tail }, new: { start: head, end: after.length - tail } }]
  }
  const oldText = before.slice(head, before.length - tail)
  const newText = after.slice(head, after.length - tail)
  const oldLines = endedLines(oldText)
  const newLines = endedLines(newText)
  return hunksBetween(matchTexts(oldLines.texts, newLines.texts), oldLines, newLines, head)
}

const matchUnits = (left: Int32Array, right: Int32Array): ReadonlyArray<number> => {
  const matched: Array<number> = []
  match(left, right, 0, left.length, 0, right.length, matched)
  return matched
}

/**
 * Returns which texts of two sequences match, in order and so that no pair crosses another: place in `left`, place in
 * `right`, and so on.
 */
export const matchTexts = (left: ReadonlyArray<string>, right: ReadonlyArray<string>): ReadonlyArray<number> => {
  const numbers = new Map<string, number>()
  const numbered = (texts: ReadonlyArray<string>) =>
    Int32Array.from(texts, (text) => {
      const known = numbers.get(text)
      if (known !== undefined) return known
      numbers.set(text, numbers.size)
      return numbers.size - 1
    })
  return matchUnits(numbered(left), numbered(right))
}

interface EndedLines {
  readonly texts: ReadonlyArray<string>
  /** Offsets of the line starts, and the length of the text at the end. */
  readonly offsets: ReadonlyArray<number>
}

const endedLines = (text: string): EndedLines => {
  const starts = lineStartsOf(text)
  const offsets = starts[starts.length - 1] === text.length ? [...starts] : [...starts, text.length]
  const texts: Array<string> = []
  for (let index = 0; index + 1 < offsets.length; index++) texts.push(text.slice(offsets[index], offsets[index + 1]))
  return { texts, offsets: offsets.length === 0 ? [0] : offsets }
}

/** Returns the length of the common head, cut back to a line start. */
const commonHead = (before: string, after: string): number => {
  const length = equalHead(before, after)
  return length === 0 ? 0 : before.lastIndexOf("\n", length - 1) + 1
}

/** Returns the length of the common tail behind `head`, cut back to a line start in both texts. */
const commonTail = (before: string, after: string, head: number): number => {
  let length = equalTail(before, after, Math.min(before.length, after.length) - head)
  // The tail starts a line in both texts when a line end, or the start of the text, stands before it.
  while (length > 0 && !(startsLine(before, length, head) && startsLine(after, length, head))) {
    const next = before.indexOf("\n", before.length - length)
    if (next === -1) return 0
    length = before.length - (next + 1)
  }
  return length
}

const startsLine = (text: string, tail: number, head: number): boolean => {
  const start = text.length - tail
  return start === head || text.charCodeAt(start - 1) === 10
}

/** Pushes pairs of matched line indices (old, new) of the two ranges, in order. */
const match = (
  a: Int32Array,
  b: Int32Array,
  aStart: number,
  aEnd: number,
  bStart: number,
  bEnd: number,
  out: Array<number>
): void => {
  while (aStart < aEnd && bStart < bEnd && a[aStart] === b[bStart]) out.push(aStart++, bStart++)
  let tail = 0
  while (aEnd - tail > aStart && bEnd - tail > bStart && a[aEnd - tail - 1] === b[bEnd - tail - 1]) tail++
  const aStop = aEnd - tail
  const bStop = bEnd - tail
  if (aStart < aStop && bStart < bStop) {
    const anchors = uniqueAnchors(a, b, aStart, aStop, bStart, bStop)
    if (anchors.length === 0) myers(a, b, aStart, aStop, bStart, bStop, out)
    else {
      let aFrom = aStart
      let bFrom = bStart
      for (const [aAnchor, bAnchor] of anchors) {
        match(a, b, aFrom, aAnchor, bFrom, bAnchor, out)
        out.push(aAnchor, bAnchor)
        aFrom = aAnchor + 1
        bFrom = bAnchor + 1
      }
      match(a, b, aFrom, aStop, bFrom, bStop, out)
    }
  }
  for (let index = 0; index < tail; index++) out.push(aStop + index, bStop + index)
}

/** Lines that occur once in each range, thinned to the longest run that increases in both. */
const uniqueAnchors = (
  a: Int32Array,
  b: Int32Array,
  aStart: number,
  aEnd: number,
  bStart: number,
  bEnd: number
): ReadonlyArray<readonly [number, number]> => {
  const places = new Map<number, { a: number; b: number; seenA: number; seenB: number }>()
  for (let index = aStart; index < aEnd; index++) {
    const line = a[index] ?? 0
    const place = places.get(line)
    if (place === undefined) places.set(line, { a: index, b: -1, seenA: 1, seenB: 0 })
    else place.seenA++
  }
  for (let index = bStart; index < bEnd; index++) {
    const place = places.get(b[index] ?? 0)
    if (place === undefined) continue
    place.seenB++
    place.b = index
  }
  const pairs: Array<readonly [number, number]> = []
  for (const place of places.values()) if (place.seenA === 1 && place.seenB === 1) pairs.push([place.a, place.b])
  pairs.sort((left, right) => left[0] - right[0])
  return longestIncreasing(pairs)
}

const longestIncreasing = (
  pairs: ReadonlyArray<readonly [number, number]>
): ReadonlyArray<readonly [number, number]> => {
  const tops: Array<number> = []
  const previous = new Int32Array(pairs.length).fill(-1)
  for (const [index, pair] of pairs.entries()) {
    let low = 0
    let high = tops.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((pairs[tops[middle] ?? 0]?.[1] ?? 0) < pair[1]) low = middle + 1
      else high = middle
    }
    if (low > 0) previous[index] = tops[low - 1] ?? -1
    tops[low] = index
  }
  const result: Array<readonly [number, number]> = []
  for (let index = tops[tops.length - 1] ?? -1; index !== -1; index = previous[index] ?? -1) {
    const pair = pairs[index]
    if (pair !== undefined) result.push(pair)
  }
  return result.reverse()
}

const myers = (
  a: Int32Array,
  b: Int32Array,
  aStart: number,
  aEnd: number,
  bStart: number,
  bEnd: number,
  out: Array<number>
): void => {
  const n = aEnd - aStart
  const m = bEnd - bStart
  const limit = Math.min(n + m, maxDistance)
  const trace: Array<Int32Array> = []
  const frontier = new Int32Array(2 * limit + 3)
  for (let distance = 0; distance <= limit; distance++) {
    trace.push(frontier.slice())
    for (let k = -distance; k <= distance; k += 2) {
      const at = k + limit + 1
      const left = frontier[at - 1] ?? 0
      const right = frontier[at + 1] ?? 0
      let x = k === -distance || (k !== distance && left < right) ? right : left + 1
      let y = x - k
      while (x < n && y < m && a[aStart + x] === b[bStart + y]) {
        x++
        y++
      }
      frontier[at] = x
      if (x >= n && y >= m) {
        backtrack(trace, limit, n, m, aStart, bStart, out)
        return
      }
    }
  }
}

const backtrack = (
  trace: ReadonlyArray<Int32Array>,
  limit: number,
  n: number,
  m: number,
  aStart: number,
  bStart: number,
  out: Array<number>
): void => {
  const pairs: Array<number> = []
  let x = n
  let y = m
  for (let distance = trace.length - 1; distance >= 0; distance--) {
    const frontier = trace[distance]
    if (frontier === undefined) continue
    const k = x - y
    const at = k + limit + 1
    const left = frontier[at - 1] ?? 0
    const right = frontier[at + 1] ?? 0
    const fromK = k === -distance || (k !== distance && left < right) ? k + 1 : k - 1
    const fromX = distance === 0 ? 0 : (frontier[fromK + limit + 1] ?? 0)
    const fromY = distance === 0 ? 0 : fromX - fromK
    while (x > fromX && y > fromY) {
      x--
      y--
      pairs.push(bStart + y, aStart + x)
    }
    x = fromX
    y = fromY
  }
  for (let index = pairs.length - 1; index >= 0; index--) out.push(pairs[index] ?? 0)
}

const hunksBetween = (
  matched: ReadonlyArray<number>,
  oldLines: EndedLines,
  newLines: EndedLines,
  head: number
): ReadonlyArray<Hunk> => {
  const hunks: Array<Hunk> = []
  let oldLine = 0
  let newLine = 0
  const close = (oldStop: number, newStop: number) => {
    if (oldStop === oldLine && newStop === newLine) return
    hunks.push({
      old: { start: head + (oldLines.offsets[oldLine] ?? 0), end: head + (oldLines.offsets[oldStop] ?? 0) },
      new: { start: head + (newLines.offsets[newLine] ?? 0), end: head + (newLines.offsets[newStop] ?? 0) }
    })
  }
  for (let index = 0; index < matched.length; index += 2) {
    const oldStop = matched[index] ?? 0
    const newStop = matched[index + 1] ?? 0
    close(oldStop, newStop)
    oldLine = oldStop + 1
    newLine = newStop + 1
  }
  close(oldLines.texts.length, newLines.texts.length)
  return hunks
}

/** Returns `before` with the first `count` hunks applied: the state in the middle of the edit. */
export const applyHunks = (
  before: string,
  after: string,
  hunks: ReadonlyArray<Hunk>,
  count = hunks.length
): string => {
  if (count === 0) return before
  const last = hunks[count - 1]
  if (last === undefined) return before
  // Up to the end of the last applied hunk the state is the new text; from there on it is the old one.
  return after.slice(0, last.new.end) + before.slice(last.old.end)
}

/** Narrows a changed pair of texts to what really differs: the lengths of their common head and tail. */
export const differingMiddle = (before: string, after: string): { readonly head: number; readonly tail: number } => {
  const head = equalHead(before, after)
  const tail = equalTail(before, after, Math.min(before.length, after.length) - head)
  return { head, tail }
}

/** Texts are compared piece by piece first, which is done many units at a time. */
const pieceLength = 1024

/** Returns how many UTF-16 units two texts begin with in common. */
export const equalHead = (a: string, b: string): number => {
  const limit = Math.min(a.length, b.length)
  let length = 0
  while (
    length + pieceLength <= limit && a.slice(length, length + pieceLength) === b.slice(length, length + pieceLength)
  ) length += pieceLength
  while (length < limit && a.charCodeAt(length) === b.charCodeAt(length)) length++
  return length
}

const equalTail = (a: string, b: string, limit: number): number => {
  let length = 0
  while (
    length + pieceLength <= limit &&
    a.slice(a.length - length - pieceLength, a.length - length) ===
      b.slice(b.length - length - pieceLength, b.length - length)
  ) length += pieceLength
  while (length < limit && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length++
  return length
}
