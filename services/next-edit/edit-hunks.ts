/**
 * The changes of a text as someone would make them. A line difference may stand some lines higher or lower just as well:
 * it is moved to where people begin, which is a blank line above, the smaller indent, and neither a closing bracket nor
 * what follows an annotation. Changes that nothing but blank lines and brackets part are one.
 */
import { type Hunk, lineDiff } from "../text/diff.ts"
import { endOfLine, isBlank, type Span, startOfLine } from "../text/span.ts"

/** A hunk is moved by so many lines at the most, and as many may part two hunks that are one. */
const mostMoved = 50
const mostBetween = 3

/** Returns the hunks that turn `before` into `after`, in order, none touching the next; offsets are UTF-16 units. */
export const editHunks = (before: string, after: string): ReadonlyArray<Hunk> => {
  const hunks = lineDiff(before, after)
  const moved: Array<Hunk> = []
  for (const [place, hunk] of hunks.entries()) {
    moved.push(movedHunk(before, after, hunk, moved.at(-1), hunks[place + 1]))
  }
  return joined(before, moved)
}

/** Moves a hunk that only writes or only takes away, between those beside it. */
const movedHunk = (
  before: string,
  after: string,
  hunk: Hunk,
  above: Hunk | undefined,
  below: Hunk | undefined
): Hunk => {
  const isWritten = hunk.old.start === hunk.old.end
  if (isWritten === (hunk.new.start === hunk.new.end)) return hunk
  const [text, side] = isWritten ? [after, "new" as const] : [before, "old" as const]
  const [from, to] = [above?.[side].end ?? -1, below?.[side].start ?? text.length + 1]
  const span = hunk[side]
  let best = span
  let least = awkwardnessOf(text, span)
  for (const step of [lineUp, lineDown]) {
    let place = span
    for (let moves = 0; moves < mostMoved; moves++) {
      const next = step(text, place)
      // Hunks that touch would be one.
      if (next === undefined || next.start <= from || next.end >= to) break
      place = next
      const awkwardness = awkwardnessOf(text, place)
      if (awkwardness >= least) continue
      best = place
      least = awkwardness
    }
  }
  const by = best.start - span.start
  const shifted = ({ end, start }: Span): Span => ({ start: start + by, end: end + by })
  return { old: shifted(hunk.old), new: shifted(hunk.new) }
}

/** The same change a line higher; undefined where it would be another one. */
const lineUp = (text: string, { end, start }: Span): Span | undefined => {
  if (start === 0) return undefined
  const above = startOfLine(text, start - 1)
  const last = startOfLine(text, end - 1)
  return text.slice(above, start) === text.slice(last, end) ? { start: above, end: last } : undefined
}

const lineDown = (text: string, { end, start }: Span): Span | undefined => {
  const first = endOfLine(text, start) + 1
  const below = endOfLine(text, end) + 1
  return below <= text.length && text.slice(start, first) === text.slice(end, below)
    ? { start: first, end: below }
    : undefined
}

const closing = /^\s*(?:[}\])]|end\b|<\/)/
const leading = /^\s*(?:@\w|#\[|\/\/|\/\*|\*|#(?!\s*(?:define|elif|else|endif|error|if|include|line|pragma|undef)))/

/** How little a change looks like one that somebody would make here. */
const awkwardnessOf = (text: string, { end, start }: Span): number => {
  const first = text.slice(start, endOfLine(text, start))
  const above = start === 0 ? "" : text.slice(startOfLine(text, start - 1), start - 1)
  // Of the first line that says something.
  const indent = /^(?:[^\S\n]*\n)*([ \t]*)/.exec(text.slice(start, end))?.[1]?.length ?? 0
  return (closing.test(first) ? 8 : 0) + (leading.test(above) ? 6 : 0) + (isBlank(first) ? 2 : 0) +
    (isBlank(above) ? 0 : 1) + Math.min(indent, 99) / 100
}

/** Joins hunks between which nobody would have stopped. */
const joined = (before: string, hunks: ReadonlyArray<Hunk>): ReadonlyArray<Hunk> => {
  const all: Array<Hunk> = []
  for (const hunk of hunks) {
    const last = all.at(-1)
    if (last !== undefined && saysNothing(before.slice(last.old.end, hunk.old.start))) {
      all[all.length - 1] = {
        old: { start: last.old.start, end: hunk.old.end },
        new: { start: last.new.start, end: hunk.new.end }
      }
    } else all.push(hunk)
  }
  return all
}

const saysNothing = (between: string): boolean =>
  !/[\p{L}\p{N}_]/u.test(between) && between.split("\n").length <= mostBetween + 1
