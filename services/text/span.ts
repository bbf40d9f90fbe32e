/**
 * Spans and lines of a text. Offsets count UTF-16 units unless a name says bytes; a line ends after its "\n".
 */

/** A half-open range [start, end) of UTF-16 offsets. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Returns how many UTF-16 units a span holds. */
export const lengthOf = (span: Span): number => span.end - span.start

/** Whether the spans share at least one unit. */
export const isOverlapping = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end

/** Whether `outer` holds all of `inner`. */
export const isWithin = (inner: Span, outer: Span): boolean => outer.start <= inner.start && inner.end <= outer.end

/** Returns the offsets at which lines start: 0, then the one behind each "\n", even at the end of the text. */
export const lineStartsOf = (text: string): ReadonlyArray<number> => {
  const starts = [0]
  for (let index = text.indexOf("\n"); index !== -1; index = text.indexOf("\n", index + 1)) starts.push(index + 1)
  return starts
}

/** Returns the index of the line that holds `offset`, by binary search. */
export const lineAt = (lineStarts: ReadonlyArray<number>, offset: number): number => {
  let low = 0
  let high = lineStarts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((lineStarts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

/** Returns how many lines a text has, at least one; a final "\n" does not start another. */
export const countLines = (text: string): number => {
  let lines = 1
  for (let index = text.indexOf("\n"); index !== -1 && index + 1 < text.length; index = text.indexOf("\n", index + 1)) {
    lines++
  }
  return lines
}

/** Returns the offset at which the line of `offset` starts. */
export const startOfLine = (text: string, offset: number): number =>
  offset === 0 ? 0 : text.lastIndexOf("\n", offset - 1) + 1

/** Returns the offset at which the line `count` lines above that of `offset` starts, or the start of the text. */
export const linesUp = (text: string, offset: number, count: number): number => {
  let start = startOfLine(text, offset)
  for (let line = 0; line < count && start > 0; line++) start = startOfLine(text, start - 1)
  return start
}

/** Returns the offset of the "\n" that ends the line of `offset`, or the length of the text. */
export const endOfLine = (text: string, offset: number): number => {
  const index = text.indexOf("\n", offset)
  return index === -1 ? text.length : index
}

const isBlankUnit = (unit: number): boolean =>
  unit === 32 || (unit >= 9 && unit <= 13) || unit === 0xa0 || unit === 0xfeff || unit === 0x3000

/**
 * Returns the span without the white space at both its ends; empty when it is all blank.
 *
 * @example
 * trimSpan("  a b ", { start: 0, end: 6 }) // { start: 2, end: 5 }
 */
export const trimSpan = (text: string, span: Span): Span => {
  let { end, start } = span
  while (start < end && isBlankUnit(text.charCodeAt(start))) start++
  while (end > start && isBlankUnit(text.charCodeAt(end - 1))) end--
  return { start, end }
}

/** Whether the text holds nothing but white space. */
export const isBlank = (text: string): boolean => {
  for (let index = 0; index < text.length; index++) if (!isBlankUnit(text.charCodeAt(index))) return false
  return true
}

/** Returns the number of UTF-8 bytes of text[start, end). A lone surrogate counts as three, as its replacement does. */
export const utf8Length = (text: string, start = 0, end = text.length): number => {
  let bytes = end - start
  for (let index = start; index < end; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) continue
    if (unit < 0x800) bytes += 1
    else if (unit >= 0xd800 && unit < 0xdc00 && index + 1 < end && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00) {
      bytes += 2
      index++
    } else bytes += 2
  }
  return bytes
}

const identifierUnit = /[\p{L}\p{N}_$]/u

/** Whether an offset stands between two characters of one identifier. */
export const isInsideIdentifier = (text: string, offset: number): boolean => {
  if (offset <= 0 || offset >= text.length) return false
  return identifierUnit.test(text[offset - 1] ?? "") && identifierUnit.test(text[offset] ?? "")
}

/** Whether an offset would split a surrogate pair or a "\r\n". */
export const isInsideCharacter = (text: string, offset: number): boolean => {
  if (offset <= 0 || offset >= text.length) return false
  const before = text.charCodeAt(offset - 1)
  const after = text.charCodeAt(offset)
  return ((before & 0xfc00) === 0xd800 && (after & 0xfc00) === 0xdc00) || (before === 13 && after === 10)
}
