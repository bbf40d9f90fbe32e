/** Where the cursor stands: an offset in one of several units, or a line and a column, as a UTF-16 offset. */
import { isInsideCharacter, type Span, utf8Length } from "../../services/text/span.ts"

export type OffsetEncoding = "utf-8" | "utf-16" | "utf-32"

/** Returns the UTF-16 offset of `units` of an encoding, clamped to the text and set back to a character's start. */
export const offsetOf = (
  text: string,
  units: number,
  encoding: OffsetEncoding,
  start = 0,
  end = text.length
): number => {
  if (!(units > 0)) return start
  if (encoding === "utf-16" || (encoding === "utf-8" && isAscii(text, start, Math.min(end, start + units)))) {
    const offset = Math.min(end, start + Math.floor(units))
    return isInsideCharacter(text, offset) && text.charCodeAt(offset) !== 10 ? offset - 1 : offset
  }
  let left = units
  for (let offset = start; offset < end;) {
    const point = text.codePointAt(offset) ?? 0
    left -= encoding === "utf-32" ? 1 : point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
    if (left < 0) return offset
    offset += point > 0xffff ? 2 : 1
  }
  return end
}

const isAscii = (text: string, start: number, end: number): boolean => {
  for (let index = start; index < end; index++) if (text.charCodeAt(index) > 127) return false
  return true
}

/** A line from 0, and a character in it; in the Language Server Protocol a line ends with "\n", "\r\n" or "\r". */
export interface Position {
  readonly line: number
  readonly character: number
}

/** Returns where a line starts and where its text ends; a line behind the last one is empty, at the end. */
const lineSpan = (text: string, line: number): Span => {
  // Where there is no "\r", as in most texts, it is looked for once.
  let feed = positionOr(text, "\n", 0)
  let carriage = positionOr(text, "\r", 0)
  let start = 0
  for (let number = 0; number < line; number++) {
    const end = Math.min(feed, carriage)
    if (end === Infinity) return { start: text.length, end: text.length }
    start = end === carriage && feed === carriage + 1 ? feed + 1 : end + 1
    if (feed < start) feed = positionOr(text, "\n", start)
    if (carriage < start) carriage = positionOr(text, "\r", start)
  }
  return { start, end: Math.min(feed, carriage, text.length) }
}

const positionOr = (text: string, end: string, from: number): number => {
  const found = text.indexOf(end, from)
  return found === -1 ? Infinity : found
}

/**
 * Returns the offset of a position in a text that a client edits; past a line's end it is that end. Clients that count
 * UTF-16 units may cut a pair of them in two, and put the other half there with the next change.
 */
export const offsetOfEdit = (text: string, position: Position, encoding: OffsetEncoding): number => {
  const { end, start } = lineSpan(text, position.line)
  return encoding === "utf-16" && position.character > 0
    ? Math.min(end, start + Math.floor(position.character))
    : offsetOf(text, position.character, encoding, start, end)
}

/** Returns the offset of a position where a cursor can stand. */
export const offsetAt = (text: string, position: Position, encoding: OffsetEncoding): number => {
  const { end, start } = lineSpan(text, position.line)
  return offsetOf(text, position.character, encoding, start, end)
}

/** Returns the position of a UTF-16 offset: what `offsetAt` gives for it is the offset, where a cursor can stand there. */
export const positionOf = (text: string, offset: number, encoding: OffsetEncoding): Position => {
  let line = 0
  let start = 0
  for (let at = 0; at < offset; at++) {
    const unit = text.charCodeAt(at)
    if (unit !== 10 && (unit !== 13 || text.charCodeAt(at + 1) === 10)) continue
    line++
    start = at + 1
  }
  return { line, character: unitsIn(text.slice(start, offset), encoding) }
}

const unitsIn = (text: string, encoding: OffsetEncoding): number => {
  switch (encoding) {
    case "utf-16":
      return text.length
    case "utf-8":
      return utf8Length(text)
    case "utf-32":
      return [...text].length
  }
}

/** Where a request says that the cursor is; in the middle of the text when it does not say. */
export const cursorOf = (
  text: string,
  asked: {
    readonly cursor_offset?: number | undefined
    readonly offset_encoding?: OffsetEncoding | undefined
    readonly position?: Position | undefined
  }
): number => {
  if (asked.position !== undefined) return offsetAt(text, asked.position, asked.offset_encoding ?? "utf-16")
  const { cursor_offset: units } = asked
  return units === undefined
    ? offsetOf(text, Math.floor(text.length / 2), "utf-16")
    : offsetOf(text, units, asked.offset_encoding ?? "utf-8")
}
