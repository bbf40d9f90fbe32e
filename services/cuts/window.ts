/**
 * The lines of a file that must be parsed to see what stands at a place: the items around it, and of everything that
 * holds them the lines where it begins and ends. They are found by how lines are indented, at a cost that follows the
 * place and not the file. Indentation only says what is likely, so whoever uses this checks that what it gives parses.
 */
import { endOfLine, type Span, startOfLine } from "../text/span.ts"

/** Languages in which prose, as in a comment that a window cuts in two, may be a program without an error. */
const readsLikeProse = new Set(["ruby", "bash"])

/** The furthest that items are followed up or down, in UTF-16 units. */
const furthest = 16_000

/**
 * Returns the parts of a text that show what stands in `spans`, in order and apart from one another, or undefined where
 * they cannot be told or are more than half of it. The spans are in order.
 */
export const windowAround = (
  text: string,
  spans: ReadonlyArray<Span>,
  language: string
): ReadonlyArray<Span> | undefined => {
  if (readsLikeProse.has(language)) return undefined
  const parts: Array<Span> = []
  if (language === "php") {
    if (!text.startsWith("<?php")) return undefined
    parts.push({ start: 0, end: endOfLine(text, 0) })
  }
  for (const span of spans) {
    const items = itemsAround(text, outOfText(text, span, language))
    if (items === undefined || !pushHolders(text, items, language, parts)) return undefined
  }
  const merged = merge(parts)
  return 2 * merged.reduce((sum, { end, start }) => sum + end - start, 0) > text.length ? undefined : merged
}

/** What may run over many lines that are no code, by language: how it begins and how it ends. */
const longTexts: ReadonlyMap<string, readonly [begin: string, end: string]> = new Map([
  ["python", ["\"\"\"", "\"\"\""]],
  ["go", ["`", "`"]],
  ["javascript", ["`", "`"]],
  ["typescript", ["`", "`"]],
  ["tsx", ["`", "`"]]
])

/** Widens a span to all of the text, or of the comment, that either of its ends stands in, as far as can be told nearby. */
const outOfText = (text: string, span: Span, language: string): Span => {
  const [begin, end] = longTexts.get(language) ?? ["/*", "*/"]
  const start = begin === end
    ? isInside(text, begin, span.start) ? text.lastIndexOf(begin, span.start - 1) : span.start
    : text.lastIndexOf(begin, span.start) > text.lastIndexOf(end, span.start)
    ? text.lastIndexOf(begin, span.start)
    : span.start
  if (begin !== end || !isInside(text, begin, span.end, start)) return { start, end: span.end }
  const close = text.indexOf(end, span.end)
  return { start, end: close === -1 ? span.end : close + end.length }
}

/** Whether an odd number of marks stands between an offset and the one before. */
const isInside = (text: string, mark: string, offset: number, from = Math.max(0, offset - furthest)): boolean => {
  let count = 0
  for (let at = text.indexOf(mark, from); at !== -1 && at < offset; at = text.indexOf(mark, at + mark.length)) count++
  return count % 2 === 1
}

/** Whole lines, and the indentation of the outermost of them. */
interface Items extends Span {
  readonly indent: number
}

/** A line, without its end. */
interface TextLine extends Span {
  /** Units of white space before its first word; -1 for a blank line. */
  readonly indent: number
}

const lineAround = (text: string, offset: number): TextLine => {
  const start = startOfLine(text, offset)
  const end = endOfLine(text, offset)
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at)
    if (code !== 32 && code !== 9 && code !== 13) return { start, end, indent: at - start }
  }
  return { start, end, indent: -1 }
}

const lineAbove = (text: string, { start }: TextLine): TextLine | undefined =>
  start === 0 ? undefined : lineAround(text, start - 1)
const lineBelow = (text: string, { end }: TextLine): TextLine | undefined =>
  end >= text.length ? undefined : lineAround(text, end + 1)

const firstOf = (text: string, { indent, start }: TextLine): string => text.charAt(start + Math.max(0, indent))

/** Widens a span to whole items: from below a blank line or the line that holds them, to above one. */
const itemsAround = (text: string, span: Span): Items | undefined => {
  let first = lineAround(text, span.start)
  let last = first
  let indent = first.indent
  for (;;) {
    if (last.indent >= 0 && (indent < 0 || last.indent < indent)) indent = last.indent
    const next = lineBelow(text, last)
    if (next === undefined || last.end >= span.end) break
    last = next
  }
  if (indent < 0) return undefined
  for (let above = lineAbove(text, first); above !== undefined; above = lineAbove(text, above)) {
    const isItem = first.indent === indent && !closers.has(firstOf(text, first))
    if (above.indent < 0 ? isItem : above.indent < indent) break
    if (above.indent >= 0) first = above
    if (span.start - above.start > furthest) return undefined
  }
  for (let below = lineBelow(text, last); below !== undefined; below = lineBelow(text, below)) {
    if (below.indent >= 0 && below.indent < indent) break
    if (below.indent === indent && lineAbove(text, below)?.indent === -1 && !closers.has(firstOf(text, below))) break
    if (below.indent >= 0) last = below
    if (below.end - span.end > furthest) return undefined
  }
  return { start: first.start, end: Math.min(text.length, last.end + 1), indent }
}

const closers = new Set([")", "]", "}"])
/** Lines that go on with what stands above them. */
const goesOn = /^[)\]}{]|^(?:else|elif|except|finally|catch|rescue|ensure)\b/
const isCase = /^(?:case\b|default\b)/

/** Whether a line says nothing about what holds the lines below it, though it may be indented less. */
const isAside = (text: string, line: TextLine, language: string): boolean => {
  if (line.indent < 0) return true
  const words = text.slice(line.start + line.indent, Math.min(line.end, line.start + line.indent + 60))
  if (/^(?:\/\/|\/\*|\*|#(?!\[))/.test(words)) return true
  return (language === "c" || language === "cpp") && /^\w+:\s*$/.test(words)
}

/** Pushes some items and what holds them; false where the lines of a holder cannot be told. */
const pushHolders = (text: string, items: Items, language: string, parts: Array<Span>): boolean => {
  parts.push(items)
  let above = lineAbove(text, lineAround(text, items.start))
  let below = lineBelow(text, lineAround(text, items.end - 1))
  let indent = items.indent
  let isInCase = false
  while (indent > 0) {
    const isHolder = (line: TextLine): boolean => {
      if (line.indent >= indent || isAside(text, line, language)) return false
      return !(isInCase && isCase.test(text.slice(line.start + line.indent, line.end)))
    }
    while (above !== undefined && !isHolder(above)) above = lineAbove(text, above)
    if (above === undefined) return false
    const holder = above
    const opening = openingOf(text, holder)
    if (opening === undefined) return false
    parts.push({ start: opening.start, end: Math.min(text.length, holder.end + 1) })
    while (below !== undefined && !(below.indent <= holder.indent && isHolder(below))) below = lineBelow(text, below)
    if (below !== undefined && closers.has(firstOf(text, below))) {
      const start = below.start + below.indent
      const [marks = ""] = /^[)\]};,]+[ \t\r]*/.exec(text.slice(start, below.end + 1)) ?? []
      // With the end of its line, which ends a statement in some languages.
      const end = start + marks.length
      parts.push({ start: below.start, end: end === below.end ? Math.min(text.length, end + 1) : end })
      below = lineBelow(text, below)
    }
    isInCase = isCase.test(text.slice(holder.start + holder.indent, holder.end))
    indent = isInCase ? holder.indent + 1 : holder.indent
    above = lineAbove(text, opening)
  }
  return true
}

/** The line where what ends with a line begins: a header may take several. */
const openingOf = (text: string, holder: TextLine): TextLine | undefined => {
  let opening = holder
  while (goesOn.test(text.slice(opening.start + opening.indent, opening.end))) {
    let above = lineAbove(text, opening)
    while (above !== undefined && (above.indent < 0 || above.indent > holder.indent)) above = lineAbove(text, above)
    if (above === undefined || holder.end - above.start > furthest) return undefined
    opening = above
  }
  // A type, an attribute or a decorator may stand on lines of its own.
  for (let above = lineAbove(text, opening); above !== undefined; above = lineAbove(text, above)) {
    if (above.indent !== opening.indent || /[;{}]\s*$|\*\/\s*$/.test(text.slice(above.start, above.end))) break
    if (closers.has(firstOf(text, above))) break
    opening = above
  }
  return opening
}

/** Parts in order, those that touch made one. */
const merge = (parts: ReadonlyArray<Span>): ReadonlyArray<Span> => {
  const merged: Array<Span> = []
  for (const part of parts.toSorted((a, b) => a.start - b.start)) {
    const last = merged[merged.length - 1]
    if (last !== undefined && part.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, part.end) }
    } else merged.push(part)
  }
  return merged
}
