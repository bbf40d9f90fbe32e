/**
 * How many rows it takes to show a gain, and how small a gain some rows can show: at 80 % power, so that four sets in five
 * would tell, and with the 95 % interval that verdicts use.
 */
import { confidence } from "./interval.ts"
import { normalQuantile } from "./normal.ts"
import { solveRising } from "./solve-rising.ts"

/** How often a gain of that size should be found. */
export const power = 0.8

const zOfInterval = normalQuantile((1 + confidence) / 2)
const zOfPower = normalQuantile(power)

/**
 * Returns how many rows show a gain between two models on the same rows, where a share `discordant` of the rows is right
 * for one of them only (Connor 1987). Rows are taken to be independent: multiply by `designEffect`.
 *
 * @example
 * rowsNeeded({ gain: 0.02, discordant: 0.1 }) // 1960
 */
export const rowsNeeded = ({ discordant, gain }: { readonly gain: number; readonly discordant: number }): number =>
  Math.ceil(exactRowsNeeded(gain, discordant))

const exactRowsNeeded = (gain: number, discordant: number): number =>
  ((zOfInterval * Math.sqrt(discordant) + zOfPower * Math.sqrt(Math.max(0, discordant - gain * gain))) / gain) ** 2

/** Returns how many rows *each* model needs where the two are not asked the same ones: `before` and `after` are shares. */
export const rowsNeededUnpaired = (before: number, after: number): number => {
  const mean = (before + after) / 2
  const together = zOfInterval * Math.sqrt(2 * mean * (1 - mean))
  const apart = zOfPower * Math.sqrt(before * (1 - before) + after * (1 - after))
  return Math.ceil(((together + apart) / (after - before)) ** 2)
}

/**
 * Returns by how much more rows are needed where they come in groups of about `rowsPerGroup` that are alike by
 * `correlation`, from 0 to 1.
 *
 * @example
 * designEffect(8, 0.5) // 4.5
 */
export const designEffect = (rowsPerGroup: number, correlation: number): number => 1 + (rowsPerGroup - 1) * correlation

/**
 * Returns the smallest gain that so many independent rows can show; divide rows by `designEffect` before. No gain is larger
 * than the share of rows that differ, so a set that cannot even show that one gives it back.
 */
export const smallestGainOf = (rows: number, discordant: number): number =>
  solveRising((gain) => -exactRowsNeeded(gain, discordant), -rows, 0, discordant)
