/**
 * The files of a project by path, namespace and name: the state that follows additions and removals, and the view of it
 * that import rules get. A path keeps its number for as long as it is there; numbers say nothing about order.
 */
import type { FileFacts } from "./facts.ts"
import { directoryOf, type ProjectView } from "./imports/rules.ts"
import { familyOf } from "./families.ts"
import { type Lexicon, makeLexicon } from "./lexicon.ts"
import type { SymbolFacts } from "./symbols.ts"

export interface IndexedFile {
  readonly facts: FileFacts
  readonly number: number
  /** Where its chunks are, and the number of the first; the others follow. */
  readonly lexicon: Lexicon
  firstChunk: number
  /** Its symbols, then the fields that no declaration names: a place counts in this list. */
  readonly symbols: ReadonlyArray<SymbolFacts>
  /** Symbols at the top of the file, by name. */
  readonly tops: ReadonlyMap<string, ReadonlyArray<number>>
  /** For each symbol but modules, the places of the symbols that it holds. */
  readonly members: ReadonlyMap<number, ReadonlyArray<number>>
}

export interface Project {
  /** The lexical indexes to search for code in a language: that of its family, or all when the language is unknown. */
  readonly lexicons: (language: string) => ReadonlyArray<Lexicon>
  readonly chunkCount: () => number
  readonly isRagged: () => boolean
  readonly view: ProjectView
  readonly put: (facts: FileFacts) => void
  readonly drop: (path: string) => void
  readonly setConfig: (path: string, text: string) => void
  readonly fileAt: (path: string) => IndexedFile | undefined
  readonly fileOf: (number: number) => IndexedFile | undefined
  readonly files: () => Iterable<IndexedFile>
  readonly configs: () => Iterable<readonly [path: string, text: string]>
  readonly fileCount: () => number
  /** The files that define a name, in no order, each with the places among its symbols. */
  readonly defined: (name: string) => ReadonlyMap<IndexedFile, ReadonlyArray<number>>
  /** The members of a type or object of a name that stand outside its declaration, in no order. */
  readonly owned: (name: string) => ReadonlyMap<IndexedFile, ReadonlyArray<number>>
  /** The file and place of a chunk. */
  readonly chunkAt: (
    lexicon: Lexicon,
    chunk: number
  ) => { readonly file: IndexedFile; readonly place: number } | undefined
  readonly compact: () => void
}

const baseOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1)

export const makeProject = (weighting: "lucene" | "okapi"): Project => {
  const byFamily = new Map<string, Lexicon>()
  const files = new Map<number, IndexedFile>()
  const byPath = new Map<string, IndexedFile>()
  const byBase = new Map<string, Array<IndexedFile>>()
  const byDirectory = new Map<string, Array<IndexedFile>>()
  const byNamespace = new Map<string, Array<IndexedFile>>()
  const byName = new Map<string, Map<IndexedFile, Array<number>>>()
  const byOwner = new Map<string, Map<IndexedFile, Array<number>>>()
  /** Answers of `filesEndingWith`, valid until a path is added or removed. */
  const byEnding = new Map<string, ReadonlyArray<number>>()
  const configTexts = new Map<string, string>()
  let next = 0

  const put: Project["put"] = (facts) => {
    const number = byPath.get(facts.path)?.number
    if (number === undefined) byEnding.clear()
    else forget(facts.path)
    const family = familyOf(facts.language)
    const lexicon = byFamily.get(family) ?? makeLexicon(weighting)
    byFamily.set(family, lexicon)
    const own = number ?? next++
    const symbols = facts.fields.length === 0 ? facts.symbols : [...facts.symbols, ...facts.fields]
    const file: IndexedFile = {
      facts,
      number: own,
      lexicon,
      firstChunk: lexicon.add(facts, own),
      symbols,
      tops: topsOf(facts.symbols),
      members: membersOf(symbols)
    }
    files.set(file.number, file)
    byPath.set(facts.path, file)
    push(byBase, baseOf(facts.path), file)
    push(byDirectory, directoryOf(facts.path), file)
    if (facts.namespace !== "") push(byNamespace, facts.namespace, file)
    for (const [place, symbol] of symbols.entries()) {
      if (symbol.kind === "module") continue
      if (place < facts.symbols.length) push(mapIn(byName, symbol.name), file, place)
      if (symbol.owner !== "" && symbols[symbol.container]?.kind !== "type") {
        push(mapIn(byOwner, symbol.owner), file, place)
      }
    }
  }

  const drop: Project["drop"] = (path) => {
    configTexts.delete(path)
    if (!byPath.has(path)) return
    byEnding.clear()
    forget(path)
  }

  const forget = (path: string): void => {
    const file = byPath.get(path)
    if (file === undefined) return
    const { facts } = file
    file.lexicon.remove(facts, file.firstChunk)
    files.delete(file.number)
    byPath.delete(path)
    const isOther = (other: IndexedFile) => other !== file
    keepOnly(byBase, baseOf(path), isOther)
    keepOnly(byDirectory, directoryOf(path), isOther)
    keepOnly(byNamespace, facts.namespace, isOther)
    for (const { name, owner } of file.symbols) {
      forgetIn(byName, name, file)
      if (owner !== "") forgetIn(byOwner, owner, file)
    }
  }

  const numbersOf = (list: ReadonlyArray<IndexedFile> | undefined): ReadonlyArray<number> =>
    [...list ?? []].sort(byPathOrder).map((file) => file.number)

  const view: ProjectView = {
    fileAt: (path) => byPath.get(path)?.number,
    filesIn: (directory) => numbersOf(byDirectory.get(directory)),
    filesEndingWith: (path) => {
      const known = byEnding.get(path)
      if (known !== undefined) return known
      const found = numbersOf(
        byBase.get(baseOf(path))?.filter(({ facts }) => facts.path === path || facts.path.endsWith(`/${path}`))
      )
      byEnding.set(path, found)
      return found
    },
    filesOfNamespace: (namespace) => numbersOf(byNamespace.get(namespace)),
    defines: (file, name) => files.get(file)?.tops.has(name) === true,
    importsOf: (file) => files.get(file)?.facts.imports ?? [],
    pathOf: (file) => files.get(file)?.facts.path ?? "",
    namespaceOf: (file) => files.get(file)?.facts.namespace ?? "",
    configs: (name, path) => {
      const found: Array<{ readonly directory: string; readonly text: string }> = []
      for (let directory = directoryOf(path);; directory = directoryOf(directory)) {
        const text = configTexts.get(directory === "" ? name : `${directory}/${name}`)
        if (text !== undefined) found.push({ directory, text })
        if (directory === "") break
      }
      const seen = new Set(found.map(({ directory }) => directory))
      const others = [...configTexts].filter(([file]) => baseOf(file) === name && !seen.has(directoryOf(file)))
        .sort(([a], [b]) => (a < b ? -1 : 1))
      return [...found, ...others.map(([file, text]) => ({ directory: directoryOf(file), text }))]
    }
  }

  return {
    lexicons: (language) => {
      const family = familyOf(language)
      if (family === "") return [...byFamily].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, lexicon]) => lexicon)
      const lexicon = byFamily.get(family)
      return lexicon === undefined ? [] : [lexicon]
    },
    chunkCount: () => [...byFamily.values()].reduce((sum, { postings }) => sum + postings.chunkCount(), 0),
    isRagged: () => [...byFamily.values()].some(({ postings }) => postings.isRagged()),
    view,
    put,
    drop,
    setConfig: (path, text) => configTexts.set(path, text),
    fileAt: (path) => byPath.get(path),
    fileOf: (number) => files.get(number),
    files: () => files.values(),
    configs: () => configTexts,
    fileCount: () => files.size,
    defined: (name) => byName.get(name) ?? noDefinitions,
    owned: (name) => byOwner.get(name) ?? noDefinitions,
    chunkAt: (lexicon, chunk) => {
      const file = files.get(lexicon.ownerOf(chunk))
      return file === undefined ? undefined : { file, place: chunk - file.firstChunk }
    },
    compact: () => {
      const numbers = new Map([...byFamily.values()].map((lexicon) => [lexicon, lexicon.compact()]))
      for (const file of files.values()) {
        if (file.facts.chunks.length > 0) file.firstChunk = numbers.get(file.lexicon)?.[file.firstChunk] ?? 0
      }
    }
  }
}

const noDefinitions: ReadonlyMap<IndexedFile, ReadonlyArray<number>> = new Map()

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

type Places = Map<IndexedFile, Array<number>>

const mapIn = (maps: Map<string, Places>, name: string): Places => {
  const known = maps.get(name)
  if (known !== undefined) return known
  const fresh: Places = new Map()
  maps.set(name, fresh)
  return fresh
}

const forgetIn = (maps: Map<string, Places>, name: string, file: IndexedFile): void => {
  const places = maps.get(name)
  places?.delete(file)
  if (places?.size === 0) maps.delete(name)
}

const push = <K, A>(lists: Map<K, Array<A>>, key: K, value: A): void => {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

const keepOnly = <K, A>(lists: Map<K, Array<A>>, key: K, isKept: (value: A) => boolean): void => {
  const list = lists.get(key)
  if (list === undefined) return
  const kept = list.filter(isKept)
  if (kept.length === 0) lists.delete(key)
  else lists.set(key, kept)
}
