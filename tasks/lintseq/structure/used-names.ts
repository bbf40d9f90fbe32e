/** What a definition needs in a language that refuses those which nothing uses. */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import type { NameNeed } from "./needs.ts"
import type { Shape } from "./shape.ts"

/** Where nothing may be defined in vain, each name that is defined needs one of its uses. */
export const usedNeeds = (
  named: ReadonlyArray<NameNeed>,
  nodes: SyntaxNodes,
  shape: Shape,
  atomOfRow: (row: number) => number
): ReadonlyArray<NameNeed> => {
  const strict = new Set<number>()
  for (let row = 0; row < nodes.count; row++) {
    if (shape.mustBeUsed.has(nodes.type[row] ?? "")) strict.add(atomOfRow(row))
  }
  const users = new Map<
    string,
    { readonly name: string; readonly isWrite: boolean; readonly atom: number; readonly oneOf: Array<number> }
  >()
  for (const { atom, isWrite, name, oneOf } of named) {
    if (isWrite) continue
    for (const definition of oneOf) {
      if (!strict.has(definition)) continue
      const key = `${definition} ${name}`
      const known = users.get(key) ?? { name, isWrite: false, atom: definition, oneOf: [] }
      users.set(key, known)
      known.oneOf.push(atom)
    }
  }
  return [...users.values()]
}
