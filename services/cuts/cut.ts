/** A cut: the part of a file that a model is to fill in, and how it was found. */
import { countLines, isBlank, isInsideCharacter, lengthOf, type Span } from "../text/span.ts"

/**
 * The kinds of cuts. block: the inside of a body. statement: one statement or definition. expression: an expression or
 * argument. siblings: a run of statements or list items. line-end: from a likely cursor to the end of its line.
 * characters: a random span. lines: whole lines of a file without a grammar.
 */
export const cutKinds = ["block", "statement", "expression", "siblings", "line-end", "characters", "lines"] as const
/** What a cut takes out. */
export type CutKind = typeof cutKinds[number]

/** A part of a file that is to be filled in. */
export interface Cut {
  readonly kind: CutKind
  /** The middle; neither starts nor ends with white space unless the kind is characters. */
  readonly span: Span
  /** Whether the middle is the text of a comment. */
  readonly isComment: boolean
}

/** How large a middle may be. */
export interface CutLimits {
  readonly maxLines: number
  /** UTF-16 units. */
  readonly maxChars: number
}

/** A longer middle would teach a model to ramble: people accept shorter completions. UTF-16 units. */
export const maxMiddleChars = 700

/** The shortest middle that is worth a row, in UTF-16 units. */
export const minMiddleChars = 2

/**
 * Whether a span may be a middle: it is not blank, not too short, not over a limit, and splits no character.
 *
 * @example
 * isFitting("a = f(x)", { start: 4, end: 8 }, { maxLines: 1, maxChars: 4 }) // true
 */
export const isFitting = (text: string, span: Span, limits: CutLimits): boolean => {
  const length = lengthOf(span)
  if (length < minMiddleChars || length > limits.maxChars) return false
  if (isInsideCharacter(text, span.start) || isInsideCharacter(text, span.end)) return false
  const middle = text.slice(span.start, span.end)
  return !isBlank(middle) && countLines(middle) <= limits.maxLines
}

/**
 * Weights by which kinds are drawn for cuts along a syntax tree. They aim at 30 % blocks, 20 % statements, 20 %
 * expressions, 15 % siblings and 15 % line ends. Every change offers an expression but few offer a whole block, so
 * blocks weigh more.
 */
export const kindShares: ReadonlyMap<CutKind, number> = new Map([
  ["block", 60],
  ["statement", 20],
  ["expression", 14],
  ["siblings", 18],
  ["line-end", 12]
])
