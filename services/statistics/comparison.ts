/** Two models on the same rows: what one gains over the other, and how sure that is. */
import type { HashPart } from "../text/random.ts"
import { bootstrapInterval } from "./bootstrap.ts"
import { clusteredError, naiveError, studentInterval } from "./clustered-error.ts"
import { type PairedScore, sumByGroup } from "./group-sums.ts"
import { confidence, type Interval } from "./interval.ts"
import type { Discordance } from "./mcnemar.ts"
import { power } from "./rows-needed.ts"
import { studentQuantile, studentShareBelow } from "./student.ts"

/** From so many groups on, resampling them tells their spread; below, Student's t makes up for how few there are. */
export const fewestForBootstrap = 30

/** What a comparison finds; all figures are in the unit of the scores. */
export interface Comparison {
  readonly rows: number
  readonly groups: number
  /** Mean score of a row. */
  readonly before: number
  readonly after: number
  /** `after` less `before`. */
  readonly gain: number
  readonly interval: Interval
  /** How the interval was found. */
  readonly method: "bootstrap" | "t"
  /** Standard error of the gain by groups, and as if each row stood for itself. */
  readonly error: number
  readonly naiveError: number
  /** How likely a gain that large, up or down, is without any difference; by `error` and Student's t. */
  readonly pValue: number
  /** The smallest gain that this set would show four times in five. */
  readonly smallestGain: number
  /** How many rows scored higher and lower; the rest scored the same. */
  readonly discordance: Discordance
}

/** How a comparison is made. */
export interface ComparisonSettings {
  /** Decides which groups are drawn. */
  readonly seed: HashPart
  readonly resamples?: number
}

/** Compares two models. The same scores and the same seed give the same figures. */
export const compare = (
  scores: ReadonlyArray<PairedScore>,
  { resamples, seed }: ComparisonSettings
): Comparison => {
  const sums = sumByGroup(scores)
  const [rows, groups] = [scores.length, sums.gains.length]
  const error = clusteredError(sums)
  const isFew = groups < fewestForBootstrap
  const meanOf = (side: "before" | "after") =>
    rows === 0 ? 0 : scores.reduce((sum, score) => sum + score[side], 0) / rows
  return {
    rows,
    groups,
    before: meanOf("before"),
    after: meanOf("after"),
    gain: sums.gain,
    interval: isFew ? studentInterval(sums) : bootstrapInterval(sums, seed, resamples),
    method: isFew ? "t" : "bootstrap",
    error,
    naiveError: naiveError(scores),
    pValue: pValueOf(sums.gain, error, groups),
    smallestGain: smallestShown(error, groups, rows),
    discordance: {
      won: scores.filter(({ after, before }) => after > before).length,
      lost: scores.filter(({ after, before }) => after < before).length
    }
  }
}

const pValueOf = (gain: number, error: number, groups: number): number => {
  if (groups < 2 || gain === 0) return 1
  return error === 0 ? 0 : 2 * studentShareBelow(-Math.abs(gain) / error, groups - 1)
}

/** Where no row differs the error is 0, which is luck and no measure: it is taken to be that of one row that differs. */
const smallestShown = (error: number, groups: number, rows: number): number => {
  if (groups < 2) return Infinity
  const steps = studentQuantile((1 + confidence) / 2, groups - 1) + studentQuantile(power, groups - 1)
  return steps * Math.max(error, 1 / rows)
}
