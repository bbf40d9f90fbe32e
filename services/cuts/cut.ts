/** A cut: the part of a file that a model is to fill in, and how it was found. */
import { countLines, isBlank, isInsideCharacter, lengthOf, type Span } from "../text/span.ts"

/**
 * block: the inside of a body. statement: one statement or definition. expression: an expression or argument.
 * siblings: a run of statements or list items. line-end: from a likely cursor to the end of its line.
 * characters: a random span. lines: whole lines of a file without a grammar.
 */
export const cutKinds = ["block", "statement", "expression", "siblings", "line-end", "characters", "lines"] as const
export type CutKind = typeof cutKinds[number]

export interface Cut {
  readonly kind: CutKind
  /** The middle; neither starts nor ends with white space unless the kind is characters. */
  readonly span: Span
  /** Whether the middle is text of a comment. */
  readonly isComment: boolean
}

export interface CutLimits {
  readonly maxLines: number
  /** UTF-16 units. */
  readonly maxChars: number
}

/** A middle longer than this teaches rambling: the completions that people accept are shorter. UTF-16 units. */
export const maxMiddleChars = 700

/** The shortest middle that says something, in UTF-16 units. */
export const minMiddleChars = 2

/**
 * Whether the span may be a middle at all: neither blank, nor too short, nor over a limit, nor inside a character.
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
 * Weights by which kinds are drawn for cuts along a syntax tree. Meant are 30 % blocks, 20 % statements and expressions
 * each, 15 % siblings and line ends each; every change offers an expression but few a whole block, so blocks weigh more.
 */
export const kindShares: ReadonlyMap<CutKind, number> = new Map([
  ["block", 60],
  ["statement", 20],
  ["expression", 14],
  ["siblings", 18],
  ["line-end", 12]
])
