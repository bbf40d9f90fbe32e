/**
 * What classes need of what they are built on, and the other way round: a method that has to be there for the sake of an
 * interface comes with the interface's own, and who uses a type needs what makes it fit an interface.
 */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import type { Mentions } from "./mentions.ts"
import type { NameNeed } from "./needs.ts"
import type { Definition } from "./scopes.ts"
import type { Shape } from "./shape.ts"

/** Finds the needs between classes and what they keep to. */
export const implementationNeeds = (
  source: string,
  nodes: SyntaxNodes,
  shape: Shape,
  { classNames, definedMembers, scopes, supers, uses }: Mentions,
  atomOfRow: (row: number) => number
): ReadonlyArray<NameNeed> => {
  const { end, field, parent: above, start, type } = nodes
  const needs: Array<NameNeed> = []
  const need = (atom: number, oneOf: ReadonlyArray<number>): void => {
    if (oneOf.length > 0 && !oneOf.includes(atom)) {
      needs.push({ name: "implementation", isWrite: false, atom, oneOf: [...new Set(oneOf)] })
    }
  }
  const byName = new Map<string, Array<number>>()
  for (const [scope, name] of classNames) byName.set(name, [...byName.get(name) ?? [], scope])
  for (const [scope, names] of supers) readClass(scope, names)
  if (shape.supers.has("impl_item.trait")) { for (const [name, list] of implementations()) readUsers(name, list) }
  return needs

  function readClass(scope: number, names: ReadonlyArray<string>): void {
    const own = membersOf(scope)
    const bases = basesOf(names)
    const row = rowOf(scope)
    const isTrait = type[row] === "impl_item"
    // What somebody else's trait asks for cannot be seen: all of it is needed.
    if (isTrait && bases.length === 0) {
      for (const definition of [...own.values()].flat()) need(atomOfRow(row), [definition.atom])
    }
    for (const [name, list] of own) {
      for (const definition of list) {
        const overrides = /\boverride\b|@Override\b/.exec(headOf(definition.row))?.[0]
        if (!isTrait && overrides === undefined) continue
        // What C# and C++ call so overrides something of a class.
        const from = overrides === "override" ? bases.filter((base) => !isInterface(rowOf(base))) : bases
        const inherited = (from.length > 0 ? from : bases).flatMap((base) => membersOf(base).get(name) ?? [])
        need(definition.atom, inherited.map(({ atom }) => atom))
      }
    }
    if (isInterface(row)) return
    const isAbstractClass = /\babstract\b/.test(source.slice(start[row] ?? 0, bodyOf(row) ?? start[row] ?? 0))
    for (const base of bases) {
      for (const [name, list] of membersOf(base)) {
        for (const { atom, row: wanted } of list) {
          if (!isAbstract(wanted, rowOf(base))) continue
          const given = own.get(name) ??
            (isAbstractClass ?
              [] :
              bases.flatMap((other) =>
                (membersOf(other).get(name) ?? []).filter((definition) => !isAbstract(definition.row, rowOf(other)))
              ))
          need(atom, given.map((definition) => definition.atom))
        }
      }
    }
  }

  /** The classes of the file that these names mean, with what those are built on. */
  function basesOf(names: ReadonlyArray<string>): ReadonlyArray<number> {
    const found = new Set<number>()
    const left = [...names]
    for (const name of left) {
      for (const base of byName.get(name) ?? []) {
        if (found.has(base)) continue
        found.add(base)
        left.push(...supers.get(base) ?? [])
      }
    }
    return [...found]
  }

  /** The node that defines a member, which the name may stand deep in. */
  function memberOf(row: number): number {
    let now = above[row] ?? 0
    while (type[now]?.endsWith("declarator") === true) now = above[now] ?? 0
    return now
  }

  /** What stands in a member before its body. */
  function headOf(row: number): string {
    const member = memberOf(row)
    return source.slice(start[member] ?? 0, bodyOf(member) ?? end[member] ?? 0)
  }

  function bodyOf(outer: number): number | undefined {
    for (let row = outer + 1; row < nodes.count && (start[row] ?? 0) < (end[outer] ?? 0); row++) {
      if (above[row] === outer && field[row] === "body") return start[row]
    }
    return undefined
  }

  function isAbstract(row: number, owner: number): boolean {
    const member = memberOf(row)
    const kind = type[member] ?? ""
    if (bodyOf(member) !== undefined || /=>/.test(headOf(row))) return false
    if (kind === "field_declaration") return /=\s*0\s*;$/.test(headOf(row))
    if (/signature/.test(kind)) return true
    if (kind === "public_field_definition") return /\babstract\b/.test(headOf(row))
    if (/^(?:method|property)_declaration$/.test(kind)) {
      return type[owner] === "interface_declaration" || /\babstract\b/.test(headOf(row)) ||
        kind === "method_declaration"
    }
    return false
  }

  function isInterface(row: number): boolean {
    return /interface|trait_/.test(type[row] ?? "")
  }

  function rowOf(scope: number): number {
    return scopes[scope]?.row ?? 0
  }

  function membersOf(scope: number): ReadonlyMap<string, ReadonlyArray<Definition>> {
    return definedMembers.get(scope) ?? new Map()
  }

  /** Rust's implementations of traits, by the name of their type. */
  function implementations(): ReadonlyMap<string, ReadonlyArray<number>> {
    const found = new Map<string, Array<number>>()
    for (const scope of supers.keys()) {
      const row = rowOf(scope)
      if (type[row] !== "impl_item") continue
      const name = typeNameOf(row)
      found.set(name, [...found.get(name) ?? [], row])
    }
    return found
  }

  /** The first name of the type that an implementation is of. */
  function typeNameOf(row: number): string {
    for (let child = row + 1; child < nodes.count && (start[child] ?? 0) < (end[row] ?? 0); child++) {
      if (above[child] !== row || field[child] !== "type") continue
      return /[A-Za-z_]\w*/.exec(source.slice(start[child] ?? 0, end[child] ?? 0))?.[0] ?? ""
    }
    return ""
  }

  /** Who uses a type elsewhere may use it as what it implements. */
  function readUsers(name: string, list: ReadonlyArray<number>): void {
    const own: Array<number> = []
    for (let row = 1; row < nodes.count; row++) {
      const isOwn = type[row] === "impl_item" ? typeNameOf(row) === name : isItemOf(row, name)
      if (isOwn) own.push(row)
    }
    for (const use of uses) {
      if (use.name !== name) continue
      if (own.some((row) => (start[row] ?? 0) <= use.offset && use.offset < (end[row] ?? 0))) continue
      for (const row of list) need(use.atom, [atomOfRow(row)])
    }
  }

  function isItemOf(row: number, name: string): boolean {
    if (!/^(?:struct|enum|union)_item$/.test(type[row] ?? "")) return false
    for (let child = row + 1; above[child] === row; child++) {
      if (field[child] === "name") return source.slice(start[child] ?? 0, end[child] ?? 0) === name
    }
    return false
  }
}
