/**
 * Cuts a file into chunks for lexical search: at declarations, and wherever a stretch grows long. No chunk begins inside
 * a comment or a string, and long ones of those do not count for its length, because nobody is shown them.
 */
import { proseBlocksOf } from "./prose-blocks.ts"
import type { SymbolFacts } from "./symbols.ts"

/** UTF-16 units: a chunk ends at a declaration once it holds the first number, and at any line past the second. */
const fewest = 160
const most = 480

/** A chunk is no longer than this, whatever it holds, unless one string is. UTF-16 units. */
const longest = 4000

/**
 * Returns spans of whole lines that cover the text, as pairs of offsets. The comments and decorators right above a
 * declaration stay with it.
 */
export const chunksOf = (text: string, language: string, symbols: ReadonlyArray<SymbolFacts>): Int32Array => {
  const declared = new Set<number>()
  for (const { hasBody, start } of symbols) if (hasBody) declared.add(lineStart(text, start))
  const blocks = proseBlocksOf(text, language)
  let at = 0
  const spans: Array<number> = []
  let start = 0
  /** Units of the chunk so far that are not shown. */
  let unseen = 0
  /** The start of the comments that lead up to the line, or -1. */
  let lead = -1
  let lastBlank = -1
  const cutAt = (cut: number) => {
    spans.push(start, cut)
    start = cut
    unseen = 0
    lastBlank = -1
  }
  for (let line = 0; line < text.length;) {
    const newline = text.indexOf("\n", line)
    const next = newline === -1 ? text.length : newline + 1
    for (let block = blocks[at]; block !== undefined && block.end <= line; block = blocks[++at]) {
      if (block.isTold && block.start >= start) unseen += block.end - block.start
    }
    if ((blocks[at]?.start ?? line) < line) {
      line = next
      continue
    }
    const first = firstUnit(text, line, next)
    const isBlank = first === -1
    const isLead = first === 47 || first === 42 || first === 35 || first === 64
    const length = line - start - unseen
    if (declared.has(line)) {
      const cut = lead === -1 ? line : lead
      if (length - (line - cut) >= fewest) cutAt(cut)
    } else if ((length >= most && !isClosing(first)) || line - start >= longest) {
      // Never inside the comment that leads up to what comes next.
      cutAt(lead > start + fewest ? lead : lastBlank > start + fewest ? lastBlank : line)
    }
    if (isBlank) lastBlank = next
    lead = isLead ? (lead === -1 ? line : lead) : -1
    line = next
  }
  if (start < text.length) spans.push(start, text.length)
  return Int32Array.from(spans)
}

const lineStart = (text: string, offset: number): number => offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1

/** Whether a line starts with a bracket that closes what comes before. */
const isClosing = (unit: number): boolean => unit === 125 || unit === 41 || unit === 93

/** Returns the first unit of a line that is not white space, or -1. */
const firstUnit = (text: string, start: number, end: number): number => {
  for (let index = start; index < end; index++) {
    const unit = text.charCodeAt(index)
    if (unit > 32) return unit
  }
  return -1
}
