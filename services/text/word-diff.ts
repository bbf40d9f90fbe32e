/** What differs inside two short texts, word by word, as a person marks it who compares them. */
import { matchTexts } from "./diff.ts"
import type { Span } from "./span.ts"

/** Spans of two texts that the other one does not have, in UTF-16 units; none of them is empty. */
export interface WordDiff {
  readonly left: ReadonlyArray<Span>
  readonly right: ReadonlyArray<Span>
}

/** A word, white space within a line, or any other single character. */
const wordPattern = /[\p{L}\p{N}_]+|[^\S\r\n]+|[^]/gu

/** Texts that share a smaller part of their words than this are not compared: all of both differs. */
const leastShared = 0.25

/**
 * Returns the words that only one of the texts has. Only what is blank between two of them counts as one with them, so
 * that marks do not fall to pieces.
 *
 * @example
 * wordDiff("x = first", "x = last") // { left: [{ start: 4, end: 9 }], right: [{ start: 4, end: 8 }] }
 */
export const wordDiff = (left: string, right: string): WordDiff => {
  const [one, other] = [wordsOf(left), wordsOf(right)]
  const pairs = matchTexts(one.texts, other.texts)
  const shared = { left: new Set<number>(), right: new Set<number>() }
  let words = 0
  for (let at = 0; at < pairs.length; at += 2) {
    shared.left.add(pairs[at] ?? 0)
    shared.right.add(pairs[at + 1] ?? 0)
    if (/\S/.test(one.texts[pairs[at] ?? 0] ?? "")) words++
  }
  const most = Math.max(...[one, other].map(({ texts }) => texts.filter((text) => /\S/.test(text)).length))
  if (words < most * leastShared) return { left: wholeOf(left), right: wholeOf(right) }
  return { left: spansBetween(one, shared.left), right: spansBetween(other, shared.right) }
}

interface WordList {
  readonly texts: ReadonlyArray<string>
  readonly starts: ReadonlyArray<number>
}

const wordsOf = (text: string): WordList => {
  const texts: Array<string> = []
  const starts: Array<number> = []
  for (const match of text.matchAll(wordPattern)) {
    texts.push(match[0])
    starts.push(match.index)
  }
  return { texts, starts }
}

const wholeOf = (text: string): ReadonlyArray<Span> => (text === "" ? [] : [{ start: 0, end: text.length }])

const spansBetween = ({ starts, texts }: WordList, shared: ReadonlySet<number>): ReadonlyArray<Span> => {
  const spans: Array<Span> = []
  let open: { start: number; end: number } | undefined
  for (const [index, text] of texts.entries()) {
    const start = starts[index] ?? 0
    if (!shared.has(index)) {
      if (open === undefined) open = { start, end: start + text.length }
      else open.end = start + text.length
      continue
    }
    // What is blank between two words that differ belongs to them.
    const isBridge = open !== undefined && /^[^\S\r\n]+$/.test(text) && index + 1 < texts.length &&
      !shared.has(index + 1)
    if (isBridge || open === undefined) continue
    spans.push(open)
    open = undefined
  }
  return open === undefined ? spans : [...spans, open]
}
