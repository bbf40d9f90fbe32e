/**
 * Borders inside a region, by number: an answer names the borders between which it writes and leaves the rest out.
 * Source: Zed's multi-region prompts of version V0318, July 2026.
 */
import { differingMiddle } from "../text/diff.ts"
import { lineStartsOf, type Span, startOfLine } from "../text/span.ts"

/** A block has at least so many lines, where there is a good place to end it; and no more than these, if it can. */
const fewestLines = 6
const mostLines = 16
/** How far behind its place a border may move to a better line. */
const reach = 4

/** The borders of a text as offsets, from 0 to its end, in order and each once. */
export type RegionMarkers = ReadonlyArray<number>

/** A line that a block may begin with: it opens something, and neither closes a block nor leaves one. */
const beginsBlock = (line: string): boolean => {
  const text = line.trim()
  return text !== "" && !/^[}\])]/.test(text) && !/^(?:break|continue|return|throw|end)$/.test(text.replace(/;$/, ""))
}

/** Returns the borders of a region. */
export const markersOf = (text: string): RegionMarkers => {
  if (text === "") return [0, 0]
  const starts = lineStartsOf(text)
  const count = starts.length - (text.endsWith("\n") ? 1 : 0)
  const lineIn = (line: number): string => text.slice(starts[line] ?? text.length, starts[line + 1] ?? text.length)
  const placeNear = (line: number): number => {
    for (let at = line; at <= line + reach && at < count; at++) if (beginsBlock(lineIn(at))) return at
    return line
  }
  const offsets = [0]
  let last = 0
  for (let line = 0; line < count;) {
    const gap = line - last
    const startsParagraph = gap >= fewestLines && lineIn(line).trim() !== "" && lineIn(line - 1).trim() === ""
    const place = startsParagraph || gap >= mostLines ? placeNear(line) : -1
    const offset = starts[place] ?? -1
    const isFit = place !== -1 && offset > (offsets.at(-1) ?? 0) && (gap >= mostLines || count - place >= fewestLines)
    if (isFit) {
      offsets.push(offset)
      last = place
      line = place + 1
    } else line++
  }
  if (offsets.at(-1) !== text.length) offsets.push(text.length)
  return offsets
}

/** Returns a text with the tags of its borders at their places, and other marks at theirs. */
export const withTags = (
  text: string,
  marks: ReadonlyArray<{ readonly at: number; readonly tag: string }>
): string => {
  let out = ""
  let from = 0
  for (const { at, tag } of marks) {
    out += text.slice(from, at) + tag
    from = at
  }
  return out + text.slice(from)
}

/** Which borders an edit lies between, and where they stand in the new text. */
export interface MarkedEdit {
  /** Place of the first border among all. */
  readonly first: number
  /** Offsets of the borders in the new text, from the first to the last. */
  readonly offsets: ReadonlyArray<number>
}

/** Returns the borders around what differs between two regions, which must not be equal. */
export const markedEdit = (old: string, fresh: string, markers: RegionMarkers): MarkedEdit => {
  const { head, tail } = differingMiddle(old, fresh)
  const behind = old.length - tail
  let first = markers.findLastIndex((offset) => offset <= head)
  let last = markers.findIndex((offset) => offset >= behind)
  if (first === last) {
    if (last < markers.length - 1) last++
    else first--
  }
  const shift = fresh.length - old.length
  const changed: Span = { start: head, end: fresh.length - tail }
  let before = markers[first] ?? 0
  const offsets = markers.slice(first, last + 1).map((offset, index, all) => {
    const isLast = index === all.length - 1
    const moved = index === 0 || (offset <= head && !isLast)
      ? offset
      : offset >= behind || isLast
      ? offset + shift
      : nearLineStart(
        fresh,
        changed,
        changed.start + Math.round((offset - head) / (behind - head) * (changed.end - head))
      )
    before = Math.max(before, moved)
    return before
  })
  return { first, offsets }
}

/** The start of the next line within what changed, or else of the line itself. */
const nearLineStart = (text: string, { end }: Span, offset: number): number => {
  const newline = text.indexOf("\n", Math.max(0, offset - 1))
  return newline !== -1 && newline + 1 <= end ? newline + 1 : startOfLine(text, offset)
}
