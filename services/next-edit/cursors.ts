/** Where the cursor may stand at a moment. Source of the shares: Zed's splitting of commits, July 2026. */
import type { Random } from "../text/random.ts"
import { endOfLine, lineStartsOf, startOfLine } from "../text/span.ts"

/** How often the cursor stands where the last edit ended, where the next one is near; else it stands at the next one. */
const staysShare = 0.8
/** How often the cursor is some columns off, and how many at the most. */
const offShare = 0.2
const mostOff = 5

/**
 * Returns where the cursor may stand when an edit at `target` is to come, the likeliest place first: where the last
 * edit ended, null for one that is too far away to matter, and at the line of the next one. Offsets are UTF-16 units.
 */
export const targetCursors = (
  text: string,
  target: number,
  lastEnd: number | null,
  random: Random
): ReadonlyArray<number> => {
  const stays = lastEnd !== null && random.next() < staysShare ? [endOfEdit(text, lastEnd)] : []
  return [...stays, firstOnLine(text, target)].map((cursor) => jittered(text, cursor, random))
}

/** Returns where the cursor may stand when nothing is to come: where the last edit ended, or at the end of any line. */
export const quietCursors = (text: string, lastEnd: number | null, random: Random): ReadonlyArray<number> => {
  const starts = lineStartsOf(text)
  const anywhere = () => endOfLine(text, starts[random.below(starts.length)] ?? 0)
  const here = lastEnd === null || random.next() < 0.5 ? [] : [endOfEdit(text, lastEnd)]
  return [...here, anywhere(), anywhere(), ...(lastEnd === null ? [] : [endOfEdit(text, lastEnd)])]
}

/** The end of the last line that an edit wrote. */
const endOfEdit = (text: string, end: number): number =>
  Math.min(text.length, end > 0 && text.charCodeAt(end - 1) === 10 ? end - 1 : end)

const firstOnLine = (text: string, target: number): number => {
  const start = Math.min(text.length, target)
  const end = endOfLine(text, start)
  return start + (/^[ \t]*/.exec(text.slice(start, end))?.[0].length ?? 0)
}

/** People do not always stand where they were last: some columns to either side, on the same line. */
const jittered = (text: string, cursor: number, random: Random): number => {
  if (random.next() >= offShare) return cursor
  const by = (1 + random.below(mostOff)) * (random.next() < 0.5 ? -1 : 1)
  const moved = Math.min(Math.max(startOfLine(text, cursor), cursor + by), endOfLine(text, cursor))
  const splitsPair = (text.charCodeAt(moved) & 0xfc00) === 0xdc00
  return splitsPair || text.charCodeAt(moved - 1) === 13 ? cursor : moved
}
