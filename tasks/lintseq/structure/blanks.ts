/** Who owns each run of blank lines: it needs what stands below it and something above it. */
import type { Siblings } from "./siblings.ts"

export interface Tree {
  readonly parent: ReadonlyArray<number>
  readonly place: Siblings["place"]
  readonly groups: Siblings["groups"]
}

/**
 * Makes each run of blank lines an atom of its own, which needs what stands below it and something above it: no state
 * begins with a gap. Returns the number of things there are then.
 */
export const ownBlanks = (
  lines: ReadonlyArray<string>,
  ofLine: Int32Array,
  opens: Uint8Array,
  tree: Tree,
  atoms: number,
  need: (atom: number, choices: ReadonlyArray<number>) => void
): number => {
  let count = atoms
  /** For each group the thing that stands while one of its first parts does. */
  const heads = new Map<number, Array<number>>()
  const headBefore = (group: number, index: number): number => {
    const known = heads.get(group) ?? []
    heads.set(group, known)
    const members = tree.groups[group]?.atoms ?? []
    for (let next = known.length; next <= index; next++) {
      const member = members[next] ?? 0
      if (next === 0) {
        known.push(member)
        continue
      }
      need(count, [known[next - 1] ?? 0, member])
      known.push(count)
      count++
    }
    return known[index] ?? 0
  }
  /** The ancestor of an atom, or itself, that stands directly in `outer`. */
  const childOf = (outer: number, atom: number): number => {
    let now = atom
    while (now > 0 && tree.parent[now] !== outer) now = tree.parent[now] ?? -1
    return now
  }
  /** What opens the file always stands above its parts. */
  const opening = ofLine.indexOf(0)
  for (let line = 0; line < lines.length; line++) {
    if (ofLine[line] !== -1) continue
    let below = line
    while (below < lines.length && ofLine[below] === -1) below++
    const isBelowOpening = opening !== -1 && opening < line && tree.parent[ofLine[below] ?? 0] === 0
    const before = line === 0 ? -1 : ofLine[line - 1] ?? 0
    const after = below === lines.length ? 0 : ofLine[below] ?? 0
    const blank = count++
    if (below < lines.length && opens[below] === 1) {
      need(blank, [after])
      const place = tree.place.get(after)
      if (place !== undefined && place[1] > 0 && !isBelowOpening) need(blank, [headBefore(place[0], place[1] - 1)])
    } else if (before === after || before === -1) need(blank, [after])
    else {
      const last = childOf(after, before)
      need(blank, [last > 0 ? last : after])
    }
    for (let at = line; at < below; at++) ofLine[at] = blank
    line = below - 1
  }
  return count
}
