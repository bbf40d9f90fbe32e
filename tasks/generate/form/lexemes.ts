/**
 * The lexemes of a piece of code, as far as its form is concerned: comments are gone, quotes and spellings that mean the
 * same are one. A piece may begin and end anywhere, so nothing that is left open is an error.
 */
import { languageNamed } from "../../../services/text/language.ts"

/** A word, a number, a text, a mark of one or more signs, or the end of a statement. */
export interface Lexeme {
  readonly kind: "word" | "number" | "text" | "mark" | "end"
  readonly text: string
}

/** How a language is written, as far as form asks. */
export interface Writing {
  readonly language: string
  /** What starts a comment that runs to the end of its line. */
  readonly lineComments: ReadonlyArray<string>
  readonly hasBlockComments: boolean
  /** Quotes that write the same text. */
  readonly quotes: string
  /** Quotes around a single character, which is no text. */
  readonly characterQuotes: string
  /** Whether only some quotes know escapes and variables. */
  readonly isPlainInSingle: boolean
  /** Whether the end of a line ends a statement. */
  readonly endsByLine: boolean
  readonly isStrictEqualityForm: boolean
}

const wordOperators: Readonly<Record<string, string>> = { and: "&&", or: "||", not: "!" }
const withWordOperators = new Set(["python", "ruby", "php", "cpp", "lua", "perl"])
const javascripts = new Set(["javascript", "typescript", "tsx", "vue", "svelte"])
const withStatementMarks = new Set(["java", "c", "cpp", "rust", "php", "c-sharp", "perl", "css", "scss", "sql"])
const withCharacters = new Set([
  "java",
  "c",
  "cpp",
  "go",
  "rust",
  "c-sharp",
  "kotlin",
  "scala",
  "swift",
  "zig",
  "haskell"
])
const plainInSingle = new Set(["php", "ruby", "bash", "shell", "perl", "powershell", "groovy", "elixir"])

/** Returns how a language is written. */
export const writingOf = (language: string): Writing => {
  const known = writings.get(language) ?? writingFor(language)
  writings.set(language, known)
  return known
}

const writings = new Map<string, Writing>()

const writingFor = (language: string): Writing => {
  const known = languageNamed(language)
  const lineComments = language === "php" ? ["//", "#"] : known?.lineComment == null ? [] : [known.lineComment]
  const isJavascript = javascripts.has(language)
  return {
    language: isJavascript ? "javascript" : language,
    lineComments: isJavascript ? ["//"] : lineComments,
    hasBlockComments: isJavascript || language === "css" || language === "sql" || lineComments.includes("//"),
    quotes: withCharacters.has(language) ? "\"`" : language === "bash" ? "\"'" : "\"'`",
    characterQuotes: withCharacters.has(language) ? "'" : "",
    isPlainInSingle: plainInSingle.has(language),
    endsByLine: !withStatementMarks.has(language),
    isStrictEqualityForm: isJavascript || language === "php"
  }
}

/** The same operator where a language has two spellings for it. */
const sameMarks: Readonly<Record<string, string>> = { "<>": "!=" }
const looseMarks: Readonly<Record<string, string>> = { "===": "==", "!==": "!=" }

const mark = new RegExp(
  [
    ">>>=|<=>|===|!==|\\*\\*=|<<=|>>=|\\.\\.\\.|\\?\\?=|&&=|\\|\\|=|\\?->|\\.\\.=",
    "=>|->|::|:=|==|!=|<=|>=|&&|\\|\\||\\?\\?|\\?\\.|\\+\\+|--|[-+*/%&|^]=|\\*\\*|\\.\\.|<<|>>|<>|=~|!~|<-|[^\\s]"
  ].join("|"),
  "y"
)
const word = /[\p{L}_$][\p{L}\p{N}_$]*/uy
const number = /(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.\d[\d_]*)?(?:[eE][-+]?\d+)?)[a-zA-Z]*/y
const prefixedText = /[rRbBuUfF]{1,2}(?=["'])/y

/** Words after which a slash starts an expression, and a bracket is no call. */
export const leadingWords: ReadonlySet<string> = new Set(
  ("return if elif else elsif while for in of switch case throw raise yield await assert with except catch match when " +
    "unless until do go defer import from export default new delete typeof void instanceof not and or is lambda def " +
    "class function func fn fun var let const echo print include require use using as extends implements throws " +
    "then end begin rescue ensure finally try interface struct enum type package namespace").split(" ")
)

/** Returns the lexemes of a piece of code. Linear in its length. */
export const lexemesOf = (text: string, writing: Writing): ReadonlyArray<Lexeme> => {
  const lexemes: Array<Lexeme> = []
  const take = (kind: Lexeme["kind"], of: string) => void lexemes.push({ kind, text: of })
  const matchAt = (pattern: RegExp, at: number): string | undefined => {
    pattern.lastIndex = at
    return pattern.exec(text)?.[0]
  }
  let isLineStart = true
  for (let at = 0; at < text.length;) {
    const sign = text[at] ?? ""
    if (sign === "\n") {
      if (writing.endsByLine) take("end", "")
      isLineStart = true
      at++
      continue
    }
    if (sign <= " " || sign === "\u00a0" || sign === "\ufeff") {
      at++
      continue
    }
    if (sign === "\\" && /^\\\r?\n/.test(text.slice(at, at + 3))) {
      at = text.indexOf("\n", at) + 1
      continue
    }
    const comment = commentEnd(text, at, writing)
    if (comment !== undefined) {
      at = comment
      continue
    }
    if (
      sign === "#" && isLineStart &&
      (writing.language === "c" || writing.language === "cpp" || writing.language === "c-sharp")
    ) {
      // A directive ends with its line.
      const end = lineEnd(text, at)
      take("end", "")
      take(
        "text",
        text.slice(at, end).replace(/\/\/.*|\/\*.*?\*\//g, "").replace(/\s+/g, " ").replace(/^# /, "#").trim()
      )
      take("end", "")
      at = end
      continue
    }
    isLineStart = false
    const prefix = writing.language === "python" ? matchAt(prefixedText, at) ?? "" : ""
    const quote = text[at + prefix.length] ?? ""
    if (prefix !== "" || writing.quotes.includes(quote) || writing.characterQuotes.includes(quote)) {
      const found = quote === "" ? undefined : textAt(text, at + prefix.length, quote, writing)
      if (found !== undefined) {
        take("text", textForm(found.content, quote, prefix, writing))
        at = found.end
        continue
      }
    }
    if (sign === "/" && writing.language === "javascript" && startsExpression(lexemes[lexemes.length - 1])) {
      const pattern = /^\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/.exec(text.slice(at, at + 400))?.[0]
      if (pattern !== undefined) {
        take("text", pattern)
        at += pattern.length
        continue
      }
    }
    const name = matchAt(word, at)
    if (name !== undefined) {
      takeWord(name, lexemes, writing)
      at += name.length
      continue
    }
    const digits = matchAt(number, at)
    if (digits !== undefined) {
      take("number", numberForm(digits))
      at += digits.length
      continue
    }
    const signs = matchAt(mark, at) ?? sign
    const isSlashes = writing.language === "python" && signs === "/" && text[at + 1] === "/"
    take("mark", isSlashes ? "//" : markForm(signs, writing))
    at += isSlashes ? 2 : signs.length
  }
  return lexemes
}

const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf("\n", at)
  return end === -1 ? text.length : end
}

const commentEnd = (
  text: string,
  at: number,
  { hasBlockComments, language, lineComments }: Writing
): number | undefined => {
  if (hasBlockComments && text.startsWith("/*", at)) {
    const end = text.indexOf("*/", at + 2)
    return end === -1 ? text.length : end + 2
  }
  if (text.startsWith("<!--", at) && !lineComments.includes("//")) {
    const end = text.indexOf("-->", at)
    return end === -1 ? text.length : end + 3
  }
  for (const start of lineComments) {
    if (!text.startsWith(start, at)) continue
    if (start === "#" && language === "php" && text[at + 1] === "[") continue
    // In a shell "#" starts a comment only where a word could start.
    if (start === "#" && language === "bash" && at > 0 && !/[\s;]/.test(text[at - 1] ?? "")) continue
    return lineEnd(text, at)
  }
  return undefined
}

/** Reads a text from its first quote on; undefined for a quote that is none, such as an apostrophe. */
const textAt = (text: string, at: number, quote: string, writing: Writing) => {
  const triple = quote.repeat(3)
  const isTriple = text.startsWith(triple, at) && quote !== "`"
  const fence = isTriple ? triple : quote
  const isMultiline = isTriple || quote === "`" || writing.isPlainInSingle
  for (let end = at + fence.length; end < text.length; end++) {
    if (text[end] === "\\" && !(quote === "`" && writing.language === "go")) end++
    else if (text.startsWith(fence, end)) {
      return { content: text.slice(at + fence.length, end), end: end + fence.length }
    } else if (text[end] === "\n" && !isMultiline) return undefined
    else if (writing.characterQuotes.includes(quote) && end > at + 12) return undefined
  }
  return undefined
}

const textForm = (content: string, quote: string, prefix: string, writing: Writing): string => {
  if (writing.characterQuotes.includes(quote)) return `c:${content}`
  const plain = content.replace(/\\(["'`])/g, "$1")
  const marks = prefix.toLowerCase().replace("u", "")
  if (writing.language === "python") {
    const kept = (marks.includes("b") ? "b" : "") + (marks.includes("r") && content.includes("\\") ? "r" : "") +
      (marks.includes("f") && /[{}]/.test(content) ? "f" : "")
    return `${kept}:${plain}`
  }
  if (quote === "`") {
    if (writing.language === "javascript") return content.includes("${") ? `t:${plain}` : `:${plain}`
    return content.includes("\\") || plain !== content ? `r:${content}` : `:${plain}`
  }
  if (writing.isPlainInSingle) {
    const isSpecial = /\$|#\{|`|\\(?!["'\\])/.test(content)
    return quote === "\"" && isSpecial ? `d:${content}` : `:${plain}`
  }
  if (writing.language === "javascript") return `:${plain.replace(/^node:(?=[a-z_/]+$)/, "")}`
  return `:${plain}`
}

const takeWord = (name: string, lexemes: Array<Lexeme>, { language }: Writing): void => {
  const last = lexemes[lexemes.length - 1]
  const replace = (text: string) => {
    lexemes.pop()
    lexemes.push({ kind: "mark", text })
  }
  const isMember = last?.kind === "mark" && (last.text === "." || last.text === "->" || last.text === "::")
  const operator = wordOperators[name]
  if (!isMember) {
    if (language === "python" || language === "c-sharp") {
      if (name === "in" && last?.kind === "mark" && last.text === "!") return replace("not in")
      if (name === "not" && last?.text === "==" && last.kind === "mark") return replace("!=")
      if (name === "is") return void lexemes.push({ kind: "mark", text: "==" })
      if (name === "in") return void lexemes.push({ kind: "mark", text: "in" })
    }
    if (operator !== undefined && withWordOperators.has(language)) {
      return void lexemes.push({ kind: "mark", text: operator })
    }
    if (language === "javascript" && (name === "let" || name === "const")) {
      return void lexemes.push({ kind: "word", text: "var" })
    }
  }
  if (language === "python" && isMember) {
    const owner = lexemes[lexemes.length - 2]
    if ((owner?.text === "t" || owner?.text === "typing") && genericNames.has(name)) lexemes.splice(-2)
  }
  if (language === "python" && genericNames.has(name)) {
    return void lexemes.push({ kind: "word", text: name.toLowerCase() })
  }
  lexemes.push({ kind: "word", text: name })
}

/** Names of typing that newer code writes as the classes themselves. */
const genericNames = new Set(["List", "Dict", "Tuple", "Set", "FrozenSet", "Type", "Optional", "Union"])

const numberForm = (digits: string): string => {
  const plain = digits.replaceAll("_", "").toLowerCase()
  return /^0[xbo]/.test(plain) || /^\d+$/.test(plain) && !/^0\d/.test(plain) ? String(Number(plain)) : plain
}

const markForm = (signs: string, writing: Writing): string =>
  sameMarks[signs] ?? (writing.isStrictEqualityForm ? looseMarks[signs] : undefined) ?? signs

const startsExpression = (last: Lexeme | undefined): boolean =>
  last === undefined || last.kind === "end" || (last.kind === "mark" && !/^[)\]}]$/.test(last.text)) ||
  (last.kind === "word" && leadingWords.has(last.text))
