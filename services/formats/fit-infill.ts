/** Fits an example into its size: the middle comes first; what is left goes to prefix and suffix, three to one. */
import { endOfLine } from "../text/span.ts"

/** What of a prefix and a suffix fits. */
export interface FittedInfill {
  readonly prefix: string
  readonly suffix: string
  /** UTF-16 units taken from the start of the prefix and from the end of the suffix. */
  readonly prefixCut: number
  readonly suffixCut: number
}

/** The prefix's share of the room that the middle leaves. */
const prefixShare = 0.75

/**
 * Returns as much of prefix and suffix as fits beside `middleLength` in `total` UTF-16 units, cut at line ends;
 * undefined when the middle alone is too long. The other side may use what one side does not need.
 *
 * @example
 * fitInfill("a\nb\nc\n", "d\ne\n", 2, 8)?.prefix // "b\nc\n"
 */
export const fitInfill = (
  prefix: string,
  suffix: string,
  middleLength: number,
  total: number
): FittedInfill | undefined => {
  const room = total - middleLength
  if (room < 0) return undefined
  if (prefix.length + suffix.length <= room) return { prefix, suffix, prefixCut: 0, suffixCut: 0 }
  const forPrefix = Math.max(Math.floor(room * prefixShare), room - suffix.length)
  const fittedPrefix = keepEnd(prefix, forPrefix)
  const fittedSuffix = keepStart(suffix, room - fittedPrefix.length)
  return {
    prefix: fittedPrefix,
    suffix: fittedSuffix,
    prefixCut: prefix.length - fittedPrefix.length,
    suffixCut: suffix.length - fittedSuffix.length
  }
}

/** Returns the last whole lines of a text that fit into `room` UTF-16 units; "" when not even one does. */
export const keepEnd = (text: string, room: number): string => {
  if (text.length <= room) return text
  if (room <= 0) return ""
  const from = text.length - room
  // A cut at the start of a line keeps that line; any other keeps the lines from the next one on.
  const start = text.charCodeAt(from - 1) === 10 ? from : endOfLine(text, from) + 1
  return text.slice(Math.min(start, text.length))
}

/** Returns the first whole lines of a text that fit into `room` UTF-16 units; "" when not even one does. */
export const keepStart = (text: string, room: number): string => {
  if (text.length <= room) return text
  if (room <= 0) return ""
  const end = text.lastIndexOf("\n", room - 1) + 1
  return text.slice(0, end)
}
