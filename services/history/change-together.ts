/**
 * Files that change in the same commits are shown in the same rows, so they belong on one side of the split. Followed to
 * its end this joins nearly all files of a project; it goes as far as leaves groups light enough to be held out.
 */
import type { Groups } from "./groups.ts"

/**
 * Joins files that change together, those that did so most often first, as long as no group weighs more than `share`
 * of all. Each commit is the list of its files, as the groups know them.
 */
export const joinChangedTogether = (
  groups: Groups,
  commits: Iterable<ReadonlyArray<string>>,
  share: number
): void => {
  const pairs = new Map<string, { readonly one: string; readonly other: string; times: number }>()
  for (const files of commits) {
    const sorted = [...new Set(files)].toSorted()
    for (const [place, one] of sorted.entries()) {
      for (const other of sorted.slice(place + 1)) {
        const key = `${one}\u0000${other}`
        const pair = pairs.get(key) ?? { one, other, times: 0 }
        pair.times++
        pairs.set(key, pair)
      }
    }
  }
  const most = share * groups.weight()
  const inOrder = [...pairs].toSorted(([a, left], [b, right]) => right.times - left.times || (a < b ? -1 : 1))
  for (const [, { one, other }] of inOrder) groups.joinUpTo(one, other, most)
}
