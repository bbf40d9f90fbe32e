/** The structure of a program: its atoms and all that they need of each other, from one syntax tree. */
import type { SyntaxNodes } from "../../../services/Parser.ts"
import { lineAt, lineStartsOf } from "../../../services/text/span.ts"
import { type Atoms, atomsOf } from "./atoms.ts"
import { completenessNeeds } from "./completeness.ts"
import type { Macros } from "./macros.ts"
import { type Hidden, namesOf } from "./names.ts"
import type { NameNeed } from "./needs.ts"
import { partsOf } from "./parts.ts"
import { resultNeeds } from "./results.ts"
import type { Shape } from "./shape.ts"
import { usedNeeds } from "./used-names.ts"

export interface Structure extends Omit<Atoms, "ofPart"> {
  /** Whether there is anything but comments and what a file says of itself. */
  readonly hasCode: boolean
}

export const structureOf = (source: string, nodes: SyntaxNodes, shape: Shape, macros?: Macros): Structure => {
  const parts = partsOf(nodes, shape, source)
  const atoms = atomsOf(source, nodes, parts, shape, macros?.glued)
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
  const atomAt = (offset: number): number => ofLine[lineAt(starts, offset)] ?? 0
  const hidden: Hidden = {
    uses: (macros?.uses ?? []).map((use) => ({ ...use, atom: atomAt(use.offset) })),
    makers: (macros?.makers ?? []).map(({ names, offset }) => ({ names, atom: atomAt(offset) }))
  }
  const { needs: named, wildcards } = namesOf(source, nodes, shape, atomOfRow, hidden)
  for (const [one, other] of macros?.bonds ?? []) {
    add({ name: "bond", isWrite: false, atom: atomAt(one), oneOf: [atomAt(other)] })
    add({ name: "bond", isWrite: false, atom: atomAt(other), oneOf: [atomAt(one)] })
  }
  for (const need of named) add(need)
  for (const need of completenessNeeds(source, nodes, shape, atomOfRow)) add(need)
  // Drawn by itself it would take everything along that it may bring a name for.
  for (const atom of wildcards) weights[atom] = 0
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
