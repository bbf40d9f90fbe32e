/** The interval of a mean where all groups are alike: nothing spreads that could be drawn again, and that is luck in part. */
import { confidence, type Interval } from "./interval.ts"

/**
 * Returns the interval by the share of groups that could be otherwise, as far as they can be, though none of those that were
 * seen is: Clopper and Pearson's upper limit of none (1934), of which the rule of three is an approximation.
 *
 * @example
 * intervalOfAlike({ gain: 1, groups: 37, range: [0, 1] }) // [0.9051094125850101, 1]
 */
export const intervalOfAlike = ({ gain, groups, range: [least, most] }: {
  readonly gain: number
  readonly groups: number
  /** Between which figures the gain of a row lies. */
  readonly range: Interval
}): Interval => {
  const others = 1 - ((1 - confidence) / 2) ** (1 / groups)
  return [gain - others * (gain - least), gain + others * (most - gain)]
}
