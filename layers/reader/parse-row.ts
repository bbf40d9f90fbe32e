/** Reads the bytes of one row. */
import { isUtf8 } from "node:buffer"
import { isNestedDeeper } from "../../services/rows/nesting.ts"
import type { FileRow } from "../../services/Reader.ts"

/** A longer row is not read: no text of this program may be as long as what could be made of it. */
export const longestRow = 128 * 1024 * 1024
/** So much is shown of a row that is too long. */
export const shownOfLong = 2000

/** Reads a JSON text that stands where a row should be. */
export const parseRowText = (line: string): FileRow => {
  const text = line.trim()
  try {
    const value: unknown = JSON.parse(text)
    return isNestedDeeper(value)
      ? { _tag: "malformed", text, reason: "nested too deeply" }
      : { _tag: "row", value, text }
  } catch {
    return { _tag: "malformed", text, reason: "no JSON" }
  }
}

/** Reads a line of UTF-8, which may be none, and may not be JSON. */
export const parseRowBytes = (line: Buffer): FileRow =>
  isUtf8(line)
    ? parseRowText(line.toString("utf8"))
    : { _tag: "malformed", text: line.toString("utf8").trim(), reason: "not UTF-8" }
