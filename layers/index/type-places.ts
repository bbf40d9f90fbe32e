/** Where the types, values and modules are declared that a name means in a file. */
import { familyOf } from "./families.ts"
import type { Here } from "./here.ts"
import { directoryOf, type Import, type Importer, type ImportRules, type ResolvedImport } from "./imports/rules.ts"
import { byPathOrder, type IndexedFile } from "./indexed-file.ts"
import type { Project } from "./project.ts"
import type { Entry } from "./register.ts"
import type { SymbolFacts } from "./symbols.ts"

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

export interface ReceiverQuestion {
  readonly project: Project
  readonly language: string
  readonly path: string
  readonly here: Here
  readonly rules: ImportRules
  readonly importer: Importer
  /** What the file of the cursor imports, and what that leads to. */
  readonly imports: ReadonlyArray<Import>
  readonly resolved: ReadonlyArray<ResolvedImport>
  /** How much more may be followed for this question. */
  readonly work: { left: number }
  readonly own: ReadonlySet<string>
}

export const declaringOf = (file: IndexedFile): Declaring => ({
  file,
  path: file.facts.path,
  language: file.facts.language,
  symbols: file.symbols,
  text: file.facts.text
})

/** The cursor's own file as a place of declarations. */
export const declaringHere = ({ here, language, path }: ReceiverQuestion): Declaring => ({
  file: null,
  path,
  language,
  symbols: here.symbols(),
  text: here.text
})

/** More files than this do not tell which of them is meant. */
const mostMeant = 2

/** Returns the types of a name as a file sees it. */
export const namedTypes = (asked: ReceiverQuestion, name: string, from: Declaring): ReadonlyArray<TypeFound> => {
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
export const filesOf = (asked: ReceiverQuestion, table: ReadonlyArray<Entry<ReadonlyArray<number>>>) => {
  const family = familyOf(asked.language)
  return table.filter(([file]) => familyOf(file.facts.language) === family && !asked.own.has(file.facts.path))
    .sort(([a], [b]) => byPathOrder(a, b))
}

/** Returns those of several declarations of a name that a file means: its own, those it imports, those beside it. */
export const narrowed = (
  asked: ReceiverQuestion,
  found: ReadonlyArray<TypeFound>,
  from: Declaring
): ReadonlyArray<TypeFound> => {
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
  return from.file.imports.some((one) =>
    (one.name === name || one.module.endsWith(name)) &&
    asked.rules.resolve(one, importer, asked.project.view).some((found) => found.file === file.number)
  )
}

export const symbolsNamed = (
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
      if (symbol !== undefined && isWanted(symbol)) {
        found.push({ declaring: declaringOf(file), place, name, isElement: false })
      }
    }
  }
  return narrowed(asked, found, from)
}

/** Fewer members do not make an object that is known by its name. */
const fewestMembers = 2

/** UTF-16 units in which a module gets its name. */
const importHead = 30_000

/** Returns the files that a name stands for: a package, a module, what a require gave. */
export const modulesNamed = (asked: ReceiverQuestion, name: string, from: Declaring): ReadonlyArray<TypeFound> => {
  const imports = from.file === null ? asked.imports : from.file.imports
  if (imports.length === 0) return []
  const alias = new RegExp(
    `(?:\\b${name.replace(/\$/g, "\\$")}\\s*=\\s*require\\(\\s*|^\\s*import\\s+(?:\\*\\s*as\\s+)?${
      name.replace(/\$/g, "\\$")
    }\\s+from\\s*|^\\s*(?:import\\s+)?${name.replace(/\$/g, "\\$")}\\s+(?="))["']([^"'\\n]+)["']`,
    "m"
  ).exec(from.text.slice(0, importHead))?.[1]
  const found: Array<TypeFound> = []
  const importer = from.file === null ? asked.importer : { path: from.path, namespace: from.file.facts.namespace }
  for (const imported of imports) {
    const isMeant = alias === undefined
      ? imported.name === name || (imported.name === null && /([\w-]+)$/.exec(imported.module)?.[1] === name)
      : imported.module === alias
    if (!isMeant) continue
    for (const one of asked.rules.resolve(imported, importer, asked.project.view)) {
      const file = asked.project.fileOf(one.file)
      if (one.name === null && file !== undefined && !asked.own.has(file.facts.path)) {
        found.push({ declaring: declaringOf(file), place: -1, name: "", isElement: false })
      }
    }
  }
  return found
}

/** Returns the objects of a name to which members are assigned, as JavaScript makes them. */
export const objectsNamed = (asked: ReceiverQuestion, name: string, from: Declaring): ReadonlyArray<TypeFound> => {
  if (familyOf(from.language) !== "javascript") return []
  const own = from.symbols.filter(({ owner }) => owner === name)
  // A module's own exports are no object of another file.
  if (own.length >= fewestMembers || name === "exports") return [{ declaring: from, place: -1, name, isElement: false }]
  const found: Array<TypeFound> = []
  for (const [file, places] of filesOf(asked, asked.project.owned(name))) {
    if (places.length >= fewestMembers) found.push({ declaring: declaringOf(file), place: -1, name, isElement: false })
  }
  const meant = narrowed(asked, found, from)
  // The file that gives it most members is where it is made.
  return [...meant.length > 0 ? meant : found].sort((a, b) =>
    membersCount(asked, b, name) - membersCount(asked, a, name)
  )
    .slice(0, 1)
}

const membersCount = (asked: ReceiverQuestion, { declaring }: TypeFound, name: string): number =>
  declaring.file === null ? 0 : asked.project.owned(name).find(([file]) => file === declaring.file)?.[1].length ?? 0

/** Returns types that are called like a variable: "router" and "$router" sound like Router, "url_map" like UrlMap. */
export const soundingLike = (asked: ReceiverQuestion, name: string): ReadonlyArray<TypeFound> => {
  const words = name.replace(/^[$@_]+|_+$/g, "").split(/_+/)
  const type = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")
  return type.length < 3
    ? []
    : namedTypes(asked, type, declaringHere(asked)).filter(({ declaring }) => declaring.file !== null)
}

export const lastPart = (name: string): string => name.slice(name.lastIndexOf("\\") + 1)
