/** Student's t distribution for whole degrees of freedom. */
import { solveRising } from "./solve-rising.ts"

/**
 * Returns how likely a figure of Student's t distribution is below `t`. The sum is finite for whole `freedom` (Abramowitz
 * and Stegun 26.7.3 and 26.7.4); time grows with it.
 */
export const studentShareBelow = (t: number, freedom: number): number => {
  const angle = Math.atan(t / Math.sqrt(freedom))
  const cosine = Math.cos(angle)
  const isOdd = freedom % 2 === 1
  let term = isOdd ? cosine : 1
  let sum = isOdd && freedom === 1 ? 0 : term
  for (let step = isOdd ? 3 : 2; step <= freedom - 2; step += 2) {
    term *= (step - 1) / step * cosine * cosine
    sum += term
  }
  const within = isOdd ? (angle + Math.sin(angle) * sum) * 2 / Math.PI : Math.sin(angle) * sum
  return (1 + within) / 2
}

/** Returns the figure that one of Student's t distribution is below with that share; the share lies between 0 and 1. */
export const studentQuantile = (share: number, freedom: number): number =>
  solveRising((t) => studentShareBelow(t, freedom), share, -1e4, 1e4)
