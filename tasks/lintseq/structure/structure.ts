/** The structure of a program: its atoms and all that they need of each other, from one syntax tree. */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import { lineAt, lineStartsOf } from "../../../services/span.ts"
import { type Atoms, atomsOf } from "./atoms.ts"
import { type NameNeed, namesOf } from "./names.ts"
import { type Parts, partsOf } from "./parts.ts"
import type { Shape } from "./shape.ts"

export interface Structure extends Omit<Atoms, "ofPart"> {
  /** Whether there is anything but comments and what a file says of itself. */
  readonly hasCode: boolean
}

export const structureOf = (source: string, nodes: SyntaxNodes, shape: Shape): Structure => {
  const parts = partsOf(nodes, shape, source)
  const atoms = atomsOf(source, nodes, parts, shape)
  const { ofLine, parent, weights } = atoms
  const starts = lineStartsOf(source)
  const atomOfRow = (row: number): number =>
    // A comment belongs to the atom of its line, wherever it hangs in the tree.
    (nodes.type[row] === "comment"
      ? ofLine[lineAt(starts, nodes.start[row] ?? 0)]
      : atoms.ofPart[parts.ofRow[row] ?? 0]) ?? 0
  const isAround = (outer: number, inner: number): boolean => {
    let now = inner
    while (now !== -1 && now !== outer) now = parent[now] ?? -1
    return now === outer
  }
  const needing = [...atoms.needs.needing]
  const oneOf = [...atoms.needs.oneOf]
  const add = ({ atom, oneOf: choices }: NameNeed): void => {
    // What stands around an atom stands as long as it does.
    if (choices.some((choice) => isAround(choice, atom))) return
    needing.push(atom)
    oneOf.push(choices)
  }
  const named = namesOf(source, nodes, shape, atomOfRow)
  for (const need of named) add(need)
  if (shape.results.size > 0) {
    for (const need of resultNeeds(source, nodes, shape, parts, atoms.ofPart)) add(need)
  }
  if (shape.mustBeUsed.size > 0) {
    for (const need of usedNeeds(named, nodes, shape, atomOfRow)) {
      add(need)
      // It goes with its last use: drawn by itself it would take every use along.
      weights[need.atom] = 0
    }
  }
  return {
    lines: atoms.lines,
    ofLine,
    parent,
    weights,
    needs: { count: atoms.needs.count, needing, oneOf },
    hasCode: parts.count > 1
  }
}

const noResult = /^(?::\s*)?(?:void|any|never|undefined|unknown)$/

/**
 * A function that has a result needs the last statement of its body, which gives it; where that has blocks and clauses
 * of its own, each of them, and what each of them ends with.
 */
const resultNeeds = (
  source: string,
  nodes: SyntaxNodes,
  shape: Shape,
  parts: Parts,
  ofPart: Int32Array
): ReadonlyArray<NameNeed> => {
  const withResult = new Set<number>()
  for (let row = 1; row < nodes.count; row++) {
    const up = nodes.parent[row] ?? 0
    if (nodes.field[row] === null || !shape.results.has(`${nodes.type[up] ?? ""}.${nodes.field[row]}`)) continue
    if (!noResult.test(source.slice(nodes.start[row] ?? 0, nodes.end[row] ?? 0))) withResult.add(up)
  }
  /** For each part the last part of each container right below it, and its clauses. */
  const ends = new Map<number, Map<number, number>>()
  const first: Array<readonly [part: number, last: number]> = []
  for (let part = 1; part < parts.count; part++) {
    const container = parts.container[part] ?? -1
    const owner = parts.parent[part] ?? 0
    const of = ends.get(owner) ?? new Map<number, number>()
    ends.set(owner, of)
    // A clause ends its owner as much as a block does.
    of.set(container === -1 || isClauseOf(nodes, shape, parts.row[part] ?? 0) ? -1 - part : container, part)
  }
  for (const [owner, of] of ends) {
    for (const [container, last] of of) {
      if (container < 0) continue
      // The body, or the list of statements in it.
      const body = nodes.parent[container] ?? 0
      if (withResult.has(body) || withResult.has(nodes.parent[body] ?? 0)) first.push([owner, last])
    }
  }
  const needs: Array<NameNeed> = []
  const seen = new Set<number>()
  const need = (owner: number, last: number): void => {
    needs.push({ name: "result", isWrite: false, atom: ofPart[owner] ?? 0, oneOf: [ofPart[last] ?? 0] })
    if (seen.has(last)) return
    seen.add(last)
    for (const end of ends.get(last)?.values() ?? []) need(last, end)
  }
  for (const [owner, last] of first) need(owner, last)
  return needs
}

const isClauseOf = (nodes: SyntaxNodes, shape: Shape, row: number): boolean =>
  shape.clauses.has(nodes.type[row] ?? "") || /case|arm|switch_(?:block|section)/.test(nodes.type[row] ?? "")

/** Where nothing may be defined in vain, each name that is defined needs one of its uses. */
const usedNeeds = (
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
