/** A piece of a text among the lines that it stands between, which is how people know it again. */
import { endOfLine, isBlank, type Span, startOfLine } from "./span.ts"

/** A piece with less ink recurs by nature. UTF-16 units that are no white space. */
const tellingInk = 20

/** Lines of a piece that are given, at the most. */
const mostLines = 64

/**
 * Returns the whole lines of a piece, with the next ones above and below, blank ones left out; undefined for a piece with
 * so little ink that it recurs by nature.
 */
export const tellingLines = (text: string, span: Span): ReadonlyArray<string> | undefined => {
  if (text.slice(span.start, span.end).replace(/\s/g, "").length < tellingInk) return undefined
  const start = startOfLine(text, span.start)
  const end = endOfLine(text, text[span.end - 1] === "\n" ? span.end - 1 : span.end)
  const lines = inkedLinesOf(text.slice(start, end)).slice(0, mostLines)
  const above = inkedLinesOf(text.slice(0, start)).slice(-1)
  const below = lines.length === mostLines ? [] : inkedLinesOf(text.slice(end)).slice(0, 1)
  return [...above, ...lines, ...below]
}

/** Returns the lines of a text that are not blank. */
export const inkedLinesOf = (text: string): ReadonlyArray<string> => text.split("\n").filter((line) => !isBlank(line))
