/** What a model must hold against: least scores, and an earlier evaluation. */
import { compare } from "../../services/statistics/comparison.ts"
import { fewestGroups, verdictOn } from "../../services/statistics/verdict.ts"
import type { LeastScore } from "./floor.ts"
import type { EarlierResults, Evaluation } from "./results.ts"
import { meansOfFirst } from "./results.ts"
import type { EvaluationMeasure } from "./measures.ts"
import { rowsWith } from "./tabulate.ts"
import { countedOf, percent } from "../report/wording.ts"

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

/** The scores of the first model of an earlier evaluation, by what its rows are known by; rows that have none are left out. */
const earlierScores = ({ rows }: EarlierResults, headline: EvaluationMeasure): ReadonlyMap<string, number> =>
  new Map(rows.flatMap(({ id, scores: [first] }) => {
    const score = first?.[headline]
    return score === undefined ? [] : [[id, score] as const]
  }))

/** Returns why rows say nothing against an earlier evaluation, whatever is answered to them; undefined where they may. */
export const tooLittleShared = (
  rows: ReadonlyArray<{ readonly id: string; readonly group: string }>,
  earlier: EarlierResults,
  headline: EvaluationMeasure
): string | undefined => {
  const before = earlierScores(earlier, headline)
  const shared = rows.filter(({ id }) => before.has(id))
  const groups = new Set(shared.map(({ group }) => group)).size
  if (shared.length === 0) return `it has no row of these with ${headline}`
  return groups < fewestGroups
    ? `the ${countedOf(shared.length, "row")} of both are in ${
      countedOf(groups, "group")
    }, and it takes at least ${fewestGroups}`
    : undefined
}

/** Compares the first model with the first one of an earlier evaluation, on the rows that both answered. */
export const comparedWithEarlier = (
  { figures: { headline }, rows }: Evaluation,
  earlier: EarlierResults,
  seed: number
): EarlierVerdict => {
  const told = rowsWith(rows, headline)
  const detail = tooLittleShared(told.map(({ group, row: { id } }) => ({ id, group })), earlier, headline)
  if (detail !== undefined) return { _tag: "cannot say", detail }
  const before = earlierScores(earlier, headline)
  const pairs = told.flatMap(({ group, row, scored }) => {
    const [old, now] = [before.get(row.id), scored[0]?.scores[headline]]
    return old === undefined || now === undefined ? [] : [{ group, before: old, after: now }]
  })
  const verdict = verdictOn(compare(pairs, { seed }))
  return {
    _tag: "said",
    worse: verdict._tag === "worse"
      ? `${headline} falls by ${(-verdict.gain * 100).toFixed(1)} points against ${earlier.models[0].name}`
      : ""
  }
}
