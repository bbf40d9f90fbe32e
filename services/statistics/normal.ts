/** The normal distribution, to about the last digit of a double where it is asked for here: |z| below 8. */
import { solveRising } from "./solve-rising.ts"

/** Returns how likely a standard normal figure is below `z`: Marsaglia's series (Evaluating the normal distribution, 2004). */
export const normalShareBelow = (z: number): number => {
  if (Math.abs(z) > 8) return z < 0 ? 0 : 1
  let [sum, term] = [z, z]
  for (let odd = 3; sum + term !== sum || odd === 3; odd += 2) {
    term *= z * z / odd
    sum += term
  }
  return 0.5 + sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI)
}

/** Returns the figure that a standard normal one is below with that share; the share lies between 0 and 1. */
export const normalQuantile = (share: number): number => solveRising(normalShareBelow, share, -8, 8)
