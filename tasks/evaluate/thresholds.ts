/** What a model must hold against: least scores, and an earlier evaluation. */
import { compare } from "../../services/statistics/comparison.ts"
import { fewestGroups, verdictOn } from "../../services/statistics/verdict.ts"
import type { LeastScore } from "./floor.ts"
import type { EarlierResults, Evaluation } from "./results.ts"
import { meansOfFirst } from "./results.ts"
import { percent } from "../report/wording.ts"

/** Returns what a model falls short of, a line each. */
export const shortOf = (
  { figures }: Evaluation,
  least: ReadonlyArray<LeastScore>
): ReadonlyArray<string> => {
  const means = meansOfFirst(figures)
  return least.flatMap(({ least, measure }) => {
    const mean = means.get(measure)
    if (mean === undefined) return [`${measure} says nothing of these rows`]
    return mean < least ? [`${measure} is ${percent(mean)}, below ${percent(least)}`] : []
  })
}

/** What a comparison with earlier results says: how it is worse; "" where it is not; or why nothing can be said. */
export type EarlierVerdict = { readonly _tag: "said"; readonly worse: string } | {
  readonly _tag: "cannot say"
  readonly detail: string
}

/** Compares the first model with the first one of an earlier evaluation, on the rows that both answered. */
export const comparedWithEarlier = (
  { figures: { headline }, rows }: Evaluation,
  earlier: EarlierResults,
  seed: number
): EarlierVerdict => {
  const before = new Map(earlier.rows.map(({ id, scores }) => [id, scores[0]?.[headline]]))
  const pairs = rows.flatMap(({ group, row, scored }) => {
    const [old, now] = [before.get(row.id), scored[0]?.scores[headline]]
    return old === undefined || now === undefined ? [] : [{ group, before: old, after: now }]
  })
  if (pairs.length === 0) return { _tag: "cannot say", detail: `it has no row of these with ${headline}` }
  const verdict = verdictOn(compare(pairs, { seed }))
  if (verdict._tag === "too few groups") {
    return {
      _tag: "cannot say",
      detail: `the ${pairs.length} rows of both are in ${verdict.groups} groups, and it takes at least ${fewestGroups}`
    }
  }
  return {
    _tag: "said",
    worse: verdict._tag === "worse"
      ? `${headline} falls by ${(-verdict.gain * 100).toFixed(1)} points against ${earlier.models[0].name}`
      : ""
  }
}
