/**
 * The files of a project by path, namespace and name: the state that follows additions and removals, and the view of it
 * that import rules get. Of a file several versions may be kept, of which one at the most is shown. A path keeps its
 * number for as long as any is there; numbers say nothing about order.
 */
import type { FileFacts, KnownChunks } from "./facts.ts"
import { importRulesOf } from "./imports/languages.ts"
import { directoryOf, type Import, type ProjectView } from "./imports/rules.ts"
import { lineHashesOf } from "./lines.ts"
import { familyOf } from "./families.ts"
import { type Lexicon, makeLexicon } from "./lexicon.ts"
import { type Entry, makeRegister } from "./register.ts"
import type { SymbolFacts } from "./symbols.ts"
import { isTestPath } from "./test-path.ts"

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

export interface Project {
  /** The lexical indexes to search for code in a language: that of its family, or all when the language is unknown. */
  readonly lexicons: (language: string) => ReadonlyArray<Lexicon>
  readonly chunkCount: () => number
  readonly isRagged: () => boolean
  readonly view: ProjectView
  /** Shows the facts of a file instead of what was there; returns the version. */
  readonly put: (facts: FileFacts) => IndexedFile
  /** Shows a version that was kept. */
  readonly show: (file: IndexedFile) => void
  /** Lets go of a version that was kept, and is not shown. */
  readonly release: (file: IndexedFile) => void
  readonly drop: (path: string) => void
  /** Tells which chunks of a file are known from its versions. */
  readonly knownChunksOf: (path: string) => KnownChunks
  readonly setConfig: (path: string, text: string) => void
  readonly fileAt: (path: string) => IndexedFile | undefined
  readonly fileOf: (number: number) => IndexedFile | undefined
  readonly files: () => Iterable<IndexedFile>
  readonly configs: () => Iterable<readonly [path: string, text: string]>
  readonly fileCount: () => number
  /** The files that define a name, in no order, each with the places among its symbols. */
  readonly defined: (name: string) => ReadonlyArray<Entry<ReadonlyArray<number>>>
  /** The members of a type or object of a name that stand outside its declaration, in no order. */
  readonly owned: (name: string) => ReadonlyArray<Entry<ReadonlyArray<number>>>
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
  const byPath = new Map<string, ProjectPath>()
  const byNumber = new Map<number, ProjectPath>()
  const byBase = new Map<string, Array<ProjectPath>>()
  const byDirectory = new Map<string, Array<ProjectPath>>()
  const byNamespace = makeRegister(({ facts: { namespace } }) => new Map(namespace === "" ? [] : [[namespace, true]]))
  const byName = makeRegister(({ named }) => named)
  const byOwner = makeRegister(({ owned }) => owned)
  const registers = [byNamespace, byName, byOwner]
  /** Answers of `filesEndingWith`, valid until a path is shown or hidden. */
  const byEnding = new Map<string, ReadonlyArray<number>>()
  const configTexts = new Map<string, string>()
  let next = 0
  let shownCount = 0

  const pathAt = (path: string): ProjectPath => {
    const known = byPath.get(path)
    if (known !== undefined) return known
    const fresh: ProjectPath = {
      path,
      number: next++,
      isTest: isTestPath(path),
      shown: undefined,
      versions: new Set()
    }
    byPath.set(path, fresh)
    byNumber.set(fresh.number, fresh)
    push(byBase, baseOf(path), fresh)
    push(byDirectory, directoryOf(path), fresh)
    return fresh
  }

  const lexiconOf = (language: string): Lexicon => {
    const family = familyOf(language)
    const lexicon = byFamily.get(family) ?? makeLexicon(weighting)
    byFamily.set(family, lexicon)
    return lexicon
  }

  const enter = (facts: FileFacts): IndexedFile => {
    const at = pathAt(facts.path)
    const lexicon = lexiconOf(facts.language)
    const file = indexedFile(facts, at, lexicon, lexicon.keep(facts, at.number))
    at.versions.add(file)
    for (const register of registers) register.enter(at, file)
    return file
  }

  const replace = (at: ProjectPath, file: IndexedFile | undefined): void => {
    const { shown } = at
    if (shown === file) return
    if (shown !== undefined && shown.lexicon !== file?.lexicon) shown.lexicon.replace(shown.chunks, noChunks)
    file?.lexicon.replace(shown?.lexicon === file.lexicon ? shown.chunks : noChunks, file.chunks)
    at.shown = file
    if (shown === undefined || file === undefined) byEnding.clear()
    shownCount += Number(file !== undefined) - Number(shown !== undefined)
    for (const register of registers) register.forgetAnswers()
    if (shown !== undefined && !shown.isKept) release(shown)
  }

  const show: Project["show"] = (file) => replace(pathAt(file.facts.path), file)

  const release: Project["release"] = (file) => {
    const at = pathAt(file.facts.path)
    file.lexicon.release(file.chunks)
    for (const register of registers) register.remove(at, file)
    at.versions.delete(file)
    if (at.versions.size > 0) return
    byPath.delete(at.path)
    byNumber.delete(at.number)
    const isOther = (other: ProjectPath) => other !== at
    keepOnly(byBase, baseOf(at.path), isOther)
    keepOnly(byDirectory, directoryOf(at.path), isOther)
  }

  const drop: Project["drop"] = (path) => {
    configTexts.delete(path)
    const at = byPath.get(path)
    if (at !== undefined) replace(at, undefined)
  }

  const shownAt = (path: string): IndexedFile | undefined => byPath.get(path)?.shown

  const numbersOf = (paths: ReadonlyArray<ProjectPath> | undefined): ReadonlyArray<number> =>
    (paths ?? []).filter(({ shown }) => shown !== undefined)
      .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)).map(({ number }) => number)

  const view: ProjectView = {
    fileAt: (path) => shownAt(path)?.number,
    filesIn: (directory) => numbersOf(byDirectory.get(directory)),
    filesEndingWith: (path) => {
      const known = byEnding.get(path)
      if (known !== undefined) return known
      const found = numbersOf(
        byBase.get(baseOf(path))?.filter((other) => other.path === path || other.path.endsWith(`/${path}`))
      )
      byEnding.set(path, found)
      return found
    },
    filesOfNamespace: (namespace) =>
      byNamespace.at(namespace).map(([file]) => file).sort(byPathOrder).map(({ number }) => number),
    defines: (file, name) => fileOf(file)?.tops.has(name) === true,
    importsOf: (file) => fileOf(file)?.imports ?? [],
    pathOf: (file) => fileOf(file)?.facts.path ?? "",
    namespaceOf: (file) => fileOf(file)?.facts.namespace ?? "",
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
  const fileOf = (number: number): IndexedFile | undefined => byNumber.get(number)?.shown

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
    put: (facts) => {
      const file = enter(facts)
      show(file)
      return file
    },
    show,
    release,
    drop,
    knownChunksOf: (path) => {
      const number = byPath.get(path)?.number
      return (language, hash) => number !== undefined && byFamily.get(familyOf(language))?.knows(number, hash) === true
    },
    setConfig: (path, text) => configTexts.set(path, text),
    fileAt: shownAt,
    fileOf,
    files: () => [...byPath.values()].flatMap(({ shown }) => shown ?? []),
    configs: () => configTexts,
    fileCount: () => shownCount,
    defined: byName.at,
    owned: byOwner.at,
    chunkAt: (lexicon, chunk) => {
      const file = fileOf(lexicon.ownerOf(chunk))
      const place = file?.lexicon === lexicon ? file.chunks.indexOf(chunk) : -1
      return file === undefined || place === -1 ? undefined : { file, place }
    },
    compact: () => {
      const numbers = new Map([...byFamily.values()].map((lexicon) => [lexicon, lexicon.compact()]))
      for (const { versions } of byPath.values()) {
        for (const file of versions) file.chunks = file.chunks.map((chunk) => numbers.get(file.lexicon)?.[chunk] ?? 0)
      }
    }
  }
}

const noChunks = new Int32Array(0)

/** What most versions are never asked for is worked out when one is. */
const indexedFile = (facts: FileFacts, at: ProjectPath, lexicon: Lexicon, chunks: Int32Array): IndexedFile => {
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
