/** What can be said of one answer to a prompt of a next edit, beside the wanted one. */
import type { NextEditAnswer, ReadMoment } from "../../next-edit/dialect.ts"
import { mostReversed } from "../../next-edit/offer.ts"
import { lineDiff } from "../../text/diff.ts"
import { lineAt, lineStartsOf } from "../../text/span.ts"
import { deltaChrf } from "./delta-chrf.ts"
import { exactLines, type PrecisionRecall } from "./exact-lines.ts"
import { keptUnits } from "./kept.ts"
import { reversal } from "./reversal.ts"

/** How an answer compares with the wanted one, and which faults of next-edit models it shows. */
export interface EditScore {
  /** Whether it does nothing. */
  readonly isQuiet: boolean
  /** From 0 to 100. */
  readonly deltaChrf: number
  readonly lines: PrecisionRecall
  readonly kept: PrecisionRecall
  /** Whether nearly all of it takes back what the user did last. */
  readonly isReversal: boolean
  /** Whether the first thing that it does is to delete lines, as models do that took the region for another one. */
  readonly opensWithDeletions: boolean
  /** Whether all of it is far from all that is wanted. */
  readonly isFar: boolean
  /** Whether it goes on long behind the end of the region. */
  readonly isOverLong: boolean
}

/** An answer that could be read. */
export type ReadAnswer = Exclude<NextEditAnswer, { readonly _tag: "unreadable" }>

/** Lines that the first hunk of an answer deletes, from which on the region was missed. */
const missedLines = 3
/** Lines between two edits that belong together: as many as make two edits one event. */
const nearLines = 8
/** A text goes on too long that is more than twice as long as it should be, and longer by more than this. UTF-16 units. */
const longBeyond = 256

/** Returns the region of a moment after an answer. */
export const regionAfter = ({ region }: Pick<ReadMoment, "region">, answer: ReadAnswer): string =>
  answer._tag === "edit" ? answer.text : region

/** Scores an answer. Both answers are of the same moment. */
export const scoreEdit = (shown: ReadMoment, wanted: ReadAnswer, given: ReadAnswer): EditScore => {
  const { above, below } = shown
  const before = beforeLastEvent(shown)
  const visible = (answer: ReadAnswer) => `${above}${regionAfter(shown, answer)}${below}`
  // Formats differ in whether a region has the end of its last line; what is counted is the same in all of them.
  const region = endedText(shown.region)
  const [expected, actual] = [endedText(regionAfter(shown, wanted)), endedText(regionAfter(shown, given))]
  const hunks = lineDiff(region, actual)
  const [first] = hunks
  return {
    isQuiet: actual === region,
    deltaChrf: deltaChrf(region, expected, actual),
    lines: exactLines(region, expected, actual),
    kept: keptUnits(region, expected, actual),
    isReversal: before !== undefined &&
      reversal(before, visible({ _tag: "no edit" }), visible(given)) > mostReversed,
    opensWithDeletions: first !== undefined && linesIn(region.slice(first.old.start, first.old.end)) >= missedLines,
    isFar: isFar(region, expected, actual),
    isOverLong: actual.length > 2 * Math.max(region.length, expected.length) + longBeyond
  }
}

const endedText = (text: string): string => (text === "" || text.endsWith("\n") ? text : `${text}\n`)

const linesIn = (text: string): number => text === "" ? 0 : text.replace(/\n$/, "").split("\n").length

const isFar = (region: string, expected: string, actual: string): boolean => {
  const [wanted, given] = [rowsChanged(region, expected), rowsChanged(region, actual)]
  return wanted.length > 0 && given.length > 0 &&
    given.every((one) => wanted.every((other) => Math.max(one.from - other.to, other.from - one.to) > nearLines))
}

/** The rows of a region that an edit touches, the first and the last of each hunk. */
const rowsChanged = (region: string, after: string) => {
  const starts = lineStartsOf(region)
  return lineDiff(region, after).map(({ old }) => ({
    from: lineAt(starts, old.start),
    to: lineAt(starts, Math.max(old.start, old.end - 1))
  }))
}

/**
 * Returns what is shown of the file as it was before the last event; undefined where that was in another file, or its
 * lines are not among those that are shown. Of several places that look alike the one nearest to the cursor is taken.
 */
export const beforeLastEvent = ({ above, below, cursor, events, path, region }: ReadMoment): string | undefined => {
  const last = events.at(-1)
  if (last === undefined || last.path !== path || last.after.trim() === "") return undefined
  const visible = `${above}${region}${below}`
  const after = last.after.replace(/\n$/, "")
  const here = above.length + (cursor ?? 0)
  let nearest = -1
  for (let at = visible.indexOf(after); at !== -1; at = visible.indexOf(after, at + 1)) {
    const startsLine = at === 0 || visible[at - 1] === "\n"
    const endsLine = at + after.length === visible.length || visible[at + after.length] === "\n"
    const isNearer = nearest === -1 || Math.abs(at - here) < Math.abs(nearest - here)
    if (startsLine && endsLine && isNearer) nearest = at
  }
  if (nearest === -1) return undefined
  // Lines that came where none were take their line end along.
  const end = nearest + after.length + (last.before === "" && visible[nearest + after.length] === "\n" ? 1 : 0)
  return visible.slice(0, nearest) + last.before.replace(/\n$/, "") + visible.slice(end)
}
