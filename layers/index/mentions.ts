/** The names that code mentions, and how it does, read off the text alone; comments and strings do not count. */
import { type Lexis, lexisOf, proseAt, startsOf } from "./lexis.ts"
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

const windows = new Map<string, Lexis>()

/** A stretch of a text may start inside a string: no quote then takes more than its line. */
const windowLexisOf = (language: string): Lexis => {
  const known = windows.get(language)
  if (known !== undefined) return known
  const lexis = { ...lexisOf(language), spansLines: false }
  windows.set(language, lexis)
  return lexis
}

/** Calls `take` for every name in text[start, end). */
export const eachMention = (
  text: string,
  language: string,
  start: number,
  end: number,
  take: (name: string, role: MentionRole, offset: number) => void
): void => {
  const lexis = windowLexisOf(language)
  const hasStars = lexis.block.some(([open]) => open === "/*")
  const starts = startsOf(lexis)
  const hasArrows = arrowed.test(language)
  let index = start
  while (index < end) {
    const unit = text.charCodeAt(index)
    if (isIdentifierUnit(unit)) {
      const from = index
      do index++
      while (index < end && isIdentifierUnit(text.charCodeAt(index)))
      if (unit >= 48 && unit <= 57) continue
      const role = roleAt(text, from, hasArrows)
      const name = text.slice(from, index)
      // "Foo::class" does not name a member; ".default" and others may.
      if (role === "member" ? name !== "class" : !keywords.has(name)) take(name, role, from)
      continue
    }
    const prose = unit < 128 && starts[unit] === 1 ? proseAt(text, index, end, lexis) : undefined
    if (prose !== undefined) index = Math.max(prose.end, index + 1)
    // A "*" at the start of a line continues a comment.
    else if (unit === 42 && hasStars && isLineStart(text, index)) index = endOfLine(text, index, end)
    else index++
  }
}

/** Languages that take a member with "->"; in others it stands before what a function returns. */
const arrowed = /^(?:php|c|cpp|perl|objective-c)$/

const roleAt = (text: string, from: number, hasArrows: boolean): MentionRole => {
  let at = from - 1
  while (at > 0 && text.charCodeAt(at) === 32) at--
  const unit = text.charCodeAt(at)
  if (unit === 36) return "variable"
  // "." but not "..", "->", "::"
  if (unit === 46) return text.charCodeAt(at - 1) === 46 ? "bare" : "member"
  const isArrow = (hasArrows && unit === 62 && text.charCodeAt(at - 1) === 45) ||
    (unit === 58 && text.charCodeAt(at - 1) === 58)
  return isArrow ? "member" : "bare"
}

const endOfLine = (text: string, from: number, end: number): number => {
  const at = text.indexOf("\n", from)
  return at === -1 || at >= end ? end : at
}

/** Whether only white space comes before on the line: a "*" there continues a comment. */
const isLineStart = (text: string, offset: number): boolean => {
  let at = offset - 1
  while (at >= 0 && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at--
  return at < 0 || text.charCodeAt(at) === 10
}
