/** The structure of a program: its atoms and all that they need of each other, from one syntax tree. */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import { lineAt, lineStartsOf } from "../../../services/text/span.ts"
import { type Atoms, atomsOf } from "./atoms.ts"
import { type NameNeed, namesOf } from "./names.ts"
import { partsOf } from "./parts.ts"
import { resultNeeds } from "./results.ts"
import type { Shape } from "./shape.ts"
import { usedNeeds } from "./used-names.ts"

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
