/** McNemar's exact test: whether of the rows that only one of two models has right, one has too many. */

/** How many rows only one of two models has right. */
export interface Discordance {
  /** Wrong before, right after. */
  readonly won: number
  /** Right before, wrong after. */
  readonly lost: number
}

/**
 * Returns how likely chance alone would divide rows at least as unevenly, on either side. It takes rows to be independent
 * of each other, which rows of a group are not, so it stands beside the interval and never in its place.
 *
 * @example
 * mcnemar({ won: 0, lost: 0 }) // 1
 */
export const mcnemar = ({ lost, won }: Discordance): number => {
  const rows = won + lost
  let [logTerm, tail] = [-rows * Math.LN2, 0]
  for (let fewer = 0; fewer <= Math.min(won, lost); fewer++) {
    tail += Math.exp(logTerm)
    logTerm += Math.log((rows - fewer) / (fewer + 1))
  }
  return Math.min(1, 2 * tail)
}
