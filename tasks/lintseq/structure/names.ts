/**
 * Which atoms need which for the sake of names: a use needs one of its definitions to stand. Names are resolved by
 * scope, members by the class around them or by their name; what the file does not define needs nothing.
 */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import { interfaceNeeds } from "./interfaces.ts"
import { implementationNeeds } from "./implementations.ts"
import type { NameNeed } from "./needs.ts"
import { keyOf, type MemberUse, type Mentions, readMentions } from "./mentions.ts"
import { classAround, functionAround, othersFirst, resolverOf, scopeAt, type Use } from "./scopes.ts"
import type { Shape } from "./shape.ts"

/** Uses that the tree does not show, and atoms in which a macro may define names that are made of others. */
export interface Hidden {
  readonly uses: ReadonlyArray<Omit<Use, "scope">>
  readonly makers: ReadonlyArray<{ readonly atom: number; readonly names: ReadonlyArray<string> }>
}

/** What the names of a program need, and the atoms that bring in names untold. */
export interface Names {
  readonly needs: ReadonlyArray<NameNeed>
  readonly wildcards: ReadonlyArray<number>
}

/** What members of built-in types are called in loose languages: such a name says nothing of a class of the file. */
const commonMembers = new Set(
  ("add append clear close copy count decode delete encode extend filter find format get has index insert items join " +
    "keys length log map open pop push read remove replace reverse send set size sort split start stop strip update " +
    "values write name id type data value key next").split(" ")
)

/**
 * Finds what the names of a program need. `atomOfRow` gives the atom of each node; `hidden` is what the tree does not
 * show.
 */
export const namesOf = (
  source: string,
  nodes: SyntaxNodes,
  shape: Shape,
  atomOfRow: (row: number) => number,
  hidden: Hidden = { uses: [], makers: [] }
): Names => {
  const mentions = readMentions(source, nodes, shape, atomOfRow)
  const { bodies, constructors, functionScopes, returns, scopes } = mentions
  const definitionsOf = resolverOf(scopes, shape)
  const membersOf = memberResolverOf(mentions, shape)
  const { needs, tell } = collector()
  /** Where types are checked any of the members of a name may be meant, so all are needed. */
  const tellEach = (atom: number, all: ReadonlyArray<number>, name: string): void => {
    if (!shape.isChecked) tell(atom, othersFirst(atom, all), name)
    else if (!all.includes(atom)) { for (const one of all) tell(atom, [one], name) }
  }
  /** Atoms that use names which the file does not tell, by those names. */
  const unknown = new Map<string, Set<number>>()
  const missing = ({ atom, name }: Pick<Use, "atom" | "name">): void => {
    const atoms = unknown.get(name) ?? new Set<number>()
    unknown.set(name, atoms)
    atoms.add(atom)
  }
  for (const use of hidden.uses) {
    const found = definitionsOf({ ...use, scope: scopeAt(scopes, nodes, use.offset) })
    if (found.length === 0) missing(use)
    tell(use.atom, found, use.name)
  }
  for (const use of mentions.bodyUses) tell(use.atom, definitionsOf(use), use.name)
  for (const use of mentions.uses) {
    const found = definitionsOf(use)
    if (found.length === 0) missing(use)
    tell(use.atom, found, use.name, use.isWrite)
  }
  for (const use of mentions.memberUses) {
    const found = membersOf(use)
    // What no class has may be in a module, or come with what is imported.
    const elsewhere = found.length === 0 && shape.isChecked && !use.ofSelf ? definitionsOf({ ...use, scope: 0 }) : []
    if (found.length === 0 && elsewhere.length === 0) missing(use)
    if (found.length > 0) tellEach(use.atom, found, use.name)
    else tell(use.atom, elsewhere, use.name)
  }
  for (const { atom, name, oneOf } of sourcesOf(mentions)) {
    tell(atom, oneOf, `source of ${name}`)
    tellEach(atom, (mentions.members.get(name) ?? []).filter((member) => member !== atom), name)
  }
  for (const { atom, name } of mentions.constructions) tellEach(atom, constructors.get(name) ?? [], `new ${name}`)
  for (const { atom, scope } of mentions.baseCalls) {
    for (const name of mentions.supers.get(classAround(scopes, scope)) ?? []) {
      tellEach(atom, constructors.get(name) ?? [], `new ${name}`)
    }
  }
  // Any name that the file does not tell may come from what brings in names untold.
  if (mentions.wildcards.length > 0) {
    const users = new Set([...unknown.values()].flatMap((atoms) => [...atoms]))
    for (const wildcard of new Set(mentions.wildcards)) {
      for (const atom of users) tell(atom, [wildcard], `wildcard ${wildcard}`)
    }
  }
  for (const { atom: maker, names } of hidden.makers) {
    for (const [name, atoms] of unknown) {
      if (!names.some((part) => name.includes(part))) continue
      for (const atom of atoms) tell(atom, [maker], `made ${maker}`)
    }
  }
  // A constructor that calls the one of its base class does so from the start.
  const constructorAtoms = new Set([...constructors.values()].flat())
  for (const { atom, scope } of mentions.superCalls) {
    const header = atomOfRow(scopes[functionAround(scopes, scope)]?.row ?? 0)
    if (constructorAtoms.has(header)) tell(header, [atom], "super")
  }
  for (const { atom, name, scope } of mentions.overloads) {
    tell(atom, bodies.get(keyOf(scope, name)) ?? [], `body of ${name}`)
  }
  // Whoever takes the result of a function of the file needs it to give one.
  for (const use of mentions.results) {
    const named = definitionsOf(use)
    const given = (named.length > 0 ? named : membersOf(use))
      .flatMap((atom) => returns.get(functionScopes.get(keyOf(atom, use.name)) ?? -1) ?? [])
    tell(use.atom, given, `result of ${use.name}`)
  }
  for (const kept of implementationNeeds(source, nodes, shape, mentions, atomOfRow)) needs.push(kept)
  if (shape.mustBeUsed.size > 0) {
    for (const fitting of interfaceNeeds(source, nodes, mentions.uses, atomOfRow)) needs.push(fitting)
  }
  return { needs, wildcards: mentions.wildcards }
}

/** What the names that imports bring in stand for in the file, where that is told. */
const sourcesOf = ({ scopes, sources }: Mentions): ReadonlyArray<Omit<NameNeed, "isWrite">> => {
  if (sources.length === 0) return []
  const brought = new Set(sources.map(({ offset }) => offset))
  const told = new Map<string, Array<number>>()
  for (const { names } of scopes) {
    for (const [name, list] of names) {
      for (const { atom, offset } of list) if (!brought.has(offset)) told.set(name, [...told.get(name) ?? [], atom])
    }
  }
  return sources.map(({ atom, name }) => ({ atom, name, oneOf: (told.get(name) ?? []).filter((one) => one !== atom) }))
}

/** Returns what tells the atoms that define a member. */
const memberResolverOf = (
  { declaredMembers, members, ownMembers, scopes }: Mentions,
  shape: Shape
): (use: MemberUse) => ReadonlyArray<number> =>
({ name, ofSelf, scope }) => {
  const key = keyOf(ofSelf ? classAround(scopes, scope) : -1, name)
  const own = (shape.declaresFields ? declaredMembers.get(key) : undefined) ?? ownMembers.get(key)
  if (own !== undefined) return own
  // What is said of a type may stand apart from it, as in Rust.
  return (ofSelf && !shape.isChecked) || (!shape.isChecked && commonMembers.has(name)) ? [] : members.get(name) ?? []
}

/** Gathers needs, each once; what an atom has itself it does not need. */
const collector = () => {
  const needs: Array<NameNeed> = []
  const told = new Set<string>()
  const tell = (atom: number, oneOf: ReadonlyArray<number>, name: string, isWrite = false): void => {
    if (oneOf.length === 0 || oneOf.includes(atom)) return
    const key = `${atom} ${oneOf.length} ${oneOf[oneOf.length - 1] ?? 0} ${name} ${isWrite}`
    if (told.has(key)) return
    told.add(key)
    needs.push({ name, isWrite, atom, oneOf: [...new Set(oneOf)] })
  }
  return { needs, tell }
}
