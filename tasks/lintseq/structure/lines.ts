/** Lines of a program with their ends, and how deep they stand. */

/** Splits a text into lines with their ends; the last one may have none. */
export const linesWithEnds = (text: string): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let start = 0
  for (let index = text.indexOf("\n"); index !== -1; index = text.indexOf("\n", start)) {
    lines.push(text.slice(start, index + 1))
    start = index + 1
  }
  if (start < text.length) lines.push(text.slice(start))
  return lines
}

/** Characters of white space before the first other one. */
export const indentOf = (line: string): number => line.length - line.trimStart().length
