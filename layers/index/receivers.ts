/**
 * What a member at the cursor belongs to: the chain before it is followed from its first name, through the parameters,
 * assignments and fields that give types, in any file of the project. Nothing is known of other people's types.
 */
import { chainBefore, type ChainLink, type MemberChain, parseChain } from "./chain.ts"
import { localTypesOf } from "./local-types.ts"
import { basesOfType, familyMembers } from "./members.ts"
import type { SymbolFacts } from "./symbols.ts"
import {
  type Declaring,
  declaringHere,
  declaringOf,
  lastPart,
  modulesNamed,
  namedTypes,
  objectsNamed,
  type ReceiverQuestion,
  soundingLike,
  symbolsNamed,
  type TypeFound
} from "./type-places.ts"
import { docAbove, namesInType, type TypeText, typeTextOf } from "./type-text.ts"

export interface Receiver {
  /** The chain as it is written. */
  readonly text: string
  readonly types: ReadonlyArray<TypeFound>
  /** Whether a declaration gave the type; otherwise a name that sounds like it did. */
  readonly isSure: boolean
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
  const sounding = soundingLike(asked, last.name)
  const guessed = sounding.length > 0 ? sounding : objectsNamed(asked, last.name, declaringHere(asked))
  return guessed.length === 0 ? undefined : { text: chain.text, types: guessed, isSure: false }
}

/** Where an expression stands. */
interface ExpressionPlace {
  readonly declaring: Declaring
  /** The text before it. */
  readonly before: string
  readonly offset: number
}

/** Returns the types of a chain; undefined when nothing is said of its first name, and [] when it leads out of here. */
const followed = (
  asked: ReceiverQuestion,
  { isNew, segments }: MemberChain,
  standing: ExpressionPlace,
  steps: number
): ReadonlyArray<TypeFound> | undefined => {
  const [first, ...others] = segments
  if (first === undefined || steps <= 0 || asked.work.left-- <= 0) return undefined
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
    // Where members come and go, what is not declared may yet be there.
    if (next.length === 0 && isUntyped.test(standing.declaring.language)) isKnown = false
    types = next
  }
  return isKnown ? distinct(types ?? []) : undefined
}

const isUntyped = /^(?:javascript|python|ruby)$/

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
  { isCalled, isIndexed, name }: ChainLink,
  isNew: boolean,
  standing: ExpressionPlace,
  steps: number
): ReadonlyArray<TypeFound> | undefined => {
  const { before, declaring, offset } = standing
  const { language } = declaring
  if (isNew) return namedTypes(asked, lastPart(name), declaring)
  if (name === "super" || name === "parent" || name === "base") {
    return ownTypesAt(declaring, offset).flatMap((type) => basesOfType(asked, type))
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
    return functionsNamed(asked, plain, declaring, steps - 1)
  }
  const told = isVariable && !/^[A-Z]\w*[a-z]/.test(plain) ? localTypesOf(language, plain, before) : []
  for (const one of told.slice(0, 6)) {
    const types = typesOf(asked, one, standing, plain, steps - 1)
    if (types.length > 0) return isIndexed ? types.map(taken) : types
  }
  if (told.some(({ annotation }) => /[A-Z]/.test(annotation))) return []
  const objects = objectsNamed(asked, plain, declaring)
  if (objects.length > 0) return objects
  if (isVariable) {
    const ownValue = valuesNamed(asked, plain, declaring, steps)
    if (ownValue.length > 0) return ownValue
  }
  const module = modulesNamed(asked, plain, declaring)
  if (module.length > 0) return module
  const named = namedTypes(asked, lastPart(name), declaring)
  if (named.length > 0) return named
  return told.length > 0 ? [] : undefined
}

const taken = (type: TypeFound): TypeFound => ({ ...type, isElement: false })

/** Returns the types that a text names or that its expression gives. */
const typesOf = (
  asked: ReceiverQuestion,
  { annotation, expression }: TypeText,
  standing: ExpressionPlace,
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
    if (chain === undefined || (chain.segments.length === 1 && chain.segments[0]?.name.replace(/^\$/, "") === except)) {
      continue
    }
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

/** Returns what functions of a name return, as a file sees them. */
const functionsNamed = (
  asked: ReceiverQuestion,
  name: string,
  from: Declaring,
  steps: number
): ReadonlyArray<TypeFound> =>
  symbolsNamed(asked, name, from, ({ kind, owner }) => kind === "function" && owner === "")
    .flatMap(({ declaring, place }) => resultOf(asked, declaring, place, steps))

/** Returns the types of values of a name at the top of files, as a file sees them. */
const valuesNamed = (asked: ReceiverQuestion, name: string, from: Declaring, steps: number): ReadonlyArray<TypeFound> =>
  symbolsNamed(asked, name, from, ({ container, kind, owner }) => kind === "value" && owner === "" && container === -1)
    .flatMap(({ declaring, place }) => resultOf(asked, declaring, place, steps - 1))

/** Returns the types that a declaration gives to what it declares. */
const resultOf = (
  asked: ReceiverQuestion,
  declaring: Declaring,
  place: number,
  steps: number
): ReadonlyArray<TypeFound> => {
  const symbol = declaring.symbols[place]
  if (symbol === undefined || steps <= 0) return []
  if (symbol.kind === "type") return [{ declaring, place, name: symbol.name, isElement: false }]
  return typesToldBy(asked, declaring, symbol, symbol.name, steps)
}

/** Returns the types that the text of a declaration gives: those it names, or those of what it returns. */
const typesToldBy = (
  asked: ReceiverQuestion,
  declaring: Declaring,
  symbol: SymbolFacts,
  except: string,
  steps: number
): ReadonlyArray<TypeFound> => {
  const { language, text } = declaring
  const told = typeTextOf(language, symbol, docAbove(text, symbol.start))
  const before = text.slice(Math.max(0, symbol.start - 4000), symbol.start)
  if (told.annotation !== "" || told.expression !== "") {
    return typesOf(asked, told, { declaring, before, offset: symbol.start + 1 }, except, steps - 1)
  }
  const expression = returnedBy(declaring, symbol)
  if (expression === undefined) return []
  const place = { declaring, before: text.slice(symbol.start, expression.at), offset: expression.at }
  return typesOf(asked, { annotation: "", expression: expression.text }, place, "", steps - 1)
}

/** UTF-16 units of a body that are read for what it returns. */
const bodyLength = 2000

/** Returns the last expression that the body of a function returns. */
const returnedBy = ({ symbols, text }: Declaring, { hasBody, start }: SymbolFacts) => {
  if (!hasBody) return undefined
  let end = start + bodyLength
  for (const other of symbols) if (other.start > start && other.start < end && other.hasBody) end = other.start
  const last = [...text.slice(start, end).matchAll(/(?<![@\w])return[ \t]+([^;\n]+)/g)].at(-1)
  return last === undefined ? undefined : { text: last[1] ?? "", at: start + last.index }
}

const returnsItself = (declaring: Declaring, symbol: SymbolFacts): boolean => {
  const { annotation, expression } = typeTextOf(declaring.language, symbol, docAbove(declaring.text, symbol.start))
  if (annotation !== "") {
    return /^(?:\\?(?:static|self|this|\$this|(?:\w+\.)?Self)|&(?:mut\s+)?Self)$/.test(annotation.trim())
  }
  return expression === "" && /^(?:\$this|this|self)$/.test(returnedBy(declaring, symbol)?.text.trim() ?? "")
}

/** Returns the types of a member that is taken from a type; from a container, the element stays when it is not its own. */
const memberTypes = (
  asked: ReceiverQuestion,
  type: TypeFound,
  segment: ChainLink,
  steps: number
): ReadonlyArray<TypeFound> => {
  if (steps <= 0) return []
  if (type.isElement) return [taken(type)]
  for (const { file, place, symbols } of familyMembers(asked, type)) {
    const symbol = symbols[place]
    if (symbol === undefined || symbol.name !== segment.name) continue
    const declaring = file === null ? declaringHere(asked) : declaringOf(file)
    if (symbol.kind === "type") return [{ declaring, place, name: symbol.name, isElement: false }]
    // What returns its own type returns that of the object, which may be made from it.
    if (returnsItself(declaring, symbol)) return [type]
    const types = typesToldBy(asked, declaring, symbol, "", steps)
    if (types.length > 0) return segment.isIndexed ? types.map(taken) : types
  }
  return []
}
