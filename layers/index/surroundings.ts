/** What stands around a cursor, read off the text alone: it need not parse, and nobody has to wait for a parser. */
import { eachMention } from "./mentions.ts"
import { importRulesOf } from "./imports/languages.ts"
import type { Import } from "./imports/rules.ts"
import { basesOf } from "./symbols.ts"
import { eachIdentifier, termsOf } from "./terms.ts"

export interface Surroundings {
  /** Names that the code mentions, with their weights: the nearer and the more often, the heavier. */
  readonly near: ReadonlyMap<string, number>
  /** Those of them that come after a "." or "->", or all of them in languages whose members need neither. */
  readonly nearMembers: ReadonlyMap<string, number>
  /** Terms of the text, including its comments and strings, for the lexical index. */
  readonly query: ReadonlyMap<string, number>
  readonly imports: ReadonlyArray<Import>
  readonly namespace: string
  /** The type whose body holds the cursor, and the types it is made from. */
  readonly ownTypes: ReadonlyArray<string>
}

/** UTF-16 units on each side that are read for identifiers. */
const above = 3000
const below = 1000
/** Lines after which an identifier weighs half. */
const halfAbove = 6
const halfBelow = 4
/** What stands behind the cursor says less about what comes next. */
const belowShare = 0.7
/** UTF-16 units in which imports are looked for: at the head of a file, and around the cursor. */
const importHead = 30_000
const importNear = 4_000

export const surroundingsOf = (path: string, language: string, prefix: string, suffix: string): Surroundings => {
  const around: Weights = { near: new Map(), nearMembers: new Map(), query: new Map() }
  weigh(prefix, language, Math.max(0, prefix.length - above), prefix.length, around, true)
  weigh(suffix, language, 0, Math.min(suffix.length, below), around, false)
  const rules = importRulesOf(language)
  const head = prefix.slice(0, importHead)
  const isWhole = prefix.length <= importHead + importNear
  const text = isWhole ? prefix : `${head}\n${prefix.slice(-importNear)}`
  return {
    ...around,
    imports: rules.scan(`${text}\n${suffix.slice(0, importNear)}`),
    namespace: rules.namespaceOf(head === "" ? suffix.slice(0, importNear) : head, path),
    ownTypes: ownTypesOf(language, prefix)
  }
}

interface Weights {
  readonly near: Map<string, number>
  readonly nearMembers: Map<string, number>
  readonly query: Map<string, number>
}

/** Languages in which a member is called like a function, without naming its object. */
export const hasBareMembers = (language: string): boolean => /^(?:java|c-sharp|cpp|ruby|kotlin|swift)$/.test(language)

const weigh = (
  text: string,
  language: string,
  start: number,
  end: number,
  { near, nearMembers, query }: Weights,
  isAbove: boolean
): void => {
  const half = isAbove ? halfAbove : halfBelow
  const share = isAbove ? 1 : belowShare
  const lines: Array<number> = []
  for (let index = start; index < end; index++) if (text.charCodeAt(index) === 10) lines.push(index)
  const weightAt = () => {
    let line = 0
    return (offset: number): number => {
      while (line < lines.length && (lines[line] ?? 0) < offset) line++
      return share * half / (half + (isAbove ? lines.length - line : line))
    }
  }
  const weightOfTerm = weightAt()
  const identifiers = new Map<string, number>()
  eachIdentifier(text, start, end, (identifier, offset) => {
    identifiers.set(identifier, (identifiers.get(identifier) ?? 0) + weightOfTerm(offset))
  })
  for (const [identifier, weight] of identifiers) {
    for (const term of termsOf(identifier)) query.set(term, (query.get(term) ?? 0) + weight)
  }
  const weightOfMention = weightAt()
  const isBareMember = hasBareMembers(language)
  eachMention(text, language, start, end, (name, role, offset) => {
    if (role === "variable") return
    const weight = weightOfMention(offset)
    near.set(name, (near.get(name) ?? 0) + weight)
    if (isBareMember || role === "member") nearMembers.set(name, (nearMembers.get(name) ?? 0) + weight)
  })
}

const typeHead =
  /^[^\S\n]*(?:[\w()]+[^\S\n]+){0,4}?(?:class|interface|trait|struct|enum|record|impl(?:<[^>]*>)?)[^\S\n]+(\w+)/
/** UTF-16 units of the head of a type that are read for what it extends. */
const headLength = 400

const ownTypesOf = (language: string, prefix: string): ReadonlyArray<string> => {
  if (language === "go") {
    const receivers = [...prefix.slice(-above).matchAll(/^func\s*\([^)]*?(\w+)(?:\[[^\]]*\])?\)/gm)]
    const name = receivers.at(-1)?.[1]
    return name === undefined ? [] : [name]
  }
  if (language === "cpp") {
    const scopes = [...prefix.slice(-above).matchAll(/^\S[^;{}]*?\b(\w+)(?:<[^>]*>)?::~?\w+\s*\(/gm)]
    const name = scopes.at(-1)?.[1]
    if (name !== undefined) return [name]
  }
  const keyword = language === "rust" ? "impl" : "class "
  for (let at = prefix.lastIndexOf(keyword); at !== -1; at = at === 0 ? -1 : prefix.lastIndexOf(keyword, at - 1)) {
    const line = prefix.lastIndexOf("\n", at) + 1
    const text = prefix.slice(line, line + headLength)
    const name = typeHead.exec(text)?.[1]
    if (name === undefined) continue
    const end = language === "python"
      ? text.indexOf(":\n")
      : language === "ruby"
      ? text.indexOf("\n")
      : text.indexOf("{")
    const head = (end === -1 ? text.slice(0, text.indexOf("\n")) : text.slice(0, end)).replace(/\s+/g, " ")
    const target = language === "rust" ? /\bfor\s+(\w+)/.exec(head)?.[1] : undefined
    return [name, ...target === undefined ? [] : [target], ...basesOf("", head, name)]
  }
  return []
}
