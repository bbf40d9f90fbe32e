/**
 * Interfaces that types fit without saying so, as in Go: who uses a type may mean each interface that it fits, so its
 * methods of that interface must stand, and the interface asks for no method that they lack.
 */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import type { Use } from "./scopes.ts"
import type { NameNeed } from "./needs.ts"

/** Methods of interfaces that every program may mean. */
const usual: ReadonlyArray<ReadonlyArray<string>> = [
  ["Error"],
  ["Len", "Less", "Swap"],
  ["Push", "Pop"],
  ["Read"],
  ["Write"],
  ["Close"],
  ["ServeHTTP"],
  ["RoundTrip"],
  ["MarshalJSON"],
  ["UnmarshalJSON"],
  ["MarshalText"],
  ["UnmarshalText"],
  ["Scan"],
  ["Value"],
  ["Format"],
  ["Set"]
]

interface Method {
  readonly name: string
  readonly atom: number
  readonly start: number
  readonly end: number
}

/** Finds the needs between interfaces, the types that fit them, and who uses those types. */
export const interfaceNeeds = (
  source: string,
  nodes: SyntaxNodes,
  uses: ReadonlyArray<Use>,
  atomOfRow: (row: number) => number
): ReadonlyArray<NameNeed> => {
  const { count, end, field, parent: above, start, type } = nodes
  const textOf = (row: number): string => source.slice(start[row] ?? 0, end[row] ?? 0)
  const methods = new Map<string, Array<Method>>()
  /** The methods that each interface asks for, by its row. */
  const interfaces = new Map<number, Array<Omit<Method, "start" | "end">>>()
  /** The types that each one embeds, whose methods it has too. */
  const embedded = new Map<string, Array<string>>()
  for (let row = 1; row < count; row++) {
    const up = above[row] ?? 0
    if (type[row] === "method_elem") {
      const list = interfaces.get(up) ?? []
      interfaces.set(up, list)
      list.push({ name: textOf(row + 1), atom: atomOfRow(row) })
    }
    if (type[up] === "method_declaration" && field[row] === "name") {
      // The receiver is the first thing behind "func".
      const owner = /([A-Za-z_]\w*)\s*(?:\[[^\]]*\])?\s*\)$/.exec(
        source.slice(start[up] ?? 0, start[row] ?? 0).trimEnd()
      )?.[1]
      if (owner === undefined) continue
      const list = methods.get(owner) ?? []
      methods.set(owner, list)
      list.push({ name: textOf(row), atom: atomOfRow(row), start: start[up] ?? 0, end: end[up] ?? 0 })
    }
    if (type[row] === "field_declaration" && field[row + 1] !== "name") {
      let spec = row
      while (spec > 0 && type[spec] !== "type_spec") spec = above[spec] ?? 0
      const part = /([A-Za-z_]\w*)(?:\[[^]*)?$/.exec(textOf(row).split(/[`"\n]/)[0]?.trimEnd() ?? "")?.[1]
      if (spec > 0 && part !== undefined) {
        const owner = textOf(spec + 1)
        embedded.set(owner, [...embedded.get(owner) ?? [], part])
      }
    }
  }
  const needs: Array<NameNeed> = []
  const need = (atom: number, on: number): void => {
    if (atom !== on) needs.push({ name: "interface", isWrite: false, atom, oneOf: [on] })
  }
  /** What of a type's methods somebody may count on. */
  const counted = new Map<string, Set<Method>>()
  for (const owner of new Set([...methods.keys(), ...embedded.keys()])) {
    const parts = partsOf(owner)
    const own = parts.flatMap((part) => methods.get(part) ?? [])
    /** What stands in other files may have any method. */
    const isOpen = (embedded.get(owner) ?? []).some((part) => !methods.has(part))
    const names = new Set(own.map(({ name }) => name))
    /** Whether the type fits; what it embeds may give what it lacks. */
    const fits = (asked: ReadonlyArray<string>): boolean =>
      isOpen ? asked.some((name) => names.has(name)) : asked.every((name) => names.has(name))
    const used = new Set<Method>()
    for (const asked of usual) if (fits(asked)) { for (const one of own) if (asked.includes(one.name)) used.add(one) }
    for (const asked of interfaces.values()) {
      if (!fits(asked.map(({ name }) => name))) continue
      for (const { atom, name } of asked) {
        for (const method of own) {
          if (method.name !== name) continue
          used.add(method)
          need(atom, method.atom)
        }
      }
    }
    counted.set(owner, used)
  }
  for (const { atom, name, offset } of uses) {
    const own = methods.get(name) ?? []
    if (own.some((method) => method.start <= offset && offset < method.end)) continue
    for (const method of counted.get(name) ?? []) need(atom, method.atom)
  }
  return needs

  /** A type and those that it embeds, itself or through others. */
  function partsOf(owner: string): ReadonlyArray<string> {
    const parts = [owner]
    for (const part of parts) {
      for (const inner of embedded.get(part) ?? []) if (!parts.includes(inner)) parts.push(inner)
    }
    return parts
  }
}
