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
