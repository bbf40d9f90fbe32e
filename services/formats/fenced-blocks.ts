/**
 * The fenced blocks of a text in Markdown, as CommonMark defines them: in lists and quotes, with longer fences around
 * shorter ones, unclosed up to the end of what they stand in. Indented code, comments of HTML, "<pre>" and code spans hold
 * none. Two things go further, because models write them: other tags ("<answer>", "<details>") hide no fence below them,
 * and a block that names its language may begin behind words, if it is closed.
 */
import MarkdownIt from "markdown-it"
import { languageOfPath, languageSpelled } from "../text/language.ts"

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

type BlockRule = Parameters<typeof markdown.block.ruler.at>[1]
type BlockState = Parameters<BlockRule>[0]

const lineOf = (state: BlockState, line: number): string =>
  state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line])

/** Columns before the text of a line, within what it stands in. */
const indentOf = (state: BlockState, line: number): number => (state.sCount[line] ?? 0) - state.blkIndent

/** What holds no Markdown, and what ends it. */
const rawHtml = [
  [/^<(?:script|pre|style|textarea)(?=\s|>|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^<!--/, /-->/]
] as const

const htmlRule: BlockRule = (state, first, last, isSilent) => {
  const text = lineOf(state, first)
  const end = rawHtml.find(([start]) => start.test(text))?.[1]
  if (end === undefined || indentOf(state, first) > 3) return false
  if (isSilent) return true
  let line = first
  while (!end.test(lineOf(state, line)) && line + 1 < last && indentOf(state, line + 1) >= 0) line++
  state.line = line + 1
  return true
}

/** Words, a fence, and what it names. */
const wordsAndFence = /^([^`]*[^`\s])[ \t]*(`{3,})([^`]*)$/

const fenceBehindWords: BlockRule = (state, first, last, isSilent) => {
  const [, , signs = "", info = ""] = wordsAndFence.exec(lineOf(state, first)) ?? []
  if (signs === "" || indentOf(state, first) > 3 || languageOfInfo(info) === undefined) return false
  const isEnd = (line: number) => {
    const text = lineOf(state, line).trimEnd()
    return indentOf(state, line) <= 3 && text.length >= signs.length && /^`+$/.test(text)
  }
  let line = first + 1
  // No further than the next fence, so that many of them are read in time.
  while (line < last && indentOf(state, line) >= 0 && !lineOf(state, line).includes(signs)) line++
  if (line >= last || indentOf(state, line) < 0 || !isEnd(line)) return false
  if (isSilent) return true
  const token = state.push("fence", "code", 0)
  token.info = info
  token.content = state.getLines(first + 1, line, state.sCount[first] ?? 0, true)
  token.map = [first, line + 1]
  state.line = line + 1
  return true
}

markdown.block.ruler.at("html_block", htmlRule, { alt: ["paragraph", "reference", "blockquote"] })
markdown.block.ruler.after("html_block", "fence_behind_words", fenceBehindWords, {
  alt: ["paragraph", "reference", "blockquote", "list"]
})

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
  const plain = (hasReturns ? text.replace(lineEnd, "\n") : text).replace(/^\ufeff/, " ")
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
const firstWord = /^["']?\{?[\s.]*(?:lang(?:uage)?[-=:])?([\w+#-]+)/i

/** The argument of a directive such as "{code-cell} python". */
const directive = /^\{[\w-]+\}\s*([\w+#-]+)/

/** A class behind others, as in "{.sourceCode .python}" and "{#id .python}". */
const classInBraces = /(?<=^\{[^}]*\s)\.([\w+#-]+)/g

/** A file instead of a language, as in "src/main.py" and "12:15:src/main.py". */
const path = /^["']?(?:\d+:\d+:)?([\w./@-]+\.\w+)["']?(?=\s|$)/

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
  languageOfWord(firstWord.exec(info)?.[1]) ?? languageOfWord(directive.exec(info)?.[1]) ?? languageOfClass(info) ??
    languageOfPath(path.exec(info)?.[1] ?? "")?.name

/** The first class in braces that names a language. */
const languageOfClass = (info: string): string | undefined => {
  for (const [, name] of info.matchAll(classInBraces)) {
    const language = languageOfWord(name)
    if (language !== undefined) return language
  }
  return undefined
}
