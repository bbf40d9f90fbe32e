/**
 * The files of a project by path, namespace and name: the state that follows additions and removals, and the view of it
 * that import rules get. Of a file several versions may be kept, of which one at the most is shown. A path keeps its
 * number until the last of them is let go; numbers say nothing about order.
 */
import type { FileFacts, KnownChunks } from "./facts.ts"
import { directoryOf, type ProjectView } from "./imports/rules.ts"
import { byPathOrder, type IndexedFile, indexedFile, type ProjectPath } from "./indexed-file.ts"
import { keepOnly, push } from "./lists.ts"
import { familyOf } from "./families.ts"
import { type Lexicon, makeLexicon } from "./lexicon.ts"
import { type Entry, makeRegister } from "./register.ts"
import { isTestPath } from "./test-path.ts"

export interface Project {
  /** The lexical indexes to search for code in a language: that of its family, or all when the language is unknown. */
  readonly lexicons: (language: string) => ReadonlyArray<Lexicon>
  readonly chunkCount: () => number
  /** How many chunks have had their terms counted. */
  readonly countedChunks: () => number
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
    countedChunks: () => [...byFamily.values()].reduce((sum, { counted }) => sum + counted(), 0),
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
