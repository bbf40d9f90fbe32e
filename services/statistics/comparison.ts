/** Two models on the same rows: what one gains over the other, and how sure that is. */
import type { HashPart } from "../text/random.ts"
import { bootstrapInterval } from "./bootstrap.ts"
import { clusteredError, naiveError, studentInterval } from "./clustered-error.ts"
import { type PairedScore, sumByGroup } from "./group-sums.ts"
import { confidence, type Interval } from "./interval.ts"
import { intervalOfAlike } from "./interval-of-alike.ts"
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
  /** How the interval was found; "alike" where no group differs from the others. */
  readonly method: "bootstrap" | "t" | "alike"
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
  /** Between which figures the gain of a row lies: shares give -1 to 1, and 0 to 1 for a model that is compared with none. */
  readonly range?: Interval
}

/** Compares two models. The same scores and the same seed give the same figures. */
export const compare = (
  scores: ReadonlyArray<PairedScore>,
  { range = [-1, 1], resamples, seed }: ComparisonSettings
): Comparison => {
  const sums = sumByGroup(scores)
  const [rows, groups] = [scores.length, sums.gains.length]
  const error = clusteredError(sums)
  const method = error === 0 && groups > 1 ? "alike" : groups < fewestForBootstrap ? "t" : "bootstrap"
  const meanOf = (side: "before" | "after") =>
    rows === 0 ? 0 : scores.reduce((sum, score) => sum + score[side], 0) / rows
  return {
    rows,
    groups,
    before: meanOf("before"),
    after: meanOf("after"),
    gain: sums.gain,
    interval: method === "alike"
      ? intervalOfAlike({ gain: sums.gain, groups, range })
      : method === "t"
      ? within(range, studentInterval(sums))
      : bootstrapInterval(sums, seed, resamples),
    method,
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

/** Student's t knows of no ends; of one group nothing is known. */
const within = ([least, most]: Interval, [low, high]: Interval): Interval =>
  Number.isFinite(low) ? [Math.max(least, low), Math.min(most, high)] : [low, high]

const pValueOf = (gain: number, error: number, groups: number): number => {
  if (groups < 2 || gain === 0) return 1
  return error === 0 ? 0 : 2 * studentShareBelow(-Math.abs(gain) / error, groups - 1)
}

/**
 * Where no group differs the error is 0, which is luck and no measure: it is taken to be that of one group that does. It is
 * never smaller than that of one row.
 */
const smallestShown = (error: number, groups: number, rows: number): number => {
  if (groups < 2) return Infinity
  const steps = studentQuantile((1 + confidence) / 2, groups - 1) + studentQuantile(power, groups - 1)
  return steps * (error === 0 ? 1 / groups : Math.max(error, 1 / rows))
}
