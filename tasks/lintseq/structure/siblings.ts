/** Which atoms stand side by side in one container. */
import type { Parts } from "./parts.ts"

export interface Siblings {
  /** The atoms of each container, in order, and the part that the container stands in. */
  readonly groups: ReadonlyArray<{ readonly owner: number; readonly atoms: ReadonlyArray<number> }>
  /** For each atom its group and its place there. */
  readonly place: ReadonlyMap<number, readonly [group: number, index: number]>
}

export const siblingsOf = (parts: Parts, ofPart: Int32Array): Siblings => {
  const byContainer = new Map<number, { readonly owner: number; readonly atoms: Array<number> }>()
  for (let part = 1; part < parts.count; part++) {
    const container = parts.container[part] ?? -1
    if (container === -1) continue
    const owner = parts.ofRow[container] ?? 0
    const atom = ofPart[part] ?? 0
    const group = byContainer.get(container) ?? { owner, atoms: [] }
    byContainer.set(container, group)
    if (atom !== ofPart[owner] && group.atoms[group.atoms.length - 1] !== atom) group.atoms.push(atom)
  }
  const groups = [...byContainer.values()]
  const place = new Map<number, readonly [number, number]>()
  for (const [group, { atoms }] of groups.entries()) {
    for (const [index, atom] of atoms.entries()) if (!place.has(atom)) place.set(atom, [group, index])
  }
  return { groups, place }
}
