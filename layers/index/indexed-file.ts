/** One version of one file, as an index holds it. */
import type { FileFacts } from "./facts.ts"
import { familyOf } from "./families.ts"
import { importRulesOf } from "./imports/languages.ts"
import type { Import } from "./imports/rules.ts"
import type { Lexicon } from "./lexicon.ts"
import { lineHashesOf } from "./lines.ts"
import { push } from "./lists.ts"
import type { SymbolFacts } from "./symbols.ts"

/** A version of a file. */
export interface IndexedFile {
  readonly facts: FileFacts
  /** That of its path. */
  readonly number: number
  /** Where its chunks are, and their numbers there. */
  readonly lexicon: Lexicon
  chunks: Int32Array
  /** Its symbols, then the fields that no declaration names: a place counts in this list. */
  readonly symbols: ReadonlyArray<SymbolFacts>
  /** Symbols at the top of the file, by name. */
  readonly tops: ReadonlyMap<string, ReadonlyArray<number>>
  /** For each symbol but modules, the places of the symbols that it holds. */
  readonly members: ReadonlyMap<number, ReadonlyArray<number>>
  /** What it imports, as it is written. */
  readonly imports: ReadonlyArray<Import>
  /** Sorted hashes of its lines. */
  readonly lines: Uint32Array
  /** Symbols by name, without modules and fields. */
  readonly named: ReadonlyMap<string, ReadonlyArray<number>>
  /** Members that stand outside the declaration of their type or object, by its name. */
  readonly owned: ReadonlyMap<string, ReadonlyArray<number>>
  /** That of its language. */
  readonly family: string
  /** Whether its path is that of a test. */
  readonly isTest: boolean
  /** By symbol, whether only its type can name it: 1 for no, 2 for yes, 0 as long as nobody has looked. */
  readonly privacy: Uint8Array
  /** By symbol, the words of its name, once somebody has looked. */
  readonly words: Array<ReadonlyArray<string> | undefined>
  /** Whether it stays when another version is shown, or none: somebody may want it back. */
  isKept: boolean
}

/** A path of the project, and the version of its file that is shown. */
export interface ProjectPath {
  readonly path: string
  readonly number: number
  readonly isTest: boolean
  shown: IndexedFile | undefined
  readonly versions: Set<IndexedFile>
}

/** What most versions are never asked for is worked out when one is. */
export const indexedFile = (facts: FileFacts, at: ProjectPath, lexicon: Lexicon, chunks: Int32Array): IndexedFile => {
  const symbols = facts.fields.length === 0 ? facts.symbols : [...facts.symbols, ...facts.fields]
  const tops = late(() => topsOf(facts.symbols))
  const members = late(() => membersOf(symbols))
  const imports = late(() => importRulesOf(facts.language).scan(facts.text))
  const lines = late(() => lineHashesOf(facts.text))
  return {
    facts,
    number: at.number,
    lexicon,
    chunks,
    family: familyOf(facts.language),
    isTest: at.isTest,
    symbols,
    get tops() {
      return tops()
    },
    get members() {
      return members()
    },
    get imports() {
      return imports()
    },
    get lines() {
      return lines()
    },
    named: namedOf(facts.symbols),
    owned: ownedOf(symbols),
    words: [],
    privacy: new Uint8Array(symbols.length),
    isKept: false
  }
}

/** Returns what gives a value that is worked out the first time. */
const late = <A>(work: () => A): () => A => {
  let known: A | undefined
  return () => known ??= work()
}

/** Returns the facts of a file with the terms of all its chunks. */
export const withTerms = ({ chunks, facts, lexicon }: IndexedFile): FileFacts => {
  const places = new Map<string, number>()
  const postings: Array<number> = []
  for (const chunk of chunks) {
    const at = postings.push(0) - 1
    lexicon.postings.eachTerm(chunk, (term, count) => {
      const place = places.get(term) ?? places.size
      places.set(term, place)
      postings.push(place, count)
    })
    postings[at] = (postings.length - at - 1) / 2
  }
  return { ...facts, terms: [...places.keys()], postings: Uint32Array.from(postings) }
}

/** Order that does not depend on when files came. */
export const byPathOrder = (a: IndexedFile, b: IndexedFile): number =>
  a.facts.path < b.facts.path ? -1 : a.facts.path > b.facts.path ? 1 : 0

const topsOf = (symbols: ReadonlyArray<SymbolFacts>): ReadonlyMap<string, ReadonlyArray<number>> => {
  const tops = new Map<string, Array<number>>()
  for (const [place, symbol] of symbols.entries()) {
    const above = symbols[symbol.container]
    if (symbol.kind !== "module" && (above === undefined || above.kind === "module")) push(tops, symbol.name, place)
  }
  return tops
}

const membersOf = (symbols: ReadonlyArray<SymbolFacts>): ReadonlyMap<number, ReadonlyArray<number>> => {
  const members = new Map<number, Array<number>>()
  for (const [place, { container, kind }] of symbols.entries()) {
    if (container !== -1 && kind !== "module") push(members, container, place)
  }
  return members
}

const namedOf = (symbols: ReadonlyArray<SymbolFacts>): ReadonlyMap<string, ReadonlyArray<number>> => {
  const named = new Map<string, Array<number>>()
  for (const [place, { kind, name }] of symbols.entries()) if (kind !== "module") push(named, name, place)
  return named
}

const ownedOf = (symbols: ReadonlyArray<SymbolFacts>): ReadonlyMap<string, ReadonlyArray<number>> => {
  const owned = new Map<string, Array<number>>()
  for (const [place, { container, kind, owner }] of symbols.entries()) {
    if (kind !== "module" && owner !== "" && symbols[container]?.kind !== "type") push(owned, owner, place)
  }
  return owned
}
