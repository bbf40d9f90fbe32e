/** The standard error of a mean gain, with and without minding that rows of a group resemble each other. */
import type { GroupSums, PairedScore } from "./group-sums.ts"
import { confidence, type Interval } from "./interval.ts"
import { studentQuantile } from "./student.ts"

/**
 * Returns the standard error of the mean gain of rows in groups: √(k/(k−1) · Σ over groups of (Σ (d − mean))²) / n, for k
 * groups and n rows (Miller, Adding error bars to evals, 2024, with the correction for few groups). 0 under two groups.
 */
export const clusteredError = ({ gain, gains, rowCount, rows }: GroupSums): number => {
  const count = gains.length
  if (count < 2) return 0
  let sum = 0
  for (let group = 0; group < count; group++) sum += ((gains[group] ?? 0) - gain * (rows[group] ?? 0)) ** 2
  return Math.sqrt(count / (count - 1) * sum) / rowCount
}

/** Returns the standard error as if each row were a group of its own; 0 under two rows. */
export const naiveError = (scores: ReadonlyArray<PairedScore>): number => {
  const count = scores.length
  if (count < 2) return 0
  const mean = scores.reduce((sum, { after, before }) => sum + after - before, 0) / count
  const squares = scores.reduce((sum, { after, before }) => sum + (after - before - mean) ** 2, 0)
  return Math.sqrt(squares / (count - 1) / count)
}

/** Returns the interval of the mean gain by its error and Student's t with one degree of freedom less than groups. */
export const studentInterval = (sums: GroupSums): Interval => {
  if (sums.gains.length < 2) return [-Infinity, Infinity]
  const half = studentQuantile((1 + confidence) / 2, sums.gains.length - 1) * clusteredError(sums)
  return [sums.gain - half, sums.gain + half]
}
