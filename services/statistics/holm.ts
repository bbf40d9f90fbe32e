/** Holm's correction: who looks at many slices finds a difference in some of them by chance. */

/**
 * Returns the p values as they are once all of them count (Holm 1979), in the order given.
 *
 * @example
 * holm([0.01, 0.04, 0.03]) // [0.03, 0.06, 0.06]
 */
export const holm = (pValues: ReadonlyArray<number>): ReadonlyArray<number> => {
  const order = [...pValues.keys()].sort((one, other) => (pValues[one] ?? 1) - (pValues[other] ?? 1))
  const corrected = pValues.map(() => 1)
  let least = 0
  for (const [rank, place] of order.entries()) {
    least = Math.max(least, Math.min(1, (pValues.length - rank) * (pValues[place] ?? 1)))
    corrected[place] = least
  }
  return corrected
}
