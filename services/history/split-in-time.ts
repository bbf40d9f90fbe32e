/**
 * The split in time: what was written before a moment is trained on, and what was written from then on is held out. A
 * group that was changed on both sides is cut there, and its later changes stay on the later side whatever date they
 * claim: they may hold code that was written in between.
 */
import type { Side, SplitOutcome } from "./split.ts"

/** Where the split lies: at a moment, in seconds since 1970, or behind all that a commit has in its history. */
export type TestAfter =
  | { readonly _tag: "date"; readonly seconds: number }
  | { readonly _tag: "commit"; readonly rev: string }

/** A change, and whether its own commit lies on the later side. */
export interface TimedChange {
  readonly group: string
  readonly isAfter: boolean
}

/**
 * Returns the side of each change of a repository, which come oldest first.
 *
 * @example
 * sidesInTime([{ group: "a", isAfter: true }, { group: "b", isAfter: false }, { group: "a", isAfter: false }]) // ["held", "train", "held"]
 */
export const sidesInTime = (changes: ReadonlyArray<TimedChange>): ReadonlyArray<Side> => {
  const held = new Set<string>()
  return changes.map(({ group, isAfter }) => {
    if (isAfter) held.add(group)
    return held.has(group) ? "held" : "train"
  })
}

/** What a change brings to its side. */
export interface SidedChange {
  readonly group: string
  readonly side: Side
  readonly weight: number
}

/** Returns how a split in time comes out; a group that is cut counts on both sides. */
export const outcomeInTime = (changes: Iterable<SidedChange>): SplitOutcome => {
  const groups: Readonly<Record<Side, Set<string>>> = { train: new Set(), held: new Set() }
  const weights = { train: 0, held: 0 }
  const byGroup = new Map<string, number>()
  for (const { group, side, weight } of changes) {
    groups[side].add(group)
    weights[side] += weight
    byGroup.set(group, (byGroup.get(group) ?? 0) + weight)
  }
  const total = weights.train + weights.held
  const [name, weight] = [...byGroup].reduce<readonly [string, number]>(
    (most, one) => (one[1] > most[1] ? one : most),
    ["", 0]
  )
  return {
    groups: { train: groups.train.size, held: groups.held.size },
    planned: total === 0 ? null : weights.train / total,
    heaviest: weight === 0 ? null : { name, share: weight / total }
  }
}
