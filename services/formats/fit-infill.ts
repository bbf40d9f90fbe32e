/** Fits an example into its size: the middle first, then prefix to suffix three to one, cut at line ends. */
import { endOfLine } from "../text/span.ts"

export interface FittedInfill {
  readonly prefix: string
  readonly suffix: string
  /** UTF-16 units taken from the start of the prefix and from the end of the suffix. */
  readonly prefixCut: number
  readonly suffixCut: number
}

/** The prefix's part of what the middle leaves. */
const prefixShare = 0.75

/**
 * Returns as much of prefix and suffix as fits beside `middleLength` in `total` UTF-16 units; undefined when
 * the middle alone is too long. What one side does not need, the other may use.
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

/** The last whole lines of a text that fit into `room`; of a first line that does not fit, nothing. */
export const keepEnd = (text: string, room: number): string => {
  if (text.length <= room) return text
  if (room <= 0) return ""
  const from = text.length - room
  // A cut at a line start keeps that line; else the next line is the first.
  const start = text.charCodeAt(from - 1) === 10 ? from : endOfLine(text, from) + 1
  return text.slice(Math.min(start, text.length))
}

/** The first whole lines of a text that fit into `room`. */
export const keepStart = (text: string, room: number): string => {
  if (text.length <= room) return text
  if (room <= 0) return ""
  const end = text.lastIndexOf("\n", room - 1) + 1
  return text.slice(0, end)
}
