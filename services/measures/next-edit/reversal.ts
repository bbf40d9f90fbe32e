/**
 * How much of an edit only takes back what the user did last: the mark of a model that has not understood where the user
 * is going.
 */
import { lineDiff } from "../../text/diff.ts"
import type { Span } from "../../text/span.ts"
import { matchedUnits, unitsOf } from "./units.ts"

/** Changes of no more than this are looked at unit by unit. UTF-16 units, and lines. */
const smallLength = 512
const smallLines = 8

interface TextChange {
  /** What of the text before goes, and what of the text after stands in its place. */
  readonly old: Span
  readonly new: Span
}

/**
 * Returns the share of the characters of an edit that undo the edit before it, from 0 to 1: `before` became `original`,
 * which became `actual`. An edit that does nothing undoes nothing.
 */
export const reversal = (before: string, original: string, actual: string): number => {
  const history = changesOf(before, original)
  const edits = changesOf(original, actual)
  let all = 0
  let undone = 0
  for (const { new: come, old: gone } of edits) {
    all += lengthIn(gone) + lengthIn(come)
    let restored = 0
    for (const earlier of history) {
      undone += Math.max(0, Math.min(gone.end, earlier.new.end) - Math.max(gone.start, earlier.new.start))
      const isHere = earlier.new.start >= gone.start && earlier.new.start <= Math.max(gone.end, gone.start)
      if (!isHere) continue
      const lost = unitsOf(before.slice(earlier.old.start, earlier.old.end))
      const fresh = unitsOf(actual.slice(come.start, come.end))
      restored += matchedUnits(lost, fresh).reduce((sum, [place]) => sum + (lost[place]?.length ?? 0), 0)
    }
    undone += Math.min(restored, lengthIn(come))
  }
  return all === 0 ? 0 : undone / all
}

const lengthIn = ({ end, start }: Span): number => end - start

/** Returns the changes between two texts, cut down to the units that differ where they are small. */
const changesOf = (before: string, after: string): ReadonlyArray<TextChange> =>
  lineDiff(before, after).flatMap((hunk): ReadonlyArray<TextChange> => {
    const [gone, come] = [before.slice(hunk.old.start, hunk.old.end), after.slice(hunk.new.start, hunk.new.end)]
    const isSmall = [gone, come].every((text) => text.length <= smallLength && text.split("\n").length <= smallLines)
    return isSmall ? unitChanges(gone, come, hunk) : [hunk]
  })

const unitChanges = (gone: string, come: string, hunk: TextChange): ReadonlyArray<TextChange> => {
  const [left, right] = [unitsOf(gone), unitsOf(come)]
  const changes: Array<TextChange> = []
  const at = { left: 0, right: 0, old: hunk.old.start, new: hunk.new.start }
  const step = (toLeft: number, toRight: number) => {
    const old = { start: at.old, end: at.old + lengthOfUnits(left, at.left, toLeft) }
    const fresh = { start: at.new, end: at.new + lengthOfUnits(right, at.right, toRight) }
    if (old.end > old.start || fresh.end > fresh.start) changes.push({ old, new: fresh })
    const same = left[toLeft]?.length ?? 0
    Object.assign(at, { left: toLeft + 1, right: toRight + 1, old: old.end + same, new: fresh.end + same })
  }
  for (const [one, other] of matchedUnits(left, right)) step(one, other)
  step(left.length, right.length)
  return changes
}

const lengthOfUnits = (units: ReadonlyArray<string>, from: number, to: number): number =>
  units.slice(from, to).reduce((sum, { length }) => sum + length, 0)
