/** The members of a type: those in its declaration, those that stand elsewhere, and those of the types it is made from. */
import { familyOf } from "./families.ts"
import { directoryOf } from "./imports/rules.ts"
import type { IndexedFile } from "./indexed-file.ts"
import type { SymbolFacts } from "./symbols.ts"
import {
  type Declaring,
  declaringHere,
  declaringOf,
  filesOf,
  lastPart,
  namedTypes,
  type ReceiverQuestion,
  type TypeFound
} from "./type-places.ts"

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
        members.push({
          file: declaring.file,
          place,
          symbols: declaring.symbols,
          text: declaring.text,
          generation: number
        })
      }
      for (const base of basesOfType(asked, one)) next.push(base)
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
  if (file !== null && !isObject) {
    for (const at of file.members.get(place) ?? []) members.push({ declaring, place: at })
  } else {
    for (const [at, symbol] of symbols.entries()) {
      if (at !== place && (isObject ? symbol.owner === name : symbol.container === place)) {
        members.push({ declaring, place: at })
      }
    }
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
    if (symbol.owner === name && (file !== null || symbol.container !== place)) {
      members.push({ declaring: declaringHere(asked), place: at })
    }
  }
  return members
}

/** Whether other files can name it: of a JavaScript file that exports by assignment, only what is exported. */
const isTop = (language: string, { name, owner }: SymbolFacts): boolean =>
  language === "go" ? owner === "" && /^\p{Lu}/u.test(name) : owner === "" || familyOf(language) === "javascript"

/** Returns the types that a type is made from: bases, embedded structs, traits; for a trait, the types that use it. */
export const basesOfType = (asked: ReceiverQuestion, { declaring, place }: TypeFound): ReadonlyArray<TypeFound> => {
  const symbol = declaring.symbols[place]
  if (symbol === undefined || symbol.kind !== "type") return []
  const names = new Set(
    symbol.bases.map((base) => base.slice(Math.max(base.lastIndexOf("\\"), base.lastIndexOf(".")) + 1))
  )
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
