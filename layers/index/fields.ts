/**
 * What the objects of a type hold that no declaration names: attributes that its functions assign, properties that its
 * constructor takes, and members that its documentation promises.
 */
import { lexisOf, proseAt } from "./lexis.ts"
import { isIdentifierUnit } from "./terms.ts"
import { collapse, type SymbolFacts } from "./symbols.ts"

/** Other languages declare all members where they declare the type. */
const hasFields = /^(?:python|javascript|typescript|tsx|ruby|php)$/

/** A file has at most so many of them. */
const mostFields = 1000

const javascript =
  /^[ \t]*(?:this\.([\w$]+)[ \t]*=(?!=)[^\n]*|Object\.defineProperty\([ \t]*this[ \t]*,[ \t]*["'](\w+)["'][^\n]*)/gm

/** Statements that give an object an attribute; the name is in the first group that there is. */
const assigned: Readonly<Record<string, RegExp>> = {
  python: /^[ \t]+self\.(\w+)[ \t]*(?::[^=\n]+)?=(?!=)[^\n]*/gm,
  javascript,
  typescript: javascript,
  tsx: javascript,
  ruby: /^[ \t]*(?:@(\w+)[ \t]*(?:\|\|)?=(?!=)[^\n]*|attr_(?:accessor|reader|writer)[ \t]+:(\w+)[^\n]*)/gm
}

/** Heads of constructors whose parameters may be properties, and such a parameter. */
const promoted: Readonly<Record<string, readonly [head: RegExp, parameter: RegExp]>> = {
  php: [/\bfunction\s+__construct\s*\(/g, /(?:\b(?:public|protected|private|readonly)[ \t]+)+[^$,()]*\$(\w+)/g],
  typescript: [/\bconstructor\s*\(/g, /(?:\b(?:public|protected|private|readonly)[ \t]+)+([\w$]+)\??[ \t]*:[^,)=]+/g]
}

/** Members that the documentation of a PHP class names. */
const documented = /^[ \t]*\*[ \t]*(@(?:method|property(?:-read|-write)?)[ \t]+[^\n]*?(?:\$(\w+)\b|\b(\w+)\()[^\n]*)/gm

/** Returns them as values of their types, each once and in the order of their names' first places. */
export const fieldsOf = (
  language: string,
  text: string,
  symbols: ReadonlyArray<SymbolFacts>
): ReadonlyArray<SymbolFacts> => {
  if (!hasFields.test(language)) return []
  const fields: Array<SymbolFacts> = []
  const known = new Set(symbols.map(({ name, owner }) => `${owner}.${name}`))
  const add = (place: number, name: string | undefined, start: number, signature: string) => {
    const above = symbols[place]
    if (above === undefined || name === undefined || fields.length >= mostFields) return
    const isType = above.kind === "type"
    const owner = isType || above.owner === "" ? above.name : above.owner
    if (known.has(`${owner}.${name}`)) return
    known.add(`${owner}.${name}`)
    fields.push({
      ...member,
      name,
      container: isType ? place : -1,
      owner,
      start,
      end: start + signature.length,
      signature: collapse(signature)
    })
  }
  const holders = symbols.flatMap((symbol, place) => isHolder(language, symbol) ? [place] : [])
  const addOwned = (owner: string, name: string, start: number, signature: string) => {
    if (known.has(`${owner}.${name}`) || fields.length >= mostFields) return
    known.add(`${owner}.${name}`)
    fields.push({ ...member, name, owner, start, end: start + signature.length, signature: collapse(signature) })
  }
  const startOf = (place: number | undefined) => symbols[place ?? -1]?.start ?? Number.POSITIVE_INFINITY
  /** The holder that is declared last before an offset. Types inside types are not told apart. */
  const holderBefore = (offset: number): number => {
    let found = -1
    for (const place of holders) {
      if (startOf(place) > offset) break
      found = place
    }
    return found
  }
  const assignment = assigned[language]
  for (const match of assignment === undefined ? [] : text.matchAll(assignment)) {
    add(holderBefore(match.index), match[1] ?? match[2], match.index, match[0])
  }
  const [head, parameter] = promoted[language === "tsx" ? "typescript" : language] ?? [null, /(?!)/g]
  for (const match of head === null ? [] : text.matchAll(head)) {
    const from = match.index + match[0].length
    const end = closing(text, from)
    for (const taken of text.slice(from, end).matchAll(parameter)) {
      add(holderBefore(match.index), taken[1], from + taken.index, taken[0])
    }
  }
  if (language === "php" && /@(?:method|property)/.test(text)) {
    for (const match of text.matchAll(documented)) {
      add(
        holders.find((place) => startOf(place) > match.index) ?? -1,
        match[2] ?? match[3],
        match.index,
        match[1] ?? ""
      )
    }
  }
  if (isScript(language)) {
    for (const match of text.matchAll(literal)) {
      const owner = match[1] ?? "exports"
      for (const { end, name, start } of keysOf(text, language, match.index + match[0].length)) {
        addOwned(owner, name, start, text.slice(start, end))
      }
    }
  }
  return withLines(fields, text)
}

const member = { kind: "value", container: -1, line: 1, hasBody: false, bases: [] } as const

/** An object at the top of a file, or what a module exports. */
const literal =
  /^(?:export\s+)?(?:(?:const|let|var)\s+([\w$]+)\s*(?::[^=\n]+)?=|module\.exports\s*=|export\s+default)\s*\{[ \t]*$/gm

/** How far the keys of an object are read. UTF-16 units. */
const longestObject = 50_000

/** Returns the keys of an object whose brace stands before `from`, each with the first line of its value. */
const keysOf = (text: string, language: string, from: number) => {
  const keys: Array<{ readonly name: string; readonly start: number; readonly end: number }> = []
  const lexis = lexisOf(language)
  const last = Math.min(text.length, from + longestObject)
  let depth = 0
  let isKey = true
  for (let index = from; index < last;) {
    const prose = proseAt(text, index, last, lexis)
    if (prose !== undefined) {
      index = Math.max(prose.end, index + 1)
      continue
    }
    const unit = text.charCodeAt(index)
    if (unit === 123 || unit === 40 || unit === 91) depth++
    else if (unit === 125 || unit === 41 || unit === 93) {
      if (--depth < 0) break
    } else if (unit === 44 && depth === 0) isKey = true
    else if (isKey && depth === 0 && isIdentifierUnit(unit)) {
      key.lastIndex = index
      const name = key.exec(text)?.[1]
      const newline = text.indexOf("\n", index)
      if (name !== undefined) keys.push({ name, start: index, end: newline === -1 ? last : newline })
      isKey = false
      while (index < last && isIdentifierUnit(text.charCodeAt(index))) index++
      continue
    }
    index++
  }
  return keys
}

const key = /(?:(?:async|get|set|static)\s+)?([\w$]+)/y

/** Whether attributes that are assigned behind it may be its own: a type, or a function that makes or serves objects. */
const isHolder = (language: string, { kind, name, owner }: SymbolFacts): boolean =>
  kind === "type" ||
  (isScript(language) && (kind === "function" || kind === "value") && (owner !== "" || /^[A-Z]/.test(name)))

const isScript = (language: string): boolean => /^(?:javascript|typescript|tsx)$/.test(language)

/** How far the end of a list of parameters is looked for. UTF-16 units. */
const longestList = 4000

const closing = (text: string, from: number): number => {
  const last = Math.min(text.length, from + longestList)
  let depth = 1
  for (let index = from; index < last; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 40) depth++
    else if (unit === 41 && --depth === 0) return index
  }
  return last
}

const withLines = (fields: Array<SymbolFacts>, text: string): ReadonlyArray<SymbolFacts> => {
  const order = fields.map((_, place) => place).sort((a, b) => (fields[a]?.start ?? 0) - (fields[b]?.start ?? 0))
  let line = 1
  let counted = 0
  const sorted: Array<SymbolFacts> = []
  for (const place of order) {
    const field = fields[place]
    if (field === undefined) continue
    for (; counted < field.start; counted++) if (text.charCodeAt(counted) === 10) line++
    sorted.push({ ...field, line })
  }
  return sorted
}
