/**
 * Groups of files that must stay on one side of the split: those that renames connect, and those that held the same
 * blob of at least 200 bytes at some time. A group is named after its oldest path, so that later history does not move
 * it to the other side unless it joins two groups.
 */
import { unitInterval } from "../text/random.ts"

/** The two sides of the split: what is trained on, and what is held out. */
export type Side = "train" | "held"

/** Smaller blobs, such as empty files and one-line headers, are equal by chance. Bytes. */
export const leastTwinBytes = 200

/** The groups of a history, as it is read from its oldest commit to its newest. */
export interface Groups {
  /** Adds a file, if it is new, and the blobs that it held. Call it in the order of history. */
  readonly add: (file: string, blobs: ReadonlyArray<string>) => void
  /** Says that two files are one and the same under two names. */
  readonly join: (file: string, other: string) => void
  /** Returns the name of the group of a file that was added. */
  readonly nameOf: (file: string) => string
  /** How often two groups became one although the split had put them on different sides. */
  readonly moved: () => number
}

/** Makes groups of no files. `sideOf` says on which side of the split a group is, by its name. */
export const makeGroups = (sideOf: (group: string) => Side): Groups => {
  const parents: Array<number> = []
  const names: Array<string> = []
  /** For each root, how often its files were added: a group without any has no side that it could lose. */
  const weights: Array<number> = []
  const files = new Map<string, number>()
  const holders = new Map<string, number>()
  let moved = 0

  const rootOf = (start: number): number => {
    let root = start
    while (parents[root] !== root) root = parents[root] ?? root
    for (let at = start; at !== root;) {
      const next = parents[at] ?? root
      parents[at] = root
      at = next
    }
    return root
  }
  const numberOf = (file: string): number => {
    const known = files.get(file)
    if (known !== undefined) return known
    const fresh = parents.length
    parents.push(fresh)
    names.push(file)
    weights.push(0)
    files.set(file, fresh)
    return fresh
  }
  const unite = (a: number, b: number): void => {
    const left = rootOf(a)
    const right = rootOf(b)
    if (left === right) return
    const [older, newer] = left < right ? [left, right] : [right, left]
    const both = Math.min(weights[older] ?? 0, weights[newer] ?? 0) > 0
    if (both && sideOf(names[older] ?? "") !== sideOf(names[newer] ?? "")) moved++
    parents[newer] = older
    weights[older] = (weights[older] ?? 0) + (weights[newer] ?? 0)
  }
  return {
    add: (file, blobs) => {
      const number = numberOf(file)
      for (const blob of blobs) {
        const holder = holders.get(blob)
        if (holder === undefined) holders.set(blob, number)
        else unite(holder, number)
      }
      const root = rootOf(number)
      weights[root] = (weights[root] ?? 0) + 1
    },
    join: (file, other) => unite(numberOf(file), numberOf(other)),
    nameOf: (file) => names[rootOf(numberOf(file))] ?? file,
    moved: () => moved
  }
}

/** Returns what gives the side of a group. Its hash with the seed decides, so other groups cannot change it. */
export const sideOfGroup = (seed: number, split: number) => (group: string): Side =>
  unitInterval("split", seed, group) < split ? "train" : "held"
