/**
 * How a figure is spread over rows. It needs the same memory for any number of rows: figures are kept to a tenth of a
 * percent.
 */

/** How a figure is spread. */
export interface Quantiles {
  readonly least: number
  readonly median: number
  readonly p90: number
  readonly p99: number
  readonly most: number
}

/** How many rows have a figure from `from` on and below `below`, which is null for the last of them. */
export interface Bin {
  readonly from: number
  readonly below: number | null
  readonly count: number
}

/** Gathers a figure that is 0 or more, row by row. */
export interface Spread {
  readonly add: (figure: number) => void
  readonly count: () => number
  readonly sum: () => number
  readonly quantiles: () => Quantiles
  /** Returns how many rows have a figure in each range; `bounds` are where ranges begin, in their order. */
  readonly binsAt: (bounds: ReadonlyArray<number>) => ReadonlyArray<Bin>
}

/** Figures that are counted as one. */
interface CountedStep {
  /** It stands for all of them, so that no figure is told that no row has. */
  least: number
  count: number
}

/** The whole figures up to 999 have a step each; above, a step is a tenth of a percent. */
const stepOf = (figure: number): number => Math.round(Math.log(figure + 1) * 1000)

/** Makes a spread without any row. */
export const makeSpread = (): Spread => {
  const steps = new Map<number, CountedStep>()
  let [count, sum, least, most] = [0, 0, Infinity, 0]
  const quantile = (share: number): number => {
    let seen = 0
    for (const step of [...steps.values()].sort((a, b) => a.least - b.least)) {
      seen += step.count
      if (seen >= count * share) return step.least
    }
    return 0
  }
  return {
    add: (figure) => {
      count++
      sum += figure
      least = Math.min(least, figure)
      most = Math.max(most, figure)
      const place = stepOf(figure)
      const step = steps.get(place)
      if (step === undefined) steps.set(place, { least: figure, count: 1 })
      else {
        step.least = Math.min(step.least, figure)
        step.count++
      }
    },
    count: () => count,
    sum: () => sum,
    quantiles: () => ({
      least: count === 0 ? 0 : least,
      median: quantile(0.5),
      p90: quantile(0.9),
      p99: quantile(0.99),
      most
    }),
    binsAt: (bounds) => {
      const counts = bounds.map(() => 0)
      for (const step of steps.values()) {
        const place = bounds.findLastIndex((from) => step.least >= from)
        counts[Math.max(0, place)] = (counts[Math.max(0, place)] ?? 0) + step.count
      }
      return bounds.map((from, place) => ({ from, below: bounds[place + 1] ?? null, count: counts[place] ?? 0 }))
    }
  }
}

/** A figure that spreads over fewer doublings than this is counted in ranges of one width. */
const fewestDoublings = 6
/** The most ranges of one width. */
const mostRanges = 10
const widths = [1, 2, 5, 10]

/**
 * Returns where ranges begin that show how a figure is spread: each twice as wide as the one before where it spreads
 * wide, and all of one round width elsewhere. What is beyond 99 percent of the rows is in the last range.
 */
export const boundsFor = ({ least, p99 }: Quantiles): ReadonlyArray<number> => {
  const doublings = Math.log2(Math.max(1, p99)) - Math.log2(Math.max(1, least))
  if (doublings >= fewestDoublings) {
    const first = least < 1 ? 0 : 2 ** Math.floor(Math.log2(least))
    const bounds = [first]
    for (let from = Math.max(1, first * 2); from <= p99; from *= 2) bounds.push(from)
    return bounds
  }
  const power = 10 ** Math.floor(Math.log10(Math.max(1, (p99 - least) / mostRanges)))
  const width = power * (widths.find((times) => (p99 - least) / (power * times) < mostRanges) ?? 10)
  const first = Math.floor(least / width) * width
  return Array.from({ length: Math.floor((p99 - first) / width) + 1 }, (_, place) => first + place * width)
}
