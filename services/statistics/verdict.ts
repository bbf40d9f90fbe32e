/** Whether a model is better than another, as far as a set of rows can tell. */
import type { Comparison } from "./comparison.ts"
import { holm } from "./holm.ts"
import { confidence, type Interval } from "./interval.ts"

/** On fewer groups nothing is said: chance and difference look the same there. */
export const fewestGroups = 20

/** What can be said, and what it stands on. */
export interface ModelVerdict {
  readonly _tag: "better" | "worse" | "undecided" | "too few groups"
  readonly gain: number
  readonly interval: Interval
  readonly rows: number
  readonly groups: number
  /** The smallest gain that this set would show four times in five. */
  readonly smallestGain: number
}

/** Returns the verdict on the one figure that was declared before the models were asked: 0 is outside its interval. */
export const verdictOn = (comparison: Comparison): ModelVerdict =>
  verdictIf(comparison.interval[0] > 0 || comparison.interval[1] < 0, comparison)

/**
 * Returns the verdicts on several slices of a set, or on several models, in the order given: only what stays beyond chance
 * once all of them count, by Holm's correction. The intervals are those of each slice alone.
 */
export const verdictsOn = (comparisons: ReadonlyArray<Comparison>): ReadonlyArray<ModelVerdict> => {
  // Slices about which nothing is said do not count.
  const judged = comparisons.filter(({ groups }) => groups >= fewestGroups)
  const corrected = holm(judged.map(({ pValue }) => pValue))
  const isSure = new Map(judged.map((comparison, at) => [comparison, (corrected[at] ?? 1) < 1 - confidence]))
  return comparisons.map((comparison) => verdictIf(isSure.get(comparison) ?? false, comparison))
}

const verdictIf = (isSure: boolean, { gain, groups, interval, rows, smallestGain }: Comparison): ModelVerdict => ({
  _tag: groups < fewestGroups ? "too few groups" : !isSure ? "undecided" : gain > 0 ? "better" : "worse",
  gain,
  interval,
  rows,
  groups,
  smallestGain
})
