/**
 * What a member at the cursor belongs to: the chain before it is followed from its first name, through the parameters,
 * assignments and fields that give types, in any file of the project. Nothing is known of other people's types.
 */
import { type Chain, chainBefore, parseChain, type Segment } from "./chain.ts"
import { familyOf } from "./families.ts"
import type { Importer, ImportRules, ResolvedImport } from "./imports/rules.ts"
import { localTypesOf } from "./local-types.ts"
import type { Here } from "./here.ts"
import { byPathOrder, type IndexedFile, type Project } from "./project.ts"
import type { SymbolFacts } from "./symbols.ts"
import { docAbove, namesInType, type TypeText, typeTextOf } from "./type-text.ts"

/** A file whose declarations are looked at: one of the project, or that of the cursor, of which only a sketch is known. */
export interface Declaring {
  /** null for the file of the cursor. */
  readonly file: IndexedFile | null
  readonly path: string
  readonly language: string
  readonly symbols: ReadonlyArray<SymbolFacts>
  readonly text: string
}

/** A type, by the place of its declaration; or an object or a whole file, whose members have no type around them. */
export interface TypeFound {
  readonly declaring: Declaring
  /** -1 where the members are those of a name alone, or of a file. */
  readonly place: number
  /** "" for a file. */
  readonly name: string
  /** Whether something has to be taken out of a container first. */
  readonly isElement: boolean
}

export interface Receiver {
  /** The chain as it is written. */
  readonly text: string
  readonly types: ReadonlyArray<TypeFound>
  /** Whether a declaration gave the type; otherwise a name that sounds like it did. */
  readonly isSure: boolean
}

export interface ReceiverQuestion {
  readonly project: Project
  readonly language: string
  readonly path: string
  readonly here: Here
  readonly rules: ImportRules
  readonly importer: Importer
  readonly resolved: ReadonlyArray<ResolvedImport>
  readonly own: ReadonlySet<string>
}

/** How many names are followed one into the other. */
const mostSteps = 8

/** Returns what the member that is being written belongs to; undefined where none is, or nothing is known of it. */
export const receiverAt = (asked: ReceiverQuestion): Receiver | undefined => {
  const { cursor, text } = asked.here
  const before = text.slice(0, cursor)
  const chain = chainBefore(asked.language, before)
  if (chain === undefined) return undefined
  const types = followed(asked, chain, { declaring: declaringHere(asked), before, offset: cursor }, mostSteps)
  const sure = types?.filter(({ isElement }) => !isElement) ?? []
  if (sure.length > 0) return { text: chain.text, types: sure, isSure: true }
  if (types !== undefined) return undefined
  const last = chain.segments.at(-1)
  if (last === undefined || last.isCalled || last.isIndexed) return undefined
  const guessed = soundingLike(asked, last.name)
  return guessed.length === 0 ? undefined : { text: chain.text, types: guessed, isSure: false }
}

/** Where an expression stands. */
interface Standing {
  readonly declaring: Declaring
  /** The text before it. */
  readonly before: string
  readonly offset: number
}

/** Returns the types of a chain; undefined when nothing is said of its first name, and [] when it leads out of here. */
const followed = (
  asked: ReceiverQuestion,
  { isNew, segments }: Chain,
  standing: Standing,
  steps: number
): ReadonlyArray<TypeFound> | undefined => {
  const [first, ...others] = segments
  if (first === undefined || steps === 0) return undefined
  // "std::sync::Arc", "pkg.Type": the last capitalized name of what is not called leads on.
  let types = baseTypes(asked, first, isNew, standing, steps)
  let isKnown = types !== undefined
  for (const segment of others) {
    const next: Array<TypeFound> = []
    for (const type of types ?? []) for (const one of memberTypes(asked, type, segment, steps)) next.push(one)
    if (next.length === 0 && (types ?? []).length === 0) {
      // What a path leads to is looked up by its own name: "module.Type", "crate::a::Type".
      const named = /^[A-Z]/.test(segment.name) ? namedTypes(asked, segment.name, standing.declaring) : []
      if (named.length > 0) isKnown = true
      types = named
      continue
    }
    types = next
  }
  return isKnown ? distinct(types ?? []) : undefined
}

const distinct = (types: ReadonlyArray<TypeFound>): ReadonlyArray<TypeFound> => {
  const seen = new Set<string>()
  return types.filter(({ declaring, isElement, name, place }) => {
    const key = `${declaring.file?.number ?? -1} ${place} ${name} ${isElement}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  }).slice(0, 6)
}

const selfNames = /^(?:self|this|\$this|cls|static|Self|@)$/

const baseTypes = (
  asked: ReceiverQuestion,
  { isCalled, isIndexed, name }: Segment,
  isNew: boolean,
  standing: Standing,
  steps: number
): ReadonlyArray<TypeFound> | undefined => {
  const { before, declaring, offset } = standing
  const { language } = declaring
  if (isNew) return namedTypes(asked, lastPart(name), declaring)
  if (name === "super" || name === "parent" || name === "base") {
    return ownTypesAt(declaring, offset).flatMap((type) => basesOf(asked, type))
  }
  if (selfNames.test(name)) return ownTypesAt(declaring, offset)
  if (language === "ruby" && name.startsWith("@")) {
    const segment = { name: name.replace(/^@+/, ""), isCalled, isIndexed }
    return ownTypesAt(declaring, offset).flatMap((type) => memberTypes(asked, type, segment, steps))
  }
  const plain = language === "php" ? name.replace(/^\$/, "") : name
  const isVariable = language !== "php" || name.startsWith("$")
  if (isCalled) {
    // A type that is called makes one; a function gives what it returns.
    const made = namedTypes(asked, lastPart(name), declaring)
    if (made.length > 0) return made
    return functionsNamed(asked, plain, declaring)
  }
  const told = isVariable && !/^[A-Z]\w*[a-z]/.test(plain) ? localTypesOf(language, plain, before) : []
  for (const one of told.slice(0, 6)) {
    const types = typesOf(asked, one, standing, plain, steps - 1)
    if (types.length > 0) return isIndexed ? types.map(taken) : types
  }
  if (told.length > 0 && told.some(({ annotation }) => /[A-Z]/.test(annotation))) return []
  if (isVariable) {
    const ownValue = valuesNamed(asked, plain, declaring, steps)
    if (ownValue.length > 0) return ownValue
  }
  const module = modulesNamed(asked, plain, declaring)
  if (module.length > 0) return module
  const named = namedTypes(asked, lastPart(name), declaring)
  if (named.length > 0) return named
  const objects = objectsNamed(asked, plain, declaring)
  if (objects.length > 0) return objects
  return told.length > 0 ? [] : undefined
}

const taken = (type: TypeFound): TypeFound => ({ ...type, isElement: false })

const lastPart = (name: string): string => name.slice(name.lastIndexOf("\\") + 1)

/** Returns the types that a text names or that its expression gives. */
const typesOf = (
  asked: ReceiverQuestion,
  { annotation, expression }: TypeText,
  standing: Standing,
  except: string,
  steps: number
): ReadonlyArray<TypeFound> => {
  if (steps <= 0) return []
  for (const { isElement, name } of namesInType(annotation)) {
    const types = selfNames.test(name)
      ? ownTypesAt(standing.declaring, standing.offset)
      : namedTypes(asked, name, standing.declaring)
    if (types.length > 0) return types.map((type) => ({ ...type, isElement }))
  }
  if (expression === "") return []
  for (const part of expression.split(/\s+(?:or|\|\||\?\?|\?:)\s+/).slice(0, 3)) {
    const chain = parseChain(part, false)
    // What is assigned from itself says nothing new.
    if (chain === undefined || (chain.segments.length === 1 && chain.segments[0]?.name.replace(/^\$/, "") === except)) continue
    const types = followed(asked, chain, standing, steps - 1)
    if (types !== undefined && types.length > 0) return types
  }
  return []
}

/** Returns the types around a place of a file. */
const ownTypesAt = (declaring: Declaring, offset: number): ReadonlyArray<TypeFound> => {
  let around: { readonly symbol: SymbolFacts; readonly place: number } | undefined
  const indent = declaring.file === null ? indentAt(declaring.text, offset) : Number.POSITIVE_INFINITY
  for (const [place, symbol] of declaring.symbols.entries()) {
    if (symbol.start >= offset) continue
    if (symbol.kind === "value" && (symbol.owner === "" || !/=/.test(symbol.signature))) continue
    if (declaring.file === null && indentAt(declaring.text, symbol.start) >= indent) continue
    if (around === undefined || symbol.start > around.symbol.start) around = { symbol, place }
  }
  if (around === undefined) return []
  const { symbol } = around
  const container = symbol.kind === "type" ? around.place : typeAround(declaring.symbols, around.place)
  if (container !== -1) {
    return [{ declaring, place: container, name: declaring.symbols[container]?.name ?? "", isElement: false }]
  }
  if (symbol.owner !== "") {
    const place = declaring.symbols.findIndex(({ kind, name }) => name === symbol.owner && kind !== "module")
    return [{ declaring, place, name: symbol.owner, isElement: false }]
  }
  // A function that makes objects, as JavaScript has them.
  return symbol.kind === "function" && /^[A-Z]/.test(symbol.name)
    ? [{ declaring, place: around.place, name: symbol.name, isElement: false }]
    : []
}

const typeAround = (symbols: ReadonlyArray<SymbolFacts>, place: number): number => {
  for (let at = symbols[place]?.container ?? -1; at >= 0; at = symbols[at]?.container ?? -1) {
    if (symbols[at]?.kind === "type") return at
  }
  return -1
}

/** Units that the line of an offset is indented by. */
const indentAt = (text: string, offset: number): number => {
  const start = text.lastIndexOf("\n", offset - 1) + 1
  let at = start
  while (at < text.length && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9)) at++
  return at - start
}

export const declaringOf = (file: IndexedFile): Declaring => ({
  file,
  path: file.facts.path,
  language: file.facts.language,
  symbols: file.symbols,
  text: file.facts.text
})

/** The cursor's own file as a place of declarations. */
const declaringHere = ({ here, language, path }: ReceiverQuestion): Declaring => ({
  file: null,
  path,
  language,
  symbols: here.symbols(),
  text: here.text
})

/** More files than this do not tell which of them is meant. */
const mostMeant = 2

/** Returns the types of a name as a file sees it. */
const namedTypes = (asked: ReceiverQuestion, name: string, from: Declaring): ReadonlyArray<TypeFound> => {
  const found: Array<TypeFound> = []
  const add = (declaring: Declaring, place: number) => found.push({ declaring, place, name, isElement: false })
  for (const [place, symbol] of asked.here.symbols().entries()) {
    if (symbol.name === name && symbol.kind === "type") add(declaringHere(asked), place)
  }
  if (found.length > 0 && from.file === null) return found
  for (const [file, places] of filesOf(asked, asked.project.defined(name))) {
    for (const place of places) if (file.symbols[place]?.kind === "type") add(declaringOf(file), place)
  }
  return narrowed(asked, found, from)
}

/** The files of a table that the cursor's language can see, in the order of their paths, without its own. */
const filesOf = (asked: ReceiverQuestion, table: ReadonlyMap<IndexedFile, ReadonlyArray<number>>) => {
  const family = familyOf(asked.language)
  return [...table].filter(([file]) => familyOf(file.facts.language) === family && !asked.own.has(file.facts.path))
    .sort(([a], [b]) => byPathOrder(a, b))
}

const directoryOf = (path: string): string => path.slice(0, path.lastIndexOf("/") + 1)

/** Returns those of several declarations of a name that a file means: its own, those it imports, those beside it. */
const narrowed = (asked: ReceiverQuestion, found: ReadonlyArray<TypeFound>, from: Declaring): ReadonlyArray<TypeFound> => {
  if (found.length <= 1) return found
  const own = found.filter(({ declaring }) => declaring.path === from.path)
  if (own.length > 0) return own
  const imported = found.filter((one) => isImported(asked, one, from))
  if (imported.length > 0) return imported
  const beside = found.filter(({ declaring }) => directoryOf(declaring.path) === directoryOf(from.path))
  if (beside.length > 0) return beside
  return found.length <= mostMeant ? found : []
}

const isImported = (asked: ReceiverQuestion, { declaring, name }: TypeFound, from: Declaring): boolean => {
  const { file } = declaring
  if (file === null) return false
  if (from.file === null) {
    return asked.resolved.some((one) => one.file === file.number && (one.name === null || one.name === name))
  }
  const importer = { path: from.path, namespace: from.file.facts.namespace }
  return from.file.facts.imports.some((one) =>
    (one.name === name || one.module.endsWith(name)) &&
    asked.rules.resolve(one, importer, asked.project.view).some((found) => found.file === file.number)
  )
}

/** Returns what functions of a name return, as a file sees them. */
const functionsNamed = (asked: ReceiverQuestion, name: string, from: Declaring): ReadonlyArray<TypeFound> =>
  symbolsNamed(asked, name, from, ({ kind, owner }) => kind === "function" && owner === "")
    .flatMap(({ declaring, place }) => resultOf(asked, declaring, place, mostSteps - 2))

/** Returns the types of values of a name at the top of files, as a file sees them. */
const valuesNamed = (asked: ReceiverQuestion, name: string, from: Declaring, steps: number): ReadonlyArray<TypeFound> =>
  symbolsNamed(asked, name, from, ({ container, kind, owner }) => kind === "value" && owner === "" && container === -1)
    .flatMap(({ declaring, place }) => resultOf(asked, declaring, place, steps - 1))

const symbolsNamed = (
  asked: ReceiverQuestion,
  name: string,
  from: Declaring,
  isWanted: (symbol: SymbolFacts) => boolean
): ReadonlyArray<TypeFound> => {
  const found: Array<TypeFound> = []
  for (const [place, symbol] of from.symbols.entries()) {
    if (symbol.name === name && isWanted(symbol)) found.push({ declaring: from, place, name, isElement: false })
  }
  if (found.length > 0) return found
  for (const [file, places] of filesOf(asked, asked.project.defined(name))) {
    for (const place of places) {
      const symbol = file.symbols[place]
      if (symbol !== undefined && isWanted(symbol)) found.push({ declaring: declaringOf(file), place, name, isElement: false })
    }
  }
  return narrowed(asked, found, from)
}

/** Returns the types that a declaration gives to what it declares. */
const resultOf = (asked: ReceiverQuestion, declaring: Declaring, place: number, steps: number): ReadonlyArray<TypeFound> => {
  const symbol = declaring.symbols[place]
  if (symbol === undefined || steps <= 0) return []
  if (symbol.kind === "type") return [{ declaring, place, name: symbol.name, isElement: false }]
  const doc = docAbove(declaring.text, symbol.start)
  const told = typeTextOf(declaring.language, symbol, doc)
  const before = declaring.text.slice(Math.max(0, symbol.start - 4000), symbol.start)
  return typesOf(asked, told, { declaring, before, offset: symbol.start + 1 }, symbol.name, steps - 1)
}

/** Returns the files that a name stands for: a package, a module, what a require gave. */
const modulesNamed = (asked: ReceiverQuestion, name: string, from: Declaring): ReadonlyArray<TypeFound> => {
  const text = from.file === null ? asked.here.text : from.text
  const imports = asked.rules.scan(text.slice(0, 30_000))
  const alias = new RegExp(
    `(?:\\b${name.replace(/\$/g, "\\$")}\\s*=\\s*require\\(\\s*|^\\s*import\\s+(?:\\*\\s*as\\s+)?${name.replace(/\$/g, "\\$")}\\s+from\\s*|^\\s*(?:import\\s+)?${
      name.replace(/\$/g, "\\$")
    }\\s+(?="))["']([^"'\\n]+)["']`,
    "m"
  ).exec(text.slice(0, 30_000))?.[1]
  const found: Array<TypeFound> = []
  for (const imported of imports) {
    const isMeant = alias === undefined
      ? imported.name === name || (imported.name === null && /([\w-]+)$/.exec(imported.module)?.[1] === name)
      : imported.module === alias
    if (!isMeant) continue
    for (const one of asked.rules.resolve(imported, asked.importer, asked.project.view)) {
      const file = asked.project.fileOf(one.file)
      if (one.name === null && file !== undefined && !asked.own.has(file.facts.path)) {
        found.push({ declaring: declaringOf(file), place: -1, name: "", isElement: false })
      }
    }
  }
  return found
}

/** Fewer members do not make an object that is known by its name. */
const fewestMembers = 2

/** Returns the objects of a name to which members are assigned, as JavaScript makes them. */
const objectsNamed = (asked: ReceiverQuestion, name: string, from: Declaring): ReadonlyArray<TypeFound> => {
  if (familyOf(from.language) !== "javascript") return []
  const own = asked.here.symbols().filter(({ owner }) => owner === name)
  if (own.length >= fewestMembers) return [{ declaring: declaringHere(asked), place: -1, name, isElement: false }]
  const found: Array<TypeFound> = []
  for (const [file, places] of filesOf(asked, asked.project.owned(name))) {
    if (places.length >= fewestMembers) found.push({ declaring: declaringOf(file), place: -1, name, isElement: false })
  }
  // The file that gives it most members is where it is made.
  found.sort((a, b) => membersCount(asked, b, name) - membersCount(asked, a, name))
  return found.slice(0, 1)
}

const membersCount = (asked: ReceiverQuestion, { declaring }: TypeFound, name: string): number =>
  declaring.file === null ? 0 : asked.project.owned(name).get(declaring.file)?.length ?? 0

/** Returns types that are called like a variable: "router" and "$router" sound like Router, "url_map" like UrlMap. */
const soundingLike = (asked: ReceiverQuestion, name: string): ReadonlyArray<TypeFound> => {
  const words = name.replace(/^[$@_]+|_+$/g, "").split(/_+/)
  const type = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")
  return type.length < 3 ? [] : namedTypes(asked, type, declaringHere(asked)).filter(({ declaring }) => declaring.file !== null)
}

/** Returns the types of a member that is taken from a type; from a container, the element stays when it is not its own. */
const memberTypes = (
  asked: ReceiverQuestion,
  type: TypeFound,
  segment: Segment,
  steps: number
): ReadonlyArray<TypeFound> => {
  if (steps <= 0) return []
  if (type.isElement) return [taken(type)]
  for (const { file, place, symbols, text } of familyMembers(asked, type)) {
    const symbol = symbols[place]
    if (symbol === undefined || symbol.name !== segment.name) continue
    const declaring = file === null ? declaringHere(asked) : declaringOf(file)
    if (symbol.kind === "type") return [{ declaring, place, name: symbol.name, isElement: false }]
    const doc = docAbove(text, symbol.start)
    const told = typeTextOf(declaring.language, symbol, doc)
    if (/^\s*(?:\\?(?:static|self|this|\$this|te\.Self|typing\.Self|t\.Self|Self)|&(?:mut\s+)?Self)\s*$/.test(told.annotation)) {
      return [type]
    }
    const before = text.slice(Math.max(0, symbol.start - 4000), symbol.start)
    const types = typesOf(asked, told, { declaring, before, offset: symbol.start + 1 }, "", steps - 1)
    if (types.length > 0) return segment.isIndexed ? types.map(taken) : types
  }
  return []
}

export interface Member {
  readonly file: IndexedFile | null
  readonly place: number
  readonly symbols: ReadonlyArray<SymbolFacts>
  readonly text: string
  /** How many types lie between it and the type that was asked for. */
  readonly generation: number
}

/** How many generations of types are searched for members, and how many types in all. */
const mostGenerations = 6
const mostTypes = 40

/** Returns the members of a type, its own first, then those of the types it is made from. */
export const familyMembers = (asked: ReceiverQuestion, type: TypeFound): ReadonlyArray<Member> => {
  const members: Array<Member> = []
  const seen = new Set<string>()
  let generation: ReadonlyArray<TypeFound> = [type]
  for (let number = 0; number < mostGenerations && generation.length > 0; number++) {
    const next: Array<TypeFound> = []
    for (const one of generation) {
      const key = `${one.declaring.file?.number ?? -1} ${one.place} ${one.name}`
      if (seen.has(key) || seen.size >= mostTypes) continue
      seen.add(key)
      for (const { declaring, place } of ownMembers(asked, one)) {
        members.push({ file: declaring.file, place, symbols: declaring.symbols, text: declaring.text, generation: number })
      }
      for (const base of basesOf(asked, one)) next.push(base)
    }
    generation = next
  }
  return members
}

interface MemberPlace {
  readonly declaring: Declaring
  readonly place: number
}

const ownMembers = (asked: ReceiverQuestion, { declaring, name, place }: TypeFound): ReadonlyArray<MemberPlace> => {
  const members: Array<MemberPlace> = []
  const { file, language, symbols } = declaring
  if (name === "") {
    for (const [at, symbol] of symbols.entries()) {
      const above = symbols[symbol.container]
      if (symbol.kind !== "module" && (above === undefined || above.kind === "module") && isTop(language, symbol)) {
        members.push({ declaring, place: at })
      }
    }
    return members
  }
  const isObject = symbols[place]?.kind !== "type"
  for (const [at, symbol] of symbols.entries()) {
    if (at !== place && (isObject ? symbol.owner === name : symbol.container === place)) members.push({ declaring, place: at })
  }
  if (isObject) return members
  const isBeside = (path: string) => language !== "go" || directoryOf(path) === directoryOf(declaring.path)
  for (const [other, places] of filesOf(asked, asked.project.owned(name))) {
    // A JavaScript object of another file has nothing but its name in common.
    if (!isBeside(other.facts.path) || (familyOf(language) === "javascript" && other !== file)) continue
    const there = declaringOf(other)
    for (const at of places) members.push({ declaring: there, place: at })
  }
  if (file !== null && !isBeside(asked.path)) return members
  for (const [at, symbol] of asked.here.symbols().entries()) {
    if (symbol.owner === name && (file !== null || symbol.container !== place)) members.push({ declaring: declaringHere(asked), place: at })
  }
  return members
}

/** Whether other files can name it: of a JavaScript file that exports by assignment, only what is exported. */
const isTop = (language: string, { name, owner }: SymbolFacts): boolean =>
  language === "go" ? owner === "" && /^\p{Lu}/u.test(name) : owner === "" || familyOf(language) === "javascript"

/** Returns the types that a type is made from: bases, embedded structs, traits; for a trait, the types that use it. */
const basesOf = (asked: ReceiverQuestion, { declaring, place }: TypeFound): ReadonlyArray<TypeFound> => {
  const symbol = declaring.symbols[place]
  if (symbol === undefined || symbol.kind !== "type") return []
  const names = new Set(symbol.bases.map((base) => base.slice(Math.max(base.lastIndexOf("\\"), base.lastIndexOf(".")) + 1)))
  if (declaring.language === "go" || declaring.language === "php") {
    for (const name of namesInBody(declaring, symbol)) names.add(name)
  }
  names.delete(symbol.name)
  return [...names].flatMap((name) => namedTypes(asked, name, declaring))
}

/** UTF-16 units of a body that are read for what it embeds. */
const bodyLength = 4000

const namesInBody = ({ language, text }: Declaring, { start }: SymbolFacts): ReadonlyArray<string> => {
  const body = text.slice(start, start + bodyLength)
  if (language === "go") {
    const end = body.indexOf("\n}")
    const inside = end === -1 ? body : body.slice(0, end)
    return [...inside.matchAll(/^[ \t]+\*?(?:\w+\.)?(\w+)[ \t]*(?:`[^\n]*)?$/gm)].map((match) => match[1] ?? "")
  }
  const used: Array<string> = []
  for (const match of body.matchAll(/^[ \t]+use\s+([\w\\, \n]+)[;{]/gm)) {
    for (const name of (match[1] ?? "").split(",")) used.push(lastPart(name.trim()))
  }
  return used
}
