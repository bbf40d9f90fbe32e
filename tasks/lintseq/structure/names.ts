/**
 * Which atoms need which for the sake of names: a use needs one of its definitions to stand. Names are resolved by
 * scope, members by the class around them or by their name; what the file does not define needs nothing.
 */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import { keyOf, type MemberUse, type Mentions, readMentions } from "./mentions.ts"
import { classAround, functionAround, othersFirst, resolverOf } from "./scopes.ts"
import type { Shape } from "./shape.ts"

/** "Atom `atom` needs one of `oneOf`", for the sake of `name`. */
export interface NameNeed {
  readonly name: string
  /** Whether the atom only puts something into what the name stands for. */
  readonly isWrite: boolean
  readonly atom: number
  readonly oneOf: ReadonlyArray<number>
}

/** What members of built-in types are called in loose languages: such a name says nothing of a class of the file. */
const commonMembers = new Set(
  ("add append clear close copy count decode delete encode extend filter find format get has index insert items join " +
    "keys length log map open pop push read remove replace reverse send set size sort split start stop strip update " +
    "values write name id type data value key next").split(" ")
)

/** Finds what the names of a program need. `atomOfRow` gives the atom of each node. */
export const namesOf = (
  source: string,
  nodes: SyntaxNodes,
  shape: Shape,
  atomOfRow: (row: number) => number
): ReadonlyArray<NameNeed> => {
  const mentions = readMentions(source, nodes, shape, atomOfRow)
  const { bodies, constructors, functionScopes, returns, scopes } = mentions
  const definitionsOf = resolverOf(scopes, shape)
  const membersOf = memberResolverOf(mentions, shape)
  const { needs, tell } = collector()
  for (const use of mentions.uses) tell(use.atom, definitionsOf(use), use.name, use.isWrite)
  for (const use of mentions.memberUses) tell(use.atom, othersFirst(use.atom, membersOf(use)), use.name)
  for (const { atom, name } of mentions.constructions) tell(atom, constructors.get(name) ?? [], `new ${name}`)
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
  return needs
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
  return ofSelf || (!shape.inOrder && commonMembers.has(name)) ? [] : members.get(name) ?? []
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
