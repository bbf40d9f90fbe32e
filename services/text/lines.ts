/** Texts as lines: what ends a line, and whether an empty text has one, depends on who is looking. */

/**
 * Returns the lines of a text as an editor shows them: an empty text is one empty line, and a "\r" at the end of every
 * line belongs to the format of the file, not to the line.
 *
 * @example
 * shownLines("a\r\nb\r\n") // ["a", "b"]
 */
export const shownLines = (text: string): ReadonlyArray<string> => {
  if (text === "") return [""]
  const lines = text.split("\n")
  if (lines[lines.length - 1] === "") lines.pop()
  return lines.every((line) => line.endsWith("\r")) ? lines.map((line) => line.slice(0, -1)) : lines
}

/** A text as lines without their ends. Only "\n" ends a line, so "\r" and "\f" are part of it. */
export interface LineText {
  readonly lines: ReadonlyArray<string>
  /** Whether the last line has no "\n"; false for the empty text. */
  readonly isOpen: boolean
}

/** The text that has no lines. */
export const emptyText: LineText = { lines: [], isOpen: false }

/**
 * Splits a text into lines; `joinLines` gives it back.
 *
 * @example
 * splitLines("a\n\nb") // { lines: ["a", "", "b"], isOpen: true }
 */
export const splitLines = (text: string): LineText => {
  if (text === "") return emptyText
  const lines = text.split("\n")
  if (lines[lines.length - 1] !== "") return { lines, isOpen: true }
  lines.pop()
  return { lines, isOpen: false }
}

/** Returns the text that lines stand for. */
export const joinLines = ({ isOpen, lines }: LineText): string =>
  lines.length === 0 ? "" : lines.join("\n") + (isOpen ? "" : "\n")

/**
 * Returns a text whose lines end with "\n" alone. Lines and the places in them stay what they are to an editor, which
 * counts neither end.
 *
 * @example
 * withLineFeeds("a\r\nb") // "a\nb"
 */
export const withLineFeeds = (text: string): string => text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text

/**
 * Returns what a text that begins at a place shows near it: the rest of the line that the place breaks, and `count` lines
 * more.
 *
 * @example
 * linesBehind("a\nb\nc", 1) // "a\nb"
 */
export const linesBehind = (text: string, count: number): string => {
  let end = -1
  for (let line = 0; line <= count; line++) {
    const next = text.indexOf("\n", end + 1)
    if (next === -1) return text
    end = next
  }
  return text.slice(0, end)
}

/** Returns what a text that ends at a place shows near it: the begun line, and the `count` lines before it. */
export const linesBefore = (text: string, count: number): string => {
  let start = text.length
  for (let line = 0; line <= count; line++) {
    if (start === 0) return text
    start = text.lastIndexOf("\n", start - 1)
    if (start === -1) return text
  }
  return text.slice(start)
}
