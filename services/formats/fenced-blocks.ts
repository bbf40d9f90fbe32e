/**
 * The fenced blocks of a text in Markdown, as CommonMark defines them: in lists and quotes, with longer fences around
 * shorter ones, unclosed up to the end of what they stand in. Indented code, HTML and code spans hold none.
 */
import MarkdownIt from "markdown-it"
import { languageSpelled } from "../text/language.ts"

/** One fenced block. */
export interface FencedBlock {
  /** What stands behind the opening fence, without the white space around it. */
  readonly info: string
  /** The lines between the fences with their ends, without the marks of lists and quotes around them. */
  readonly content: string
  /** Where the line of the opening fence starts, in UTF-16 units of the text. */
  readonly offset: number
}

/** Blocks are found line by line; what stands in a line is not looked at. Linear in the text, however it nests. */
const markdown = new MarkdownIt("commonmark")
markdown.core.ruler.enableOnly(["block"])

const lineEnd = /\r\n?|\n/g

/** Lines that might open a block: texts without one are not parsed. */
const mayHoldFence = /`{3}|~{3}/

/**
 * Returns the fenced blocks of a text in their order.
 *
 * @example
 * fencedBlocks("So:\n~~~py title=\"a.py\"\nx = 1\n~~~\n") // [{ info: "py title=\"a.py\"", content: "x = 1\n", offset: 4 }]
 */
export const fencedBlocks = (text: string): ReadonlyArray<FencedBlock> => {
  if (!mayHoldFence.test(text)) return []
  const ends = [...text.matchAll(lineEnd)]
  const startOf = (line: number): number => {
    const end = ends[line - 1]
    return end === undefined ? 0 : end.index + end[0].length
  }
  const hasReturns = text.includes("\r")
  const plain = hasReturns ? text.replace(lineEnd, "\n") : text
  return markdown.parse(plain, {}).flatMap(({ content, info, map, type }) => {
    if (type !== "fence") return []
    const line = map?.[0] ?? 0
    // Whatever ended a line of the text ends it in the block.
    const own = hasReturns ? content.replace(/\n/g, linesEndAs(ends, line + 1)) : content
    return [{ info: info.trim(), content: own, offset: startOf(line) }]
  })
}

/** Gives the ends of the lines of a text one after the other, from a line on. */
const linesEndAs = (ends: ReadonlyArray<RegExpExecArray>, first: number): () => string => {
  let line = first
  return () => ends[line++]?.[0] ?? "\n"
}

/** The first word of an info string: of "{.python .numberLines}", "rust,ignore", "py:a.py" or "js{1,3}" as of "python". */
const firstWord = /^\{?[\s.]*(?:lang(?:uage)?[-=:])?([\w+#-]+)/i

/** The argument of a directive such as "{code-cell} python". */
const directive = /^\{[\w-]+\}\s*([\w+#-]+)/

/** How people mark which version of a language they mean. */
const version = /[-_]?v?\d+$/

const languageOfWord = (word: string | undefined): string | undefined =>
  word === undefined ? undefined : languageSpelled(word) ?? languageSpelled(word.replace(version, ""))

/**
 * Returns our name of the language that an info string begins with, or undefined where it names none that we know.
 *
 * @example
 * languageOfInfo("{.python .numberLines}") // "python"
 * languageOfInfo("c++17 title=\"a.cc\"") // "cpp"
 * languageOfInfo("text") // undefined
 */
export const languageOfInfo = (info: string): string | undefined =>
  languageOfWord(firstWord.exec(info)?.[1]) ?? languageOfWord(directive.exec(info)?.[1])
