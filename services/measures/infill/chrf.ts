/**
 * chrF: how many of the sequences of one to six characters two texts share (Popović 2015), as sacreBLEU counts them:
 * without white space, and with recall twice as important as precision.
 */
import { countsOf, type SequenceCounts } from "../character-sequences.ts"

/** The longest sequence that is counted. */
const longestSequence = 6

/** How much more recall counts than precision. */
const beta = 2

/** Returns the score of an answer against the right one, from 0 to 100. Texts without ink have no sequence: 0. */
export const chrf = (gold: string, answer: string): number => {
  const [wanted, given] = [gold, answer].map((text) => [...text.replace(/\s+/g, "")])
  let [precision, recall, orders] = [0, 0, 0]
  for (let length = 1; length <= longestSequence; length++) {
    const wantedCount = Math.max(0, (wanted?.length ?? 0) - length + 1)
    const givenCount = Math.max(0, (given?.length ?? 0) - length + 1)
    // Where one of the texts is too short for a length, the length does not count against the other.
    if (wantedCount === 0 || givenCount === 0) continue
    const right = sharedCount(countsOf(wanted ?? [], length), countsOf(given ?? [], length))
    precision += right / givenCount
    recall += right / wantedCount
    orders++
  }
  if (precision === 0 || recall === 0) return 0
  const [p, r] = [precision / orders, recall / orders]
  const weight = beta * beta
  return 100 * (1 + weight) * p * r / (weight * p + r)
}

const sharedCount = (one: SequenceCounts, other: SequenceCounts): number => {
  let sum = 0
  for (const [sequence, count] of one) sum += Math.min(count, other.get(sequence) ?? 0)
  return sum
}
