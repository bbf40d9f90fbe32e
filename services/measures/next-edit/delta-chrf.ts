/**
 * ΔchrF: how much of what changes between two texts is what should change, by sequences of one to six characters. It is
 * chrF (Popović 2015) over the differences of counts instead of the counts. Source of the variant: Zed's edit prediction
 * metrics, July 2026.
 */
import { countsOf, type SequenceCounts } from "../character-sequences.ts"

/** The longest sequence that is counted. */
const longest = 6

/** How much more recall counts than precision: Zed's β since 2026. It was 2 before, so figures are told with theirs. */
export const deltaChrfBeta = 0.5

/**
 * Returns the score of `actual` against `expected`, both made from `original`, from 0 to 100. Runs of blanks count as one.
 *
 * @example
 * deltaChrf("a", "a b", "a b") // 100
 */
export const deltaChrf = (original: string, expected: string, actual: string, beta = deltaChrfBeta): number => {
  if (original === expected && expected === actual) return 100
  const [from, wanted, given] = [original, expected, actual].map((
    text
  ) => [...text.replace(/[^\S\n]+/g, " ").replace(/\n+/g, "\n")])
  let [precision, recall] = [0, 0]
  for (let length = 1; length <= longest; length++) {
    const counts = [from, wanted, given].map((text) => countsOf(text ?? [], length))
    const [before, after, made] = counts
    const shouldChange = differences(before ?? new Map(), after ?? new Map())
    const changed = differences(before ?? new Map(), made ?? new Map())
    const right = shared(shouldChange, changed)
    const [wantedTotal, madeTotal] = [total(shouldChange), total(changed)]
    const isEmpty = wantedTotal === 0 && madeTotal === 0
    precision += isEmpty ? 1 : madeTotal === 0 ? 0 : right / madeTotal
    recall += isEmpty ? 1 : wantedTotal === 0 ? 0 : right / wantedTotal
  }
  const [p, r] = [precision / longest, recall / longest]
  const weight = beta * beta
  return p + r === 0 ? 0 : 100 * (1 + weight) * p * r / (weight * p + r)
}

/** How counts differ: above 0 what came, below 0 what went. */
const differences = (before: SequenceCounts, after: SequenceCounts): SequenceCounts => {
  const changes = new Map<string, number>()
  for (const sequence of new Set([...before.keys(), ...after.keys()])) {
    const change = (after.get(sequence) ?? 0) - (before.get(sequence) ?? 0)
    if (change !== 0) changes.set(sequence, change)
  }
  return changes
}

const shared = (one: SequenceCounts, other: SequenceCounts): number => {
  let sum = 0
  for (const [sequence, count] of one) {
    const against = other.get(sequence) ?? 0
    if (Math.sign(count) === Math.sign(against)) sum += Math.min(Math.abs(count), Math.abs(against))
  }
  return sum
}

const total = (counts: SequenceCounts): number => [...counts.values()].reduce((sum, count) => sum + Math.abs(count), 0)
