/** The spread of a mean gain, by drawing the groups again and again from those that there are. */
import { type HashPart, randomOf } from "../text/random.ts"
import type { GroupSums } from "./group-sums.ts"
import { confidence, type Interval } from "./interval.ts"
import { normalShareBelow } from "./normal.ts"
import { studentQuantile } from "./student.ts"

/** How often groups are drawn. */
const usualResamples = 10_000

/**
 * Returns the mean gains of resampled sets, sorted: as many groups as there are, each drawn with all its rows, as often as
 * chance wants. The seed decides the draws.
 */
export const resampledGains = (
  { gains, rows }: GroupSums,
  seed: HashPart,
  resamples: number = usualResamples
): Float64Array => {
  const count = gains.length
  const random = randomOf("bootstrap", seed)
  const means = new Float64Array(resamples)
  for (let resample = 0; resample < resamples; resample++) {
    let [gain, size] = [0, 0]
    for (let draw = 0; draw < count; draw++) {
      const group = Math.floor(random.next() * count)
      gain += gains[group] ?? 0
      size += rows[group] ?? 0
    }
    means[resample] = size === 0 ? 0 : gain / size
  }
  return means.sort()
}

/**
 * Returns the interval of the mean gain by percentiles of resampled means. They lie a little further out than those of the
 * confidence that is asked for: drawn from few groups, means spread less than they should, and that much is made up for
 * (Hesterberg, What teachers should know about the bootstrap, 2015, "expanded percentiles").
 */
export const bootstrapInterval = (sums: GroupSums, seed: HashPart, resamples: number = usualResamples): Interval => {
  const groups = sums.gains.length
  if (groups < 2) return [-Infinity, Infinity]
  const steps = studentQuantile((1 + confidence) / 2, groups - 1) * Math.sqrt(groups / (groups - 1))
  const tail = normalShareBelow(-steps)
  const means = resampledGains(sums, seed, resamples)
  return [quantileIn(means, tail), quantileIn(means, 1 - tail)]
}

/** Returns a quantile of sorted figures; between two of them it is on the line that joins them. */
export const quantileIn = (sorted: Float64Array, share: number): number => {
  const at = share * (sorted.length - 1)
  const low = sorted[Math.floor(at)] ?? 0
  return low + (at % 1) * ((sorted[Math.ceil(at)] ?? low) - low)
}
