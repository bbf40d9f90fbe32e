/**
 * Where comments and strings of a text lie, read off the text alone, whether it parses or not. It serves those who must
 * not take prose for code: the search for names, and the cuts between chunks.
 */
import { isIdentifierUnit } from "./terms.ts"

/** How a language writes comments and strings. */
export interface Lexis {
  /** What starts a comment that ends with its line. */
  readonly line: ReadonlyArray<string>
  /** What starts and ends a comment that may span lines, in pairs. */
  readonly block: ReadonlyArray<readonly [open: string, close: string]>
  /** What starts and ends a string that may span lines, in pairs. The longer ones come first. */
  readonly long: ReadonlyArray<readonly [open: string, close: string]>
  /** Whether "'" starts a string; otherwise it starts a character or a lifetime. */
  readonly hasSingle: boolean
  /** Whether strings in plain quotes may span lines. */
  readonly spansLines: boolean
  /** Whether "/" may start a regular expression. */
  readonly hasRegex: boolean
  /** What matches the head of a document that goes on to a line with its name, where the language has those. */
  readonly heredoc: RegExp | null
}

const slashes = { line: ["//"], block: [["/*", "*/"]] } as const
const hash = { line: ["#"], block: [] } as const
const plain = { long: [], hasSingle: false, spansLines: false, hasRegex: false, heredoc: null } as const
const tripleQuotes = [["\"\"\"", "\"\"\""]] as const

const script: Lexis = { ...slashes, ...plain, long: [["`", "`"]], hasSingle: true, hasRegex: true }
const dashes: Lexis = { ...plain, line: ["--"], block: [["/*", "*/"]], hasSingle: true, spansLines: true }
const curly: Lexis = { ...slashes, ...plain }
const withTriple: Lexis = { ...curly, long: tripleQuotes }
const shell: Lexis = {
  ...hash,
  ...plain,
  hasSingle: true,
  spansLines: true,
  heredoc: /<<-?\s*\\?(["']?)([A-Za-z_]\w*)\1/y
}

const known: Readonly<Record<string, Lexis>> = {
  python: { ...hash, ...plain, long: [...tripleQuotes, ["'''", "'''"]], hasSingle: true },
  javascript: script,
  typescript: script,
  tsx: script,
  vue: { ...script, block: [["/*", "*/"], ["<!--", "-->"]] },
  svelte: { ...script, block: [["/*", "*/"], ["<!--", "-->"]] },
  php: {
    ...plain,
    line: ["//", "#"],
    block: [["/*", "*/"]],
    hasSingle: true,
    spansLines: true,
    heredoc: /<<<[ \t]*(["']?)([A-Za-z_]\w*)\1/y
  },
  go: { ...curly, long: [["`", "`"]] },
  rust: { ...curly, spansLines: true },
  cpp: { ...curly, long: [["R\"(", ")\""]] },
  java: withTriple,
  kotlin: withTriple,
  scala: withTriple,
  swift: withTriple,
  groovy: { ...withTriple, hasSingle: true },
  "c-sharp": { ...withTriple, long: [...tripleQuotes, ["@\"", "\""]] },
  dart: { ...withTriple, long: [...tripleQuotes, ["'''", "'''"]], hasSingle: true },
  ruby: {
    ...hash,
    ...plain,
    block: [["=begin", "=end"]],
    hasSingle: true,
    spansLines: true,
    heredoc: /<<[~-](["'`]?)([A-Za-z_]\w*)\1/y
  },
  perl: { ...hash, ...plain, hasSingle: true, spansLines: true },
  r: { ...hash, ...plain, hasSingle: true, spansLines: true },
  julia: { ...hash, ...plain, long: tripleQuotes, block: [["#=", "=#"]] },
  elixir: { ...hash, ...plain, long: [...tripleQuotes, ["'''", "'''"]], hasSingle: true, spansLines: true },
  nim: { ...hash, ...plain, long: tripleQuotes, block: [["#[", "]#"]] },
  powershell: { ...hash, ...plain, block: [["<#", "#>"]], hasSingle: true, spansLines: true },
  bash: shell,
  shell,
  lua: { ...plain, line: ["--"], block: [["--[[", "]]"]], long: [["[[", "]]"]], hasSingle: true },
  haskell: { ...plain, line: ["--"], block: [["{-", "-}"]] },
  ocaml: { ...plain, line: [], block: [["(*", "*)"]], spansLines: true },
  "f-sharp": { ...plain, line: ["//"], block: [["(*", "*)"]], long: tripleQuotes },
  erlang: { ...plain, line: ["%"], block: [], spansLines: true },
  clojure: { ...plain, line: [";"], block: [], spansLines: true },
  sql: dashes,
  html: { ...plain, line: [], block: [["<!--", "-->"]] },
  css: { ...plain, line: [], block: [["/*", "*/"]], hasSingle: true }
}

/** Returns how a language writes comments and strings; as C does, where nothing is known of it. */
export const lexisOf = (language: string): Lexis => known[language] ?? curly

/** Returns a stretch of a text with spaces for its comments; lines stay where they are. */
export const withoutComments = (text: string, language: string, from = 0, to = text.length): string => {
  let out = ""
  let at = from
  eachProse(text, language, from, to, (kind, start, end) => {
    if (kind !== "comment") return
    out += text.slice(at, start) + text.slice(start, end).replace(/[^\n]/g, " ")
    at = end
  })
  return out + text.slice(at, to)
}

/** "comment", or "string", which a document of several lines is as well. */
export type ProseKind = "comment" | "string"

/** A comment or a string that starts at an offset, and the offset behind it. */
export interface Prose {
  readonly kind: ProseKind
  readonly end: number
}

/** For each lexis, the ASCII units that may start a comment or a string. */
const starts = new Map<Lexis, Uint8Array>()

/** Returns a table in which the ASCII units that may start a comment or a string have a 1. */
export const startsOf = (lexis: Lexis): Uint8Array => {
  const known = starts.get(lexis)
  if (known !== undefined) return known
  const table = new Uint8Array(128)
  const openers = [...lexis.line, ...lexis.block.map(([open]) => open), ...lexis.long.map(([open]) => open)]
  const heredoc = lexis.heredoc === null ? [] : ["<"]
  for (const open of ["\"", "'", "`", ...openers, ...heredoc, ...lexis.hasRegex ? ["/"] : []]) {
    table[open.charCodeAt(0)] = 1
  }
  starts.set(lexis, table)
  return table
}

/**
 * Returns the comment or string that starts at `index`, or undefined. What is not closed goes on to `end`, or to the end
 * of its line where strings may not span lines: the text may be cut anywhere.
 */
export const proseAt = (text: string, index: number, end: number, lexis: Lexis): Prose | undefined => {
  const unit = text.charCodeAt(index)
  if (unit > 127 || startsOf(lexis)[unit] !== 1) return undefined
  for (const [open, close] of lexis.block) {
    if (!text.startsWith(open, index)) continue
    // "=begin" and its like count at the start of a line only.
    if (open.startsWith("=") && index > 0 && text.charCodeAt(index - 1) !== 10) continue
    return { kind: "comment", end: behind(text, close, index + open.length, end) }
  }
  for (const open of lexis.line) {
    // In PHP, "#[" opens an attribute. In a shell, "#" is a comment only at the start of a word.
    if (!text.startsWith(open, index) || (open === "#" && isNoHashComment(text, index, lexis))) continue
    const newline = text.indexOf("\n", index)
    return { kind: "comment", end: newline === -1 || newline > end ? end : newline }
  }
  if (lexis.heredoc !== null && unit === 60) {
    const document = documentAt(text, index, end, lexis.heredoc)
    if (document !== -1) return { kind: "string", end: document }
  }
  if (unit === 82 && isIdentifierUnit(text.charCodeAt(index - 1))) return undefined
  for (const [open, close] of lexis.long) {
    if (text.startsWith(open, index)) {
      return { kind: "string", end: behindString(text, close, index + open.length, end, open === "@\"") }
    }
  }
  if (unit === 34 || unit === 96 || (unit === 39 && lexis.hasSingle)) {
    return { kind: "string", end: endOfString(text, index + 1, end, unit, lexis.spansLines) }
  }
  if (unit === 39) return { kind: "string", end: endOfCharacter(text, index) }
  if (unit === 47 && lexis.hasRegex && startsRegex(text, index)) {
    return { kind: "string", end: endOfRegex(text, index + 1, end) }
  }
  return undefined
}

const isNoHashComment = (text: string, index: number, lexis: Lexis): boolean => {
  if (lexis.line.length > 1) return text.charCodeAt(index + 1) === 91
  return lexis === shell && index > 0 && text.charCodeAt(index - 1) > 32
}

const behind = (text: string, mark: string, from: number, end: number): number => {
  const at = text.indexOf(mark, from)
  return at === -1 || at >= end ? end : at + mark.length
}

/** Returns the offset behind a mark before which no backslash stands. */
const behindString = (text: string, mark: string, from: number, end: number, isVerbatim: boolean): number => {
  for (let at = text.indexOf(mark, from); at !== -1 && at < end; at = text.indexOf(mark, at + 1)) {
    if (isVerbatim) return at + mark.length
    let slashes = 0
    while (text.charCodeAt(at - 1 - slashes) === 92) slashes++
    if (slashes % 2 === 0) return at + mark.length
  }
  return end
}

/** A string in plain quotes is given up at this length: its quote was none. */
const longestString = 20_000

const endOfString = (text: string, from: number, end: number, quote: number, spansLines: boolean): number => {
  const last = Math.min(end, from + longestString)
  let lineEnd = -1
  for (let index = from; index < last; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 92) index++
    else if (unit === quote) return index + 1
    else if (unit === 10) {
      if (!spansLines && quote !== 96) return index
      if (lineEnd === -1) lineEnd = index
    }
  }
  return lineEnd === -1 || last === end ? last : lineEnd
}

/** Returns the offset behind 'x' or '\n', or behind the quote alone, which begins a lifetime or belongs to a number. */
const endOfCharacter = (text: string, index: number): number => {
  if (text.charCodeAt(index + 1) === 92) {
    const close = text.indexOf("'", index + 3)
    return close !== -1 && close - index < 14 ? close + 1 : index + 1
  }
  if (text.charCodeAt(index + 2) === 39) return index + 3
  return text.charCodeAt(index + 3) === 39 && text.charCodeAt(index + 1) >= 0xd800 ? index + 4 : index + 1
}

/** A division stands behind a value, a regular expression behind anything else. */
const startsRegex = (text: string, index: number): boolean => {
  let at = index - 1
  while (at >= 0 && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at--
  if (at < 0) return true
  const unit = text.charCodeAt(at)
  // "</a>" closes a tag.
  if (unit === 60) return false
  if (isIdentifierUnit(unit)) {
    return /\b(?:return|typeof|case|in|of|yield|await)$/.test(text.slice(Math.max(0, at - 9), at + 1))
  }
  return unit !== 41 && unit !== 93 && unit !== 125 && unit !== 34 && unit !== 39 && unit !== 96
}

const endOfRegex = (text: string, from: number, end: number): number => {
  let isInClass = false
  for (let index = from; index < end; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 92) index++
    else if (unit === 10) return from
    else if (unit === 91) isInClass = true
    else if (unit === 93) isInClass = false
    else if (unit === 47 && !isInClass) return index + 1
  }
  return from
}

/** Returns where a document that starts at `index` ends, behind its last line; -1 when there is none. */
const documentAt = (text: string, index: number, end: number, head: RegExp): number => {
  head.lastIndex = index
  const name = head.exec(text)?.[2]
  if (name === undefined) return -1
  const close = new RegExp(`^[ \\t]*${name}\\b`, "gm")
  close.lastIndex = index + name.length
  const newline = text.indexOf("\n", index)
  if (newline === -1) return end
  close.lastIndex = newline + 1
  const found = close.exec(text)
  return found === null || found.index >= end ? end : found.index + found[0].length
}

/** Calls `take` for every comment and string of text[start, end), in their order. */
export const eachProse = (
  text: string,
  language: string,
  start: number,
  end: number,
  take: (kind: ProseKind, start: number, end: number) => void
): void => {
  const lexis = lexisOf(language)
  const next = nextStart(lexis)
  const searched = end < text.length ? text.slice(0, end) : text
  for (let index = start; index < end;) {
    next.lastIndex = index
    if (!next.test(searched)) return
    index = next.lastIndex - 1
    const prose = proseAt(text, index, end, lexis)
    if (prose !== undefined && prose.end > index + 1) take(prose.kind, index, prose.end)
    index = Math.max(prose?.end ?? 0, index + 1)
  }
}

/** For each lexis, what finds the next unit that may start a comment or a string. */
const nextStarts = new Map<Lexis, RegExp>()

const nextStart = (lexis: Lexis): RegExp => {
  const known = nextStarts.get(lexis)
  if (known !== undefined) return known
  const units = Array.from(startsOf(lexis), (isStart, unit) => isStart === 1 ? `\\x${unit.toString(16)}` : "")
  const pattern = new RegExp(`[${units.join("")}]`, "g")
  nextStarts.set(lexis, pattern)
  return pattern
}
