/** What stands before a cursor behind ".", "->" or "::", as a name and what is taken from it, read off the text alone. */
import { isIdentifierUnit } from "./terms.ts"

export interface ChainLink {
  readonly name: string
  /** Whether it is called: what comes next is taken from what it returns. */
  readonly isCalled: boolean
  /** Whether an element of it is taken. */
  readonly isIndexed: boolean
}

/** A name, and the members that are taken from it one after the other. */
export interface MemberChain {
  readonly text: string
  /** Whether "new" stands before it. */
  readonly isNew: boolean
  readonly segments: ReadonlyArray<ChainLink>
}

/** A chain is no longer than this. UTF-16 units. */
const longestChain = 2000

/** What takes a member in most languages. */
const dots = /(?:\?\.|!!?\.|(?<!\.)\.)$/

/** Elsewhere "->" stands before what a function returns, and "::" before a type. */
const operators: Readonly<Record<string, RegExp>> = {
  php: /(?:\?->|->|::)$/,
  c: /(?:->|(?<!\.)\.)$/,
  cpp: /(?:->|(?<!\.)\.|::)$/,
  rust: /(?:\?\.|(?<!\.)\.|::)$/,
  ruby: /(?:&\.|(?<!\.)\.|::)$/,
  java: /(?:(?<!\.)\.|::)$/,
  kotlin: /(?:\?\.|!!\.|(?<!\.)\.|::)$/,
  perl: /(?:->|::)$/
}

/**
 * Returns the chain whose member is being written at the end of a text, or undefined when none is.
 *
 * @example
 * chainBefore("go", "return group.engine.add")?.text // "group.engine"
 */
export const chainBefore = (language: string, before: string): MemberChain | undefined => {
  const ending = operators[language] ?? dots
  const text = before.slice(-longestChain - 100)
  let at = text.length
  while (at > 0 && isNameUnit(text.charCodeAt(at - 1))) at--
  const end = beforeOperator(text, at, ending)
  if (end === -1) return undefined
  const start = startOfChain(text, end, ending)
  if (start === end) return undefined
  // "<x-mail::" in a Blade template is a tag.
  if (language === "php" && /<\/?x-[\w.-]*$/.test(text.slice(0, start))) return undefined
  const isNew = /\bnew\s+\(?$/.test(text.slice(Math.max(0, start - 8), start))
  const chain = parseChain(text.slice(start, end), isNew)
  return chain === undefined || chain.segments.length === 0 ? undefined : chain
}

const isNameUnit = (unit: number): boolean => isIdentifierUnit(unit) || unit === 36

/** Returns where the text before an operator that takes a member ends, without white space; -1 when there is none. */
const beforeOperator = (text: string, from: number, ending: RegExp): number => {
  let at = from
  while (at > 0 && text.charCodeAt(at - 1) <= 32) at--
  const found = ending.exec(text.slice(Math.max(0, at - 3), at))?.[0]
  if (found === undefined) return -1
  at -= found.length
  while (at > 0 && text.charCodeAt(at - 1) <= 32) at--
  return at
}

const startOfChain = (text: string, end: number, ending: RegExp): number => {
  const least = Math.max(0, end - longestChain)
  let at = end
  for (;;) {
    // What is called or indexed.
    while (at > least && /[)\]}?!]/.test(text[at - 1] ?? "")) {
      const unit = text[at - 1] ?? ""
      if (unit === "?" || unit === "!") at--
      else {
        const open = openingOf(text, at - 1, least)
        if (open === -1) return end
        at = open
      }
    }
    if (text.charCodeAt(at - 1) === 62 && text.charCodeAt(at - 2) !== 45) {
      const open = text.lastIndexOf("<", at - 1)
      if (open > least && /^[<>\w\s,.:[\]?]*$/.test(text.slice(open, at)) && isNameUnit(text.charCodeAt(open - 1))) {
        at = open
      } else if (open > least && text.slice(open - 2, open) === "::") at = open - 2
      else return end
    }
    const name = at
    while (
      at > least &&
      (isNameUnit(text.charCodeAt(at - 1)) || text.charCodeAt(at - 1) === 64 || text.charCodeAt(at - 1) === 92)
    ) {
      at--
    }
    // "(a + b).": what is in brackets is not followed, but "(new Foo)." and "(await x)." are.
    if (at === name) return at === end ? end : at
    const before = beforeOperator(text, at, ending)
    if (before === -1 || before <= least) return at
    at = before
  }
}

const pairs: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" }

const openingOf = (text: string, close: number, least: number): number => {
  const ends: Array<string> = []
  for (let at = close; at >= least; at--) {
    const unit = text[at] ?? ""
    const open = pairs[unit]
    if (open !== undefined) ends.push(open)
    else if (unit === "(" || unit === "[" || unit === "{") {
      if (ends.pop() !== unit) return -1
      if (ends.length === 0) return at
    } else if (unit === "\"" || unit === "'") {
      const other = text.lastIndexOf(unit, at - 1)
      const newline = text.lastIndexOf("\n", at)
      if (other > newline && other >= least) at = other
    }
  }
  return -1
}

const word = /[\p{L}_$@\\][\p{L}\p{N}_$\\]*/uy
const operator = /\s*(?:\?->|->|\?\.|!!?\.|&\.|\.|::)\s*/y

/**
 * Returns the chain that an expression begins with; undefined when it begins with something else. Of "a or b" that is a.
 *
 * @example
 * parseChain("new Foo(1).bar[0]", false)?.segments.map(({ name }) => name) // ["Foo", "bar"]
 */
export const parseChain = (expression: string, isNew: boolean): MemberChain | undefined => {
  let isMade = isNew
  let at = 0
  for (;;) {
    const lead = /^(?:\s+|await\s+|new\s+|yield\s+|&mut\s+|[&*(!]|<-)/.exec(expression.slice(at))?.[0]
    if (lead === undefined) break
    if (lead.startsWith("new")) isMade = true
    at += lead.length
  }
  const start = at
  const segments: Array<ChainLink> = []
  for (;;) {
    word.lastIndex = at
    const name = word.exec(expression)?.[0]
    if (name === undefined) break
    at += name.length
    let isCalled = false
    let isIndexed = false
    for (;;) {
      const unit = expression[at]
      if (unit === "(" || unit === "[" || unit === "{") {
        // "Foo {" makes a Foo in Go and Rust; "foo {" opens a block.
        if (unit === "{" && !/^[A-Z]/.test(name.slice(name.lastIndexOf("\\") + 1))) break
        const close = closingOf(expression, at)
        if (unit === "[" && expression[close] === "(") {
          at = close
          continue
        }
        if (unit === "[") isIndexed = true
        else isCalled = true
        at = close
      } else if (unit === "<" || (unit === ":" && expression.startsWith("::<", at))) {
        const generic = /^(?:::)?<[\w\s,.:[\]<>?|&]*>(?=[({.:])/.exec(expression.slice(at, at + 200))?.[0]
        if (generic === undefined) break
        at += generic.length
      } else if ((unit === "?" || unit === "!") && /^[?!]+(?:\.|\[|->)/.test(expression.slice(at, at + 4))) at++
      else break
    }
    segments.push({ name, isCalled, isIndexed })
    // A bracket that was opened before the name closes here: "(await load()).".
    while (expression[at] === ")") at++
    operator.lastIndex = at
    const found = operator.exec(expression)?.[0]
    if (found === undefined) break
    at += found.length
  }
  return segments.length === 0 ? undefined : { text: expression.slice(start, at).trim(), isNew: isMade, segments }
}

/** Returns the offset behind the bracket that closes the one at `open`, or the end of the text without one. */
const closingOf = (text: string, open: number): number => {
  let depth = 0
  for (let at = open; at < text.length; at++) {
    const unit = text[at]
    if (unit === "(" || unit === "[" || unit === "{") depth++
    else if ((unit === ")" || unit === "]" || unit === "}") && --depth === 0) return at + 1
    else if (unit === "\"" || unit === "'") {
      const other = text.indexOf(unit, at + 1)
      if (other !== -1 && !text.slice(at, other).includes("\n")) at = other
    }
  }
  return text.length
}
