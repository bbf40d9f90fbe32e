/** Sets of rows that are made up, with a gain that is known. */
import type { PairedScore } from "../../../services/statistics/group-sums.ts"
import { randomOf } from "../../../services/text/random.ts"

/** What is known of a set: how many groups it has, rows a group on average, and shares of rows that are won and lost. */
export interface Known {
  readonly groups: number
  readonly rowsPerGroup: number
  readonly won: number
  readonly lost: number
  /** By how much the shares of a group lie above or below those of all, which makes its rows alike. */
  readonly spread: number
}

/** Draws a set. Groups have from one row to nearly twice as many as on average. */
export const drawSet = (
  { groups, lost, rowsPerGroup, spread, won }: Known,
  seed: number
): ReadonlyArray<PairedScore> => {
  const random = randomOf("set", groups, seed)
  const scores: Array<PairedScore> = []
  for (let group = 0; group < groups; group++) {
    const more = random.next() < 0.5 ? spread : -spread
    const rows = 1 + random.below(2 * rowsPerGroup - 1)
    for (let row = 0; row < rows; row++) {
      const chance = random.next()
      const isWon = chance < won + more
      const isLost = !isWon && chance < won + lost
      const both = random.next() < 0.5 ? 1 : 0
      scores.push({ group: `${group}`, before: isWon ? 0 : isLost ? 1 : both, after: isWon ? 1 : isLost ? 0 : both })
    }
  }
  return scores
}

/** Returns the share of sets, drawn with seeds from 0 on, that pass. */
export const shareOfSets = (
  sets: number,
  known: Known,
  passes: (scores: ReadonlyArray<PairedScore>, seed: number) => boolean
) =>
  Array.from({ length: sets }, (_, seed) => passes(drawSet(known, seed), seed)).filter((passed) => passed).length / sets
