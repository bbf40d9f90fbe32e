/**
 * The split: which groups are trained on, and which are held out. Groups stay whole, the share that was asked for is
 * reached as nearly as their weights allow, and a language with two groups stands on both sides where it can.
 *
 * A number that the seed and its own name give puts each group on a side. Then as few groups as possible change it,
 * until the share is reached: most groups keep their sides when a history grows.
 */
import { unitInterval } from "../text/random.ts"
import type { Group } from "./groups.ts"

/** The two sides of the split: what is trained on, and what is held out. */
export type Side = "train" | "held"

/** How a history or a tree is split. */
export interface SplitSettings {
  readonly seed: number
  /** Share of train, from 0 to 1. */
  readonly split: number
}

/** A split that was decided by groups. */
export interface Split extends SplitOutcome {
  /** Returns the side of a group. */
  readonly sideOf: (group: string) => Side
}

/** How a split comes out. */
export interface SplitOutcome {
  /** How many groups each side has. */
  readonly groups: Readonly<Record<Side, number>>
  /** Share of train by the weights of the groups; null where there is none. */
  readonly planned: number | null
  /** The group that weighs most, and its part of all weight; null where there is none. */
  readonly heaviest: { readonly name: string; readonly share: number } | null
}

/** No group changes its side for less than this part of all weight. */
const slackShare = 1 / 400

/**
 * Decides the side of each group.
 *
 * @example
 * const groups = [..."abcdefghij"].map((name) => ({ name, weight: 1, language: "go" }))
 * splitGroups(groups, { seed: 42, split: 0.8 }).groups // { train: 8, held: 2 }
 */
export const splitGroups = (groups: ReadonlyArray<Group>, { seed, split }: SplitSettings): Split => {
  const total = totalOf(groups)
  const placed = groups.map((group): Placed => ({ ...group, place: unitInterval("split", seed, group.name) }))
    .sort((a, b) => a.place - b.place || (a.name < b.name ? -1 : 1))
  const held = new Set(placed.filter(({ place }) => place >= split))
  if (split > 0 && split < 1) {
    const pinned = pinLanguages(placed, held, split * total, (1 - split) * total)
    balance(placed.filter((group) => !pinned.has(group)), held, (1 - split) * total, total * slackShare)
    fillEmptySide(placed, held)
  }
  const names = new Set([...held].map(({ name }) => name))
  const heaviest = groups.reduce<Group | null>((most, one) => (one.weight > (most?.weight ?? 0) ? one : most), null)
  return {
    sideOf: (name) => (names.has(name) ? "held" : "train"),
    groups: { train: groups.length - held.size, held: held.size },
    planned: total === 0 ? null : 1 - totalOf([...held]) / total,
    heaviest: heaviest === null ? null : { name: heaviest.name, share: heaviest.weight / total }
  }
}

interface Placed extends Group {
  /** From 0 to 1: below the share that is asked for, it is trained on at first. */
  readonly place: number
}

const totalOf = (groups: ReadonlyArray<Group>): number => groups.reduce((sum, { weight }) => sum + weight, 0)

/** Puts a group of each language that has two on each side, where one is light enough to leave room for the others. */
const pinLanguages = (
  placed: ReadonlyArray<Placed>,
  held: Set<Placed>,
  trainRoom: number,
  heldRoom: number
): ReadonlySet<Placed> => {
  const pinned = new Set<Placed>()
  const room = { train: trainRoom, held: heldRoom }
  const pin = (inOrder: ReadonlyArray<Placed>, side: Side, most: number) => {
    const group = inOrder.find((one) => one.weight <= most && !pinned.has(one))
    if (group === undefined) return
    pinned.add(group)
    room[side] -= group.weight
    if (side === "held") held.add(group)
    else held.delete(group)
  }
  const languages = byLanguage(placed).filter(({ length }) => length > 1).sort((a, b) => totalOf(a) - totalOf(b))
  for (const [done, ofLanguage] of languages.entries()) {
    const left = languages.length - done
    pin(ofLanguage.toReversed(), "held", room.held / left)
    pin(ofLanguage, "train", room.train / left)
  }
  return pinned
}

const byLanguage = (placed: ReadonlyArray<Placed>): Array<ReadonlyArray<Placed>> => {
  const strata = new Map<string, Array<Placed>>()
  for (const group of placed) {
    const known = strata.get(group.language)
    if (known === undefined) strata.set(group.language, [group])
    else known.push(group)
  }
  return [...strata.values()]
}

/** Moves groups, as few as it can, until what is held weighs what it should, or no move brings it nearer. */
const balance = (free: ReadonlyArray<Placed>, held: Set<Placed>, wanted: number, slack: number): void => {
  let excess = totalOf([...held]) - wanted
  const move = (group: Placed) => {
    excess += held.has(group) ? -group.weight : group.weight
    if (!held.delete(group)) held.add(group)
  }
  while (Math.abs(excess) > slack) {
    const gap = Math.abs(excess)
    const heavy = free.filter((group) => held.has(group) === excess > 0)
    const single = nearestTo(gap, heavy)
    const moved = single === undefined
      ? nearestPair(gap, heavy, free.filter((group) => held.has(group) !== excess > 0))
      : [single]
    if (moved.length === 0) return
    for (const group of moved) move(group)
  }
}

/** Returns the group whose move closes a gap best, if one does. */
const nearestTo = (gap: number, groups: ReadonlyArray<Placed>): Placed | undefined => {
  let nearest: Placed | undefined
  let left = gap
  for (const group of groups) {
    const after = Math.abs(gap - group.weight)
    if (after < left) {
      nearest = group
      left = after
    }
  }
  return nearest
}

/** Returns the two groups whose exchange closes a gap best, if there are such. */
const nearestPair = (
  gap: number,
  heavy: ReadonlyArray<Placed>,
  light: ReadonlyArray<Placed>
): ReadonlyArray<Placed> => {
  const byWeight = (a: Placed, b: Placed) => a.weight - b.weight
  const partners = light.toSorted(byWeight)
  let nearest: ReadonlyArray<Placed> = []
  let left = gap
  let at = 0
  for (const group of heavy.toSorted(byWeight)) {
    while (at + 1 < partners.length && group.weight - (partners[at + 1]?.weight ?? 0) >= gap) at++
    for (const partner of partners.slice(at, at + 2)) {
      const after = Math.abs(gap - (group.weight - partner.weight))
      if (after < left) {
        nearest = [group, partner]
        left = after
      }
    }
  }
  return nearest
}

/** Moves the lightest of several groups where all are on one side. */
const fillEmptySide = (placed: ReadonlyArray<Placed>, held: Set<Placed>): void => {
  if (placed.length < 2 || (held.size > 0 && held.size < placed.length)) return
  const [lightest] = placed.toSorted((a, b) => a.weight - b.weight)
  if (lightest === undefined) return
  if (!held.delete(lightest)) held.add(lightest)
}
