/** Cuts a file into chunks for lexical search: at declarations, and wherever a stretch grows long. */
import type { SymbolFacts } from "./symbols.ts"

/** UTF-16 units: a chunk ends at a declaration once it holds the first number, and at any line past the second. */
const fewest = 160
const most = 480

/**
 * Returns spans of whole lines that cover the text, as pairs of offsets. The comments and decorators right above a
 * declaration stay with it.
 */
export const chunksOf = (text: string, symbols: ReadonlyArray<SymbolFacts>): Int32Array => {
  const declared = new Set<number>()
  for (const { hasBody, start } of symbols) if (hasBody) declared.add(lineStart(text, start))
  const spans: Array<number> = []
  let start = 0
  /** The start of the comments that lead up to the line, or -1. */
  let lead = -1
  let lastBlank = -1
  for (let line = 0; line < text.length;) {
    const newline = text.indexOf("\n", line)
    const next = newline === -1 ? text.length : newline + 1
    const first = firstUnit(text, line, next)
    const isBlank = first === -1
    const isLead = first === 47 || first === 42 || first === 35 || first === 64
    if (declared.has(line)) {
      const cut = lead === -1 ? line : lead
      if (cut - start >= fewest) {
        spans.push(start, cut)
        start = cut
        lastBlank = -1
      }
    } else if (line - start >= most) {
      // Never inside the comment that leads up to what comes next.
      const cut = lead > start + fewest ? lead : lastBlank > start + fewest ? lastBlank : line
      spans.push(start, cut)
      start = cut
      lastBlank = -1
    }
    if (isBlank) lastBlank = next
    lead = isLead ? (lead === -1 ? line : lead) : -1
    line = next
  }
  if (start < text.length) spans.push(start, text.length)
  return Int32Array.from(spans)
}

const lineStart = (text: string, offset: number): number => offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1

/** Returns the first unit of a line that is not white space, or -1. */
const firstUnit = (text: string, start: number, end: number): number => {
  for (let index = start; index < end; index++) {
    const unit = text.charCodeAt(index)
    if (unit > 32) return unit
  }
  return -1
}
