/** What of an answer an editor is offered: the text that changes and nothing around it, or nothing at all. */
import { reversal } from "../measures/next-edit/reversal.ts"
import { differingMiddle } from "../text/diff.ts"
import type { Span } from "../text/span.ts"
import { applied, type NextEditAnswer, type ShownMoment } from "./dialect.ts"
import type { EditMoment } from "./example.ts"

/** One replacement in the file at hand. */
export interface EditOffer {
  readonly _tag: "offer"
  /** What is replaced, as UTF-16 offsets in the text of the file. */
  readonly range: Span
  readonly text: string
  /** Where the cursor goes, as an offset in the text after the edit; null where the model does not say. */
  readonly cursor: number | null
}

/** Why nothing is offered. */
export interface NoOffer {
  readonly _tag: "none"
  readonly reason: "no edit" | "takes back what was just done" | "unreadable answer"
}

/** An edit that takes back more than this of what the user did last is not offered: a share, from 0 to 1. */
export const mostReversed = 0.9

/** Returns what is offered for an answer. */
export const offerOf = (moment: EditMoment, shown: ShownMoment, answer: NextEditAnswer): EditOffer | NoOffer => {
  if (answer._tag === "unreadable") return { _tag: "none", reason: "unreadable answer" }
  const { text } = moment.file
  const after = applied(text, shown, answer)
  if (answer._tag === "no edit" || after === text) return { _tag: "none", reason: "no edit" }
  const last = moment.events.findLast(({ path }) => path === moment.file.path)
  const isTakenBack = last !== undefined && last.after === text && reversal(last.before, text, after) > mostReversed
  if (isTakenBack) return { _tag: "none", reason: "takes back what was just done" }
  const { head, tail } = differingMiddle(text, after)
  const range = wholeCharacters(text, { start: head, end: text.length - tail })
  return {
    _tag: "offer",
    range,
    text: after.slice(range.start, after.length - (text.length - range.end)),
    cursor: answer.cursor === null ? null : shown.region.start + answer.cursor
  }
}

/** Moves the ends of a span out of surrogate pairs, and out of "\r\n". */
const wholeCharacters = (text: string, { end, start }: Span): Span => ({
  start: isInside(text, start) ? start - 1 : start,
  end: isInside(text, end) ? end + 1 : end
})

const isInside = (text: string, at: number): boolean => {
  if (at <= 0 || at >= text.length) return false
  const [before, behind] = [text.charCodeAt(at - 1), text.charCodeAt(at)]
  return ((before & 0xfc00) === 0xd800 && (behind & 0xfc00) === 0xdc00) || (before === 13 && behind === 10)
}
