/** Where the cursor stands: an offset in one of several units, or a line and a column, as a UTF-16 offset. */
import { isInsideCharacter } from "../../services/text/span.ts"

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

/** Returns the offset of a position, whose line and character count from 0; past a line's end it is that end. */
export const offsetAt = (
  text: string,
  position: { readonly line: number; readonly character: number },
  encoding: OffsetEncoding
): number => {
  let start = 0
  for (let line = 0; line < position.line; line++) {
    const newline = text.indexOf("\n", start)
    if (newline === -1) return text.length
    start = newline + 1
  }
  const newline = text.indexOf("\n", start)
  const end = newline === -1 ? text.length : text.charCodeAt(newline - 1) === 13 ? newline - 1 : newline
  return offsetOf(text, position.character, encoding, start, Math.max(start, end))
}

/** Where a request says that the cursor is; in the middle of the text when it does not say. */
export const cursorOf = (
  text: string,
  asked: {
    readonly cursor_offset?: number | null | undefined
    readonly offset_encoding?: OffsetEncoding | undefined
    readonly position?: { readonly line: number; readonly character: number } | undefined
  }
): number => {
  if (asked.position !== undefined) return offsetAt(text, asked.position, asked.offset_encoding ?? "utf-16")
  const { cursor_offset: units } = asked
  return units === undefined || units === null
    ? offsetOf(text, Math.floor(text.length / 2), "utf-16")
    : offsetOf(text, units, asked.offset_encoding ?? "utf-8")
}
