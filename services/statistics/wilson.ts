/** The interval of one share of rows, which also holds where none or all of them pass. */
import { confidence, type Interval } from "./interval.ts"
import { normalQuantile } from "./normal.ts"

/** Returns Wilson's interval of a share (1927). Of no rows it says nothing: 0 to 1. */
export const wilsonInterval = (passed: number, rows: number): Interval => {
  if (rows === 0) return [0, 1]
  const z = normalQuantile((1 + confidence) / 2)
  const share = passed / rows
  const scale = 1 + z * z / rows
  const middle = (share + z * z / (2 * rows)) / scale
  const half = z / scale * Math.sqrt(share * (1 - share) / rows + z * z / (4 * rows * rows))
  return [Math.max(0, middle - half), Math.min(1, middle + half)]
}
