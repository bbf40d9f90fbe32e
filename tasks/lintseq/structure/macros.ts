/**
 * Reads C and C++ whose macros are not expanded. What no grammar can know, such as a macro that takes a block, is
 * replaced by what it is like, to the same length, so that a syntax tree of the rest has its places.
 */
import { lineAt, lineStartsOf } from "../../../services/text/span.ts"
import { type CToken, cTokensOf } from "./c-tokens.ts"

/** What replaced text says of a program. */
export interface Macros {
  /** A text of the same length and lines in which nothing is left that only a preprocessor understands. */
  readonly text: string
  /** Names that stand in what was replaced. */
  readonly uses: ReadonlyArray<{ readonly name: string; readonly offset: number }>
  /** Places where a macro may define names that are made of these. */
  readonly makers: ReadonlyArray<{ readonly names: ReadonlyArray<string>; readonly offset: number }>
  /** Lines that come and go as one, by their first and last number. */
  readonly glued: ReadonlyArray<readonly [first: number, last: number]>
  /** Places of which each needs the other. */
  readonly bonds: ReadonlyArray<readonly [number, number]>
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "))

/** Words that begin a statement of their own. */
const control = words("if for while switch do else return goto break continue case default try catch throw asm")
const typeWords = words(
  "static extern inline int char void unsigned signed long short float double struct enum union bool _Bool class typename " +
    "virtual explicit constexpr typedef register auto template using namespace friend public private protected"
)
const tags = words("struct enum union class")
const qualifiers = words(
  "const volatile restrict override final noexcept mutable requires operator delete new sizeof alignas"
)
const behind =
  /^(?:__attribute|__asm|asm$|noexcept$|throw$|requires$|alignas$|const$|override$|final$|volatile$|try$|mutable$|->)/

type Context = "declarations" | "code" | "values" | "enum"

/** Replaces what only a preprocessor understands. Linear in the text, but for the lists of what it finds. */
export const readMacros = (source: string): Macros => {
  const starts = lineStartsOf(source)
  const all = cTokensOf(source)
  const spans: Array<readonly [start: number, end: number, by: string]> = []
  const uses: Array<{ readonly name: string; readonly offset: number }> = []
  const makers: Array<{ readonly names: ReadonlyArray<string>; readonly offset: number }> = []
  const glued: Array<readonly [number, number]> = []
  const bonds: Array<readonly [number, number]> = []
  const tokens = withoutConditions()
  const closer = matching(tokens)
  const isName = (token: CToken | undefined): boolean =>
    token?.kind === "word" && !control.has(token.text) && !typeWords.has(token.text) && !qualifiers.has(token.text)
  const contexts: Array<Context> = ["declarations"]
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]
    if (token === undefined) break
    const context = contexts[contexts.length - 1] ?? "declarations"
    const before = tokens[at - 1]
    if (token.text === "}" && contexts.length > 1) contexts.pop()
    const isStart = before === undefined || /^[;{}:]$/.test(before.text)
    if (isStart && context === "code") at = readStatement(at)
    else if (isStart && context === "declarations") at = readDeclaration(at)
    else if (context === "enum" && isName(token) && tokens[at + 1]?.text === "(") {
      const end = closer.get(at + 1) ?? at + 1
      // Values that a macro lists have no comma behind them.
      replaceMaker(/^[,=}]$/.test(tokens[end + 1]?.text ?? "}") ? at + 1 : at, end, "")
      at = end
    } else if (before?.kind === "text" && isName(token)) replace(at, at, "")
    else if (context === "declarations" && isMarked(at)) {
      const extra = isLoud(at - 1) && !isLoud(at) ? at - 1 : at
      replace(extra, extra, "")
    } else if (tags.has(token.text) && /^[(,]$/.test(before?.text ?? "") && isInValue(at)) replace(at, at, "")
    if (tokens[at]?.text === "{") contexts.push(contextOf(at))
  }
  let text = ""
  let done = 0
  for (const [start, end, by] of spans.sort(([a], [b]) => a - b)) {
    if (start < done) continue
    text += source.slice(done, start) + fill(source.slice(start, end), by)
    done = end
  }
  return { text: text + source.slice(done), uses, makers, glued, bonds }

  /** Notes that a macro may define something, and replaces it. */
  function replaceMaker(from: number, to: number, by: string): void {
    const names = tokens.slice(from + 1, to).flatMap((token) => (isName(token) ? [token.text] : []))
    makers.push({ names, offset: tokens[from]?.start ?? 0 })
    replace(from, to, by)
  }

  /** Whether a name is written as macros are. */
  function isLoud(at: number): boolean {
    return /^[A-Z_][A-Z\d_]*$/.test(tokens[at]?.text ?? "")
  }

  /** Whether a name is the second one of a parameter behind its type. */
  function isMarked(at: number): boolean {
    if (!isName(tokens[at]) || !isName(tokens[at - 1]) || !/^[,)]$/.test(tokens[at + 1]?.text ?? "")) return false
    const type = tokens[at - 2]
    return isName(type) || type?.text === "*" || (typeWords.has(type?.text ?? "") && !tags.has(type?.text ?? ""))
  }

  /** Whether a token is in code or behind the "=" of a declaration: no parameter is named there. */
  function isInValue(at: number): boolean {
    if (contexts[contexts.length - 1] !== "declarations") return true
    for (let now = at; now > at - 64 && !/^[;{}]$/.test(tokens[now]?.text ?? ";"); now--) {
      if (tokens[now]?.text === "=") return true
    }
    return false
  }

  function replace(from: number, to: number, by: string): void {
    const first = tokens[from]
    const last = tokens[to]
    if (first === undefined || last === undefined) return
    spans.push([first.start, last.end, by])
    for (let at = from; at <= to; at++) {
      const token = tokens[at]
      if (token !== undefined && isName(token) && !/^(?:\.|->)$/.test(tokens[at - 1]?.text ?? "")) {
        uses.push({ name: token.text, offset: token.start })
      }
    }
  }

  /** A macro where a statement of code begins. Returns the last token that was read. */
  function readStatement(at: number): number {
    if (!isName(tokens[at])) return at
    const next = tokens[at + 1]
    if (next?.text === "(") {
      const end = closer.get(at + 1)
      const then = tokens[(end ?? at) + 1]
      if (end === undefined || then === undefined) return at
      // What comes next is the body of something like a loop.
      if (then.text === "{" || then.kind === "word") replace(at, end, "if(1)")
      else if (then.text === "}") replace(at, end, ";")
      else return at
      return end
    }
    if (next?.text === "}") replace(at, at, ";")
    else if (next?.text === "{" || control.has(next?.text ?? "")) replace(at, at, "")
    return at
  }

  /** Macros where something is declared. Returns the last token that was read. */
  function readDeclaration(at: number): number {
    if (isName(tokens[at]) && tokens[at + 1]?.text === "(") {
      const end = closer.get(at + 1)
      if (end === undefined) return at
      const [then, next] = [tokens[end + 1], tokens[end + 2]]
      if (then?.text === "{") replaceMaker(at, end, "int f()")
      else if (then === undefined || then.text === "}" || typeWords.has(then.text)) replaceMaker(at, end, ";")
      else if (then.kind !== "word") return at
      else if (next?.kind === "word" || next?.text === "*") replaceMaker(at, end, ";")
      else replace(at, end, "int")
      return end
    }
    readSpecifiers(at)
    return at
  }

  /** Words before and behind what is declared that are neither a type nor its name. */
  function readSpecifiers(first: number): void {
    const names: Array<number> = []
    let allowed = 2
    let at = first
    for (; at < tokens.length; at++) {
      const token = tokens[at]
      if (token === undefined || (token.kind !== "word" && !/^[*&]$/.test(token.text))) break
      if (/^(?:using|namespace|template|friend|operator|typedef)$/.test(token.text)) return
      if (isName(token)) names.push(at)
      else if (
        typeWords.has(token.text) && !/^(?:static|extern|inline|virtual|explicit|constexpr|register)$/.test(token.text)
      ) {
        allowed = tags.has(token.text) ? 2 : 1
      }
      if (isName(token) && typeWords.has(tokens[at + 1]?.text ?? "")) {
        replace(at, at, "")
        names.pop()
      }
    }
    if (/^[(;=[]$/.test(tokens[at]?.text ?? "")) {
      const isTagged = tags.has(tokens[(names[0] ?? 0) - 1]?.text ?? "")
      const free = isTagged ? names.slice(1) : names
      const left = names.length - allowed
      for (
        const extra of [...free.filter(isLoud), ...free.filter((name) => !isLoud(name))].slice(0, Math.max(0, left))
      ) {
        replace(extra, extra, "")
      }
    }
    const end = tokens[at]?.text === "(" ? closer.get(at) : undefined
    if (end === undefined) return
    for (let now = end + 1; isName(tokens[now]) && !behind.test(tokens[now]?.text ?? "");) {
      const last = tokens[now + 1]?.text === "(" ? closer.get(now + 1) ?? now : now
      replace(now, last, "")
      now = last + 1
    }
  }

  /** What stands between the braces that open at a token. */
  function contextOf(at: number): Context {
    const around = contexts[contexts.length - 1]
    const before = tokens[at - 1]
    if (before !== undefined && /^(?:=|\(|,|\[|\]|return)$/.test(before.text)) return "values"
    for (let now = at - 1; now >= 0; now--) {
      const word = tokens[now]?.text ?? ""
      if (/^[;{}]$/.test(word)) break
      if (word === "enum") return "enum"
      if (word === ")" || word === "=") return "code"
      if (/^(?:struct|class|union|namespace|extern)$/.test(word)) return "declarations"
    }
    return around === "values" ? "values" : "code"
  }

  /** Takes directives away, and all but the first branch of conditions whose braces do not match. */
  function withoutConditions(): ReadonlyArray<CToken> {
    const kept: Array<CToken> = []
    interface Condition {
      readonly directives: Array<CToken>
      readonly branches: Array<Array<CToken>>
    }
    const open: Array<Condition> = []
    let extern: number | undefined
    for (const token of all) {
      const into = open[open.length - 1]?.branches.at(-1) ?? kept
      if (token.kind !== "directive") {
        into.push(token)
        continue
      }
      const name = /^#\s*(\w*)/.exec(token.text)?.[1] ?? ""
      if (name.startsWith("if")) open.push({ directives: [token], branches: [[]] })
      else if (name.startsWith("el")) {
        open[open.length - 1]?.directives.push(token)
        open[open.length - 1]?.branches.push([])
      } else if (name === "endif") {
        const condition = open.pop()
        if (condition === undefined) continue
        condition.directives.push(token)
        const outer = open[open.length - 1]?.branches.at(-1) ?? kept
        for (const left of settle(condition)) outer.push(left)
      }
    }
    for (const { branches } of open) for (const branch of branches) kept.push(...branch)
    return kept

    function settle({ branches, directives }: Condition): ReadonlyArray<CToken> {
      const [first = []] = branches
      const [head, tail] = [directives[0], directives.at(-1)]
      if (head === undefined || tail === undefined) return first
      const said = first.map(({ text }) => text).join(" ")
      if (/__cplusplus/.test(head.text) && (/^extern "C" \{$/.test(said) || said === "}")) {
        for (const { end, start } of first) spans.push([start, end, ""])
        if (said !== "}") extern = head.start
        else if (extern !== undefined) bonds.push([extern, head.start])
        return []
      }
      if (branches.every(isBalanced)) return branches.flat()
      for (const { end, start } of directives) spans.push([start, end, ""])
      for (const branch of branches.slice(1)) for (const { end, start } of branch) spans.push([start, end, ""])
      glued.push([lineAt(starts, head.start), lineAt(starts, tail.start)])
      return first
    }
  }
}

const isBalanced = (tokens: ReadonlyArray<CToken>): boolean => {
  let depth = 0
  for (const { text } of tokens) {
    if (/^[{([]$/.test(text)) depth++
    else if (/^[})\]]$/.test(text) && --depth < 0) return false
  }
  return depth === 0
}

/** The closing parenthesis of each opening one. */
const matching = (tokens: ReadonlyArray<CToken>): ReadonlyMap<number, number> => {
  const found = new Map<number, number>()
  const open: Array<number> = []
  for (const [at, { text }] of tokens.entries()) {
    if (text === "(") open.push(at)
    const from = text === ")" ? open.pop() : undefined
    if (from !== undefined) found.set(from, at)
  }
  return found
}

/** Puts a text in the place of another one, whose line ends stay; what does not fit is left out. */
const fill = (old: string, by: string): string => {
  const line = /^[^\r\n]*/.exec(old)?.[0].length ?? 0
  const fitting = by.length <= line ? by : by === "int f()" && line >= 3 ? "f()" : by.length === 1 ? by : ""
  return fitting + old.slice(fitting.length).replace(/[^\r\n]/g, " ")
}
