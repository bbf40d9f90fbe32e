/** Which definitions in other files may be wanted at the cursor, and what speaks for each of them. */
import { type Evidence, leastScore, nothing, scoreOf } from "./evidence.ts"
import { familyOf } from "./families.ts"
import { importRulesOf } from "./imports/languages.ts"
import type { ResolvedImport } from "./imports/rules.ts"
import type { IndexedFile } from "./indexed-file.ts"
import type { Project } from "./project.ts"
import { familyMembers } from "./members.ts"
import { type Receiver, receiverAt } from "./receivers.ts"
import type { Here } from "./here.ts"
import { hasBareMembers, type Surroundings } from "./surroundings.ts"
import { termsOf } from "./terms.ts"

export interface CandidateFile {
  readonly file: IndexedFile
  readonly place: number
  readonly evidence: Evidence
  score: number
}

/** A chunk that BM25 found, best first. */
export interface FoundChunk {
  readonly file: IndexedFile
  readonly place: number
  readonly score: number
}

export interface CandidateQuery {
  readonly path: string
  readonly language: string
  readonly here: Here
  readonly around: Surroundings
  readonly chunks: ReadonlyArray<FoundChunk>
  /** Paths of the target. */
  readonly own: ReadonlySet<string>
}

/** When more files than this define a name, the name does not tell which one is meant. */
const mostDefiners = 5
/** How many of the found chunks are read for the names they mention. */
const readChunks = 16
/** How many chains and names are followed for the receiver of one question. */
const mostWork = 60
/** How many generations of types are searched for members. */
const mostGenerations = 5

/** What is known of a place: candidates in other files, and the receiver of the member that is being written. */
export interface FoundCandidates {
  readonly all: ReadonlyArray<CandidateFile>
  readonly receiver: Receiver | undefined
  /** Places, in the sketch of the file, of the receiver's members that it declares itself. */
  readonly own: ReadonlySet<number>
}

export const noCandidates: FoundCandidates = { all: [], receiver: undefined, own: new Set() }

export const candidatesFor = (project: Project, asked: CandidateQuery): FoundCandidates => {
  const { around, here, language, path } = asked
  const candidates: Array<CandidateFile> = []
  /** The candidates of a file by their places. */
  const found = new Map<IndexedFile, Array<CandidateFile | undefined>>()
  const at = (file: IndexedFile, place: number): Evidence | undefined => {
    let places = found.get(file)
    if (places === undefined) {
      if (asked.own.has(file.facts.path)) return undefined
      places = []
      found.set(file, places)
    }
    const known = places[place]
    if (known !== undefined) return known.evidence
    const evidence: Evidence = { ...nothing }
    const candidate = { file, place, evidence, score: 0 }
    places[place] = candidate
    candidates.push(candidate)
    return evidence
  }
  const nearOf = (name: string): number => around.near.get(name) ?? 0
  const isBareMember = hasBareMembers(language)
  const family = familyOf(language)
  const isFriend = (other: IndexedFile): boolean => family === "" || other.family === family

  const rules = importRulesOf(language)
  const importer = { path, namespace: around.namespace }
  const resolved: Array<ResolvedImport> = []
  for (const imported of around.imports) {
    for (const found of rules.resolve(imported, importer, project.view)) resolved.push(found)
  }
  const neighbours = new Set(rules.neighbours(importer, project.view))

  /** Whether the cursor stands in another part of the same type, as Rust, Go and C++ have them. */
  const isOwn = (file: IndexedFile, place: number): boolean => file.symbols[place]?.name === around.ownTypes[0]

  const addMembers = (file: IndexedFile, place: number, field: "member" | "inherited", weight: number) => {
    for (const member of file.members.get(place) ?? []) {
      if (isPrivate(file, member) && !isOwn(file, place)) continue
      const evidence = at(file, member)
      if (evidence !== undefined) evidence[field] = Math.max(evidence[field], weight)
    }
  }

  // What the file imports.
  const typesHere = new Map<string, Array<{ readonly file: IndexedFile; readonly place: number }>>()
  const addType = (file: IndexedFile, place: number) => {
    const symbol = file.symbols[place]
    if (symbol?.kind !== "type") return
    const known = typesHere.get(symbol.name)
    if (known === undefined) typesHere.set(symbol.name, [{ file, place }])
    else if (!known.some((other) => other.file === file)) known.push({ file, place })
  }
  /** Files that are imported as a whole. */
  const whole = new Set<IndexedFile>()
  const takeAll = (file: IndexedFile) => {
    if (whole.has(file) || asked.own.has(file.facts.path)) return
    whole.add(file)
    for (const [name, places] of file.tops) {
      if (nearOf(name) === 0) continue
      for (const place of places) addType(file, place)
    }
  }
  for (const { file: number, name } of resolved) {
    const file = project.fileOf(number)
    if (file === undefined) continue
    const named = name === null ? undefined : file.tops.get(name)
    if (named === undefined) {
      takeAll(file)
      continue
    }
    for (const place of named) {
      const evidence = at(file, place)
      if (evidence === undefined) break
      evidence.imported = 1
      addType(file, place)
    }
  }

  // What needs no import.
  for (const number of neighbours) {
    const file = project.fileOf(number)
    if (file === undefined) continue
    for (const [name, places] of file.tops) {
      if (nearOf(name) === 0) continue
      for (const place of places) {
        const evidence = at(file, place)
        if (evidence === undefined) break
        evidence.neighbour = 1
        addType(file, place)
      }
    }
  }

  // What stands near the cursor or in code like this, and is defined in few places.
  const addNamed = (name: string, field: "near" | "mentioned", weight: number, asMember: number) => {
    const all = project.defined(name)
    if (all.length === 0 || all.length > 4 * mostDefiners) return
    const definers: Array<readonly [file: IndexedFile, place: number]> = []
    let files = 0
    for (const [file, places] of all) {
      if (!isFriend(file) || asked.own.has(file.facts.path)) continue
      const fitting = places.filter((place) => isReachable(file, place, asMember > 0))
      if (fitting.length > 0) files++
      for (const place of fitting) definers.push([file, place])
    }
    if (files === 0 || files > mostDefiners) return
    for (const [file, place] of definers) {
      const evidence = at(file, place)
      if (evidence === undefined) continue
      evidence[field] += (isMember(file, place) ? asMember : weight) / files
      if (field === "near") addType(file, place)
    }
  }
  for (const [name, weight] of around.near) addNamed(name, "near", weight, around.nearMembers.get(name) ?? 0)
  const mentions = new Map<string, { weight: number; asMember: number }>()
  const best = asked.chunks[0]?.score ?? 1
  for (const chunk of asked.chunks.slice(0, readChunks)) {
    for (const { isFirst, isMember, name } of chunk.file.lexicon.notesOf(chunk.file, chunk.place).mentions()) {
      if (isBareMember && !isFirst) continue
      const mention = mentions.get(name) ?? { weight: 0, asMember: 0 }
      mentions.set(name, mention)
      mention.weight += chunk.score / best
      if (isBareMember || isMember) mention.asMember += chunk.score / best
    }
  }
  for (const [name, { asMember, weight }] of mentions) addNamed(name, "mentioned", weight, asMember)

  // Members of the types that are around.
  const typesNamed = (name: string) => {
    const known = typesHere.get(name)
    if (known !== undefined) return known
    const last = name.slice(Math.max(name.lastIndexOf("\\"), name.lastIndexOf(".")) + 1)
    const places: Array<{ readonly file: IndexedFile; readonly place: number }> = []
    for (const [file, all] of project.defined(last)) {
      if (!isFriend(file) || asked.own.has(file.facts.path)) continue
      for (const place of all) if (file.symbols[place]?.kind === "type") places.push({ file, place })
    }
    return places.length <= 2 ? places : []
  }
  const addFamily = (
    name: string,
    field: "inherited",
    weight: number,
    generations: number,
    seen: Set<string>
  ) => {
    if (generations === 0 || seen.has(name)) return
    seen.add(name)
    for (const { file, place } of typesNamed(name)) {
      addMembers(file, place, field, weight)
      for (const base of file.symbols[place]?.bases ?? []) {
        addFamily(base, field, weight * 0.7, generations - 1, seen)
      }
    }
  }
  const seen = new Set<string>()
  for (const name of around.ownTypes) addFamily(name, "inherited", 1, mostGenerations, seen)
  for (const [name, places] of typesHere) {
    const weight = nearOf(name)
    for (const { file, place } of places) addMembers(file, place, "member", Math.min(1, weight + 0.1))
  }

  const { imports } = around
  const question = {
    project,
    language,
    path,
    here,
    rules,
    importer,
    imports,
    resolved,
    own: asked.own,
    work: { left: mostWork }
  }
  const receiver = receiverAt(question)
  const ownPlaces = new Set<number>()
  for (const type of receiver?.types ?? []) {
    for (const { file, generation, place } of familyMembers(question, type)) {
      if (file === null) {
        ownPlaces.add(place)
        continue
      }
      if (isPrivate(file, place) && (generation > 0 || type.name !== around.ownTypes[0])) continue
      const evidence = at(file, place)
      const weight = receiver?.isSure === true ? Math.max(0.6, 1 - 0.1 * generation) : 0.4
      if (evidence !== undefined) evidence.received = Math.max(evidence.received, weight)
    }
  }

  const directory = path.slice(0, path.lastIndexOf("/") + 1)
  for (const file of whole) {
    const count = [...file.tops.values()].reduce((sum, places) => sum + places.length, 0)
    const imported = 1 / (1 + count)
    const neighbour = file.facts.path.startsWith(directory) ? 0.5 : 0
    for (const [name, places] of file.tops) {
      for (const place of places) {
        const known = found.get(file)?.[place]
        // Most of a large file is not worth showing, and not worth a candidate.
        const isWorthIt = known !== undefined || nearOf(name) > 0 ||
          scoreOf({ ...nothing, imported, neighbour, overlap: overlapOf(wordsOf(file, place, name), around.query) }) >=
            leastScore
        const evidence = isWorthIt ? at(file, place) : undefined
        if (evidence !== undefined) evidence.imported = Math.max(evidence.imported, imported)
      }
    }
  }
  for (const candidate of candidates) {
    const { evidence, file, place } = candidate
    const name = file.symbols[place]?.name ?? ""
    const nearHere = isMember(file, place) ? around.nearMembers.get(name) ?? 0 : nearOf(name)
    if (file.facts.path.startsWith(directory) && evidence.neighbour === 0) evidence.neighbour = 0.5
    evidence.overlap = overlapOf(wordsOf(file, place, name), around.query)
    if (evidence.near === 0) evidence.near = nearHere * 0.2
    candidate.score = name === "_" ? 0 : scoreOf(evidence)
  }
  return { all: candidates, receiver, own: ownPlaces }
}

const isMember = (file: IndexedFile, place: number): boolean => {
  const { symbols } = file
  return symbols[symbols[place]?.container ?? -1]?.kind === "type"
}

/**
 * Whether code elsewhere can mean this definition by its name: members are named as members, and what is private is
 * not.
 */
const isReachable = (file: IndexedFile, place: number, asMember: boolean): boolean => {
  const symbol = file.symbols[place]
  if (symbol === undefined) return false
  return !isMember(file, place) ||
    (asMember && !isPrivate(file, place) && !(symbol.kind === "value" && symbol.signature.startsWith("protected ")))
}

/** Whether only the type itself can name it. */
const isPrivate = (file: IndexedFile, place: number): boolean => {
  const known = file.privacy[place]
  if (known !== 0) return known === 2
  const isHidden = /^(?:@[\w.]+(?:\((?:[^()"]|"[^"]*")*\))? |(?:static|final|readonly|async|override) )*(?:private\b|#)/
    .test(file.symbols[place]?.signature ?? "")
  file.privacy[place] = isHidden ? 2 : 1
  return isHidden
}

const wordsOf = ({ words }: IndexedFile, place: number, name: string): ReadonlyArray<string> => {
  const known = words[place]
  if (known !== undefined) return known
  const terms = termsOf(name)
  return words[place] = terms.length === 1 ? terms : terms.slice(1)
}

const overlapOf = (words: ReadonlyArray<string>, query: ReadonlyMap<string, number>): number => {
  let sum = 0
  for (const word of words) sum += Math.min(1, query.get(word) ?? 0)
  return words.length === 0 ? 0 : sum / words.length
}
