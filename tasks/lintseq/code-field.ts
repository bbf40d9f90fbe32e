/** Reads a program out of an answer in Markdown: reasoning with code between fences. */
import { type FencedBlock, languageOfInfo } from "../../services/formats/fenced-blocks.ts"
import { languageSpelled } from "../../services/text/language.ts"

/** What the blocks of Python's prompt are called. */
const sessionInfo = /^\{?\.?(?:pycon|python-repl|pyrepl|python-console)\b/i

/** Python's prompt at the start of a block, after blank lines. */
const prompted = /^(?:[ \t]*\r?\n)*[ \t]*>>>(?:[ \t]|\r?\n|$)/

interface LanguageBlock {
  readonly content: string
  readonly isSession: boolean
}

/**
 * Returns the program of an answer, stripped, or undefined where none of its blocks is of the language. All blocks that
 * name the language are the program, with two blank lines between them. Without one it is the code of sessions at
 * Python's prompt, without one of those the first block that names no language; other blocks are never part of it.
 */
export const codeIn = (blocks: ReadonlyArray<FencedBlock>, language: string): string | undefined => {
  const named = blocks.flatMap((block) => {
    const isSession = language === "python" && (sessionInfo.test(block.info) || prompted.test(block.content))
    return isSession || languageOfInfo(block.info) === language ? [{ ...block, isSession }] : []
  })
  const plain = named.filter(({ info, isSession }) => !isSession && info !== "")
  const sessions = named.filter(({ info, isSession }) => isSession && info !== "")
  const chosen = plain.length > 0 ? plain : sessions.length > 0 ? sessions : bareBlock(blocks, named)
  if (chosen.length === 0) return undefined
  const codes = chosen.map(({ content, isSession }) => (isSession ? codeOfSession(content) : content))
  return codes.join(codes[0]?.endsWith("\r\n") === true ? "\r\n\r\n" : "\n\n").trim()
}

/** The first block without a language: what stands in those behind it, such as an output, nobody can tell. */
const bareBlock = (
  blocks: ReadonlyArray<FencedBlock>,
  named: ReadonlyArray<FencedBlock & LanguageBlock>
): ReadonlyArray<LanguageBlock> => {
  const bare = blocks.find(({ info }) => info === "")
  if (bare === undefined) return []
  return [named.find(({ offset }) => offset === bare.offset) ?? { ...bare, isSession: false }]
}

/** What was typed at Python's prompts, without what was printed between them. */
const codeOfSession = (text: string): string => {
  let code = ""
  let isTyping = false
  for (const line of text.split(/(?<=\n)/)) {
    const typed = /^[ \t]*(>>>|\.\.\.)(?: |(?=\r?\n?$))/.exec(line)
    isTyping = typed?.[1] === ">>>" || (isTyping && typed !== null)
    if (isTyping) code += line.slice(typed?.[0].length)
  }
  return code
}

/** Returns our name of a language that a dataset names in its own way, such as "Python 3". */
export const languageSaid = (name: string): string =>
  languageSpelled(name) ?? languageOfInfo(name.trim()) ?? name.trim().toLowerCase()
