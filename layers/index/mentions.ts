/** The names that code mentions, and how it does, read off the text alone; comments and strings do not count. */
import { isIdentifierUnit } from "./terms.ts"

/** "member" behind ".", "->" or "::"; "variable" behind "$"; "bare" otherwise. */
export type MentionRole = "bare" | "member" | "variable"

/** Words that name nothing in most languages. */
const keywords = new Set(
  ("abstract and as assert async await bool boolean break byte case catch chan char class const continue crate debug " +
    "declare def default defer del delete do double echo elif else elseif elsif end ensure enum except export extends " +
    "extern false final finally float fn for foreach from func function global go goto if impl implements import in " +
    "include instanceof int interface internal is isset lambda let long loop match mod module move mut namespace new " +
    "nil None nonlocal not null object of operator or override package parent pass private protected pub public raise " +
    "range readonly ref require rescue return self Self select short signed sizeof static str string struct super " +
    "switch template then this throw throws trait true True False try type typedef typename typeof undefined union " +
    "unless unsafe unsigned until use using var virtual void volatile when where while with xor yield").split(" ")
)

/** How a language writes comments and strings. */
interface Lexis {
  readonly hasHash: boolean
  readonly hasSlashes: boolean
  /** Whether "'" starts a string that may be long; otherwise one character, or a lifetime. */
  readonly hasSingle: boolean
  readonly hasTriple: boolean
}

const lexisOf = (language: string): Lexis => ({
  hasHash: /^(?:python|ruby|php|bash|perl|r|julia|elixir|powershell|shell)$/.test(language),
  hasSlashes: !/^(?:python|ruby|bash|perl|r|julia|elixir|powershell|shell|lua|sql)$/.test(language),
  hasSingle: !/^(?:rust|c|cpp|c-sharp|java|go|kotlin|swift|scala)$/.test(language),
  hasTriple: language === "python"
})

/** Calls `take` for every name in text[start, end). */
export const eachMention = (
  text: string,
  language: string,
  start: number,
  end: number,
  take: (name: string, role: MentionRole, offset: number) => void
): void => {
  const { hasHash, hasSingle, hasSlashes, hasTriple } = lexisOf(language)
  let index = start
  while (index < end) {
    const unit = text.charCodeAt(index)
    if (isIdentifierUnit(unit)) {
      const from = index
      do index++
      while (index < end && isIdentifierUnit(text.charCodeAt(index)))
      if (unit >= 48 && unit <= 57) continue
      const role = roleAt(text, from)
      const name = text.slice(from, index)
      // "Foo::class" does not name a member; ".default" and others may.
      if (role === "member" ? name !== "class" : !keywords.has(name)) take(name, role, from)
    } else if (unit === 34 || unit === 96 || (unit === 39 && hasSingle)) {
      index = hasTriple && text.charCodeAt(index + 1) === unit && text.charCodeAt(index + 2) === unit
        ? after(text, text.slice(index, index + 3), index + 3, end)
        : endOfString(text, index + 1, end, unit)
    } else if (unit === 39 && text.charCodeAt(index + 2) === 39) index += 3
    else if (unit === 35 && hasHash && text.charCodeAt(index + 1) !== 91) index = after(text, "\n", index, end)
    else if (unit === 47 && hasSlashes && text.charCodeAt(index + 1) === 47) index = after(text, "\n", index, end)
    else if (unit === 47 && hasSlashes && text.charCodeAt(index + 1) === 42) index = after(text, "*/", index + 2, end)
    else if (unit === 42 && hasSlashes && isLineStart(text, index)) index = after(text, "\n", index, end)
    else index++
  }
}

const roleAt = (text: string, from: number): MentionRole => {
  let at = from - 1
  while (at > 0 && text.charCodeAt(at) === 32) at--
  const unit = text.charCodeAt(at)
  if (unit === 36) return "variable"
  // "." but not "..", "->", "::"
  if (unit === 46) return text.charCodeAt(at - 1) === 46 ? "bare" : "member"
  const isArrow = (unit === 62 && text.charCodeAt(at - 1) === 45) || (unit === 58 && text.charCodeAt(at - 1) === 58)
  return isArrow ? "member" : "bare"
}

const after = (text: string, mark: string, from: number, end: number): number => {
  const at = text.indexOf(mark, from)
  return at === -1 || at >= end ? end : at + mark.length
}

/**
 * Returns the offset behind the closing quote, or the end of the line without one: the text may start inside a string.
 */
const endOfString = (text: string, from: number, end: number, quote: number): number => {
  for (let index = from; index < end; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 92) index++
    else if (unit === quote) return index + 1
    else if (unit === 10 && quote !== 96) return index
  }
  return end
}

/** Whether only white space comes before on the line: a "*" there continues a comment. */
const isLineStart = (text: string, offset: number): boolean => {
  let at = offset - 1
  while (at >= 0 && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at--
  return at < 0 || text.charCodeAt(at) === 10
}
