/**
 * Turns the bytes of a blob into text: UTF-8 only, with byte order mark and line ends kept, so that rows can rebuild
 * it.
 */

/** The text of a file and whether it has a byte for every UTF-16 unit, or why its bytes are not text. */
export type Decoded =
  | { readonly _tag: "text"; readonly text: string; readonly isAscii: boolean }
  | { readonly _tag: "refused"; readonly reason: "binary" | "not UTF-8" }

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** How many bytes are searched for a NUL, as git does. */
const binaryWindow = 8000

/**
 * Returns the text of a file, or why its bytes are not text.
 *
 * @example
 * decodeSource(Uint8Array.of(0xff)) // { _tag: "refused", reason: "not UTF-8" }
 */
export const decodeSource = (bytes: Uint8Array): Decoded => {
  if (bytes.subarray(0, binaryWindow).includes(0)) return { _tag: "refused", reason: "binary" }
  try {
    const text = decoder.decode(bytes)
    return { _tag: "text", text, isAscii: text.length === bytes.length }
  } catch {
    return { _tag: "refused", reason: "not UTF-8" }
  }
}
