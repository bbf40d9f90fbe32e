/** Chooses cuts among candidates: the kind first, by its share, then the place. */
import { drawIndex, type Random } from "../text/random.ts"
import { isOverlapping, lengthOf, type Span } from "../text/span.ts"
import { type Cut, type CutKind, kindShares } from "./cut.ts"
import type { Candidates } from "./candidates.ts"

/** What to choose from, and how many. */
export interface ChoiceRequest {
  readonly candidates: Candidates
  /** What a cut should mostly consist of; null when every place is as good. */
  readonly focus: ReadonlyArray<Span> | null
  readonly count: number
  readonly random: Random
}

/** How much less a cut in a comment weighs; it keeps comments under a tenth of a dataset. */
const commentWeight = 0.25

/** How often a place is drawn for one cut: at first only places that overlap no chosen cut count, then all do. */
const freeDraws = 12
const allDraws = 20

/**
 * Chooses up to `count` cuts, each at most once. One that overlaps a chosen cut is taken only when
 * nothing else comes up. A kind without candidates gives its share to the others.
 */
export const chooseCuts = (request: ChoiceRequest): ReadonlyArray<Cut> => {
  const { candidates, count, focus, random } = request
  const pools = [...candidates].filter(([, cuts]) => cuts.length > 0).map(([kind, cuts]) => poolOf(kind, cuts, focus))
  const shares = pools.map((pool) => kindShares.get(pool.kind) ?? 1)
  const chosen: Array<Cut> = []
  for (let ordinal = 0; ordinal < count; ordinal++) {
    for (let draw = 0; draw < allDraws; draw++) {
      const pool = pools[drawIndex(random, shares) ?? 0]
      if (pool === undefined) return chosen
      const cut = drawFrom(pool, random)
      if (cut === undefined || chosen.includes(cut)) continue
      if (draw < freeDraws && chosen.some((other) => isOverlapping(other.span, cut.span))) continue
      chosen.push(cut)
      break
    }
  }
  return chosen
}

interface CutPool {
  readonly kind: CutKind
  readonly cuts: ReadonlyArray<Cut>
  /** Running sums of the cuts' weights. */
  readonly sums: Float64Array
}

const poolOf = (kind: CutKind, cuts: ReadonlyArray<Cut>, focus: ReadonlyArray<Span> | null): CutPool => {
  const sums = new Float64Array(cuts.length)
  let sum = 0
  for (const [index, cut] of cuts.entries()) {
    sum += weightOf(cut, focus)
    sums[index] = sum
  }
  return { kind, cuts, sums }
}

const drawFrom = (pool: CutPool, random: Random): Cut | undefined => {
  const at = random.next() * (pool.sums[pool.sums.length - 1] ?? 0)
  let low = 0
  let high = pool.sums.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((pool.sums[middle] ?? 0) > at) high = middle
    else low = middle + 1
  }
  return pool.cuts[low]
}

/** Longer cuts are likelier, though not in proportion; with a focus, so are those that consist mostly of it. */
const weightOf = (cut: Cut, focus: ReadonlyArray<Span> | null): number => {
  const length = lengthOf(cut.span)
  const size = Math.sqrt(length) * (cut.isComment ? commentWeight : 1)
  if (focus === null) return size
  let shared = 0
  for (const part of focus) {
    shared += Math.max(0, Math.min(part.end, cut.span.end) - Math.max(part.start, cut.span.start))
  }
  return size * (shared / length)
}
