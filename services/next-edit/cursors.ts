/**
 * Where the cursor may stand at a moment. Source of how often it stays, and of its being some columns off: Zed's splitting
 * of commits, July 2026.
 */
import type { Random } from "../text/random.ts"
import { endOfLine, isBlank, lineStartsOf, linesUp, startOfLine } from "../text/span.ts"

/** How often the cursor stands where the last edit ended, where the next one is near; else about the next one. */
const staysShare = 0.8
/** How often the cursor is some columns off, and how many at the most. */
const offShare = 0.2
const mostOff = 5

/** On a line that somebody came to: how often before its first word, and behind its last; else before any word. */
const beforeShare = 0.5
const behindShare = 0.3
/** How often somebody who is about to edit a line stands some lines off, and how many at the most. */
const awayShare = 0.4
const mostAway = 3

/**
 * Returns where the cursor may stand when an edit at `target` is to come, the likeliest place first: where the last
 * edit ended, null for one that is too far away to matter, and about the line of the next one. Offsets are UTF-16 units.
 */
export const targetCursors = (
  text: string,
  target: number,
  lastEnd: number | null,
  random: Random
): ReadonlyArray<number> => {
  const stays = lastEnd !== null && random.next() < staysShare ? [endedAt(text, lastEnd, random)] : []
  return [...stays, comeTo(text, lineAbout(text, target, random), random), comeTo(text, target, random)]
}

/** Returns where the cursor may stand when nothing is to come: where the last edit ended, or on any line. */
export const quietCursors = (text: string, lastEnd: number | null, random: Random): ReadonlyArray<number> => {
  const starts = lineStartsOf(text)
  const anywhere = () => comeTo(text, starts[random.below(starts.length)] ?? 0, random)
  const here = () => (lastEnd === null ? [] : [endedAt(text, lastEnd, random)])
  return [...(random.next() < 0.5 ? here() : []), anywhere(), anywhere(), ...here()]
}

/** A place on a line that somebody came to. With an edit to come or without one: the column tells nothing of it. */
const comeTo = (text: string, at: number, random: Random): number => {
  const start = startOfLine(text, Math.min(text.length, at))
  const end = endOfLine(text, start)
  const first = start + (/^[ \t]*/.exec(text.slice(start, end))?.[0].length ?? 0)
  const drawn = random.next()
  const cursor = drawn < beforeShare
    ? first
    : drawn < beforeShare + behindShare
    ? end
    : startOfWord(text, first + random.below(end - first + 1), first)
  return isBorder(text, cursor) ? cursor : first
}

const startOfWord = (text: string, at: number, least: number): number => {
  let start = at
  while (start > least && /[\p{L}\p{N}_]/u.test(text.charAt(start - 1))) start--
  return start
}

const lineAbout = (text: string, target: number, random: Random): number => {
  if (random.next() >= awayShare) return target
  const by = 1 + random.below(mostAway)
  if (random.next() < 0.5) return linesUp(text, target, by)
  let at = Math.min(text.length, target)
  for (let line = 0; line < by; line++) at = Math.min(text.length, endOfLine(text, at) + 1)
  return at
}

/** Where an edit ended, or some columns off. */
const endedAt = (text: string, end: number, random: Random): number => jittered(text, endOfEdit(text, end), random)

/** The end of the last line that an edit wrote, or of the last one above that says something. */
const endOfEdit = (text: string, end: number): number => {
  let at = Math.min(text.length, end > 0 && text.charCodeAt(end - 1) === 10 ? end - 1 : end)
  for (let line = 0; line < mostBlank && at > 0; line++) {
    const start = startOfLine(text, at)
    if (start === 0 || !isBlank(text.slice(start, at))) break
    at = start - 1
  }
  return at
}

/** Blank lines that an edit may end in. */
const mostBlank = 3

/** People do not always stand where they were last: some columns to either side, on the same line. */
const jittered = (text: string, cursor: number, random: Random): number => {
  if (random.next() >= offShare) return cursor
  const by = (1 + random.below(mostOff)) * (random.next() < 0.5 ? -1 : 1)
  const moved = Math.min(Math.max(startOfLine(text, cursor), cursor + by), endOfLine(text, cursor))
  return isBorder(text, moved) ? moved : cursor
}

/** Whether a cursor can stand there: neither within a surrogate pair nor within a line end. */
const isBorder = (text: string, at: number): boolean =>
  (text.charCodeAt(at) & 0xfc00) !== 0xdc00 && text.charCodeAt(at - 1) !== 13
