/** All sets of rows to judge a model by. To add one, write its file beside these, and name it in this list. */
import { type Fields, isFields } from "../rows/fields.ts"
import { crossCodeEval } from "./cross-code-eval.ts"
import { humanEvalInfilling } from "./human-eval-infilling.ts"
import { ownRows } from "./own-rows.ts"
import { realFimEval } from "./real-fim-eval.ts"
import { repoBench } from "./repo-bench.ts"
import { type EvaluationRow, type EvaluationSet, type NoEvaluationRow, noEvaluationRow } from "./row.ts"
import { safim } from "./safim.ts"
import { santacoderFim } from "./santacoder-fim.ts"

/**
 * The sets in the order in which they are tried: santacoder-fim has no field that others lack, and our own rows are told
 * by their shape alone.
 */
export const evaluationSets: ReadonlyArray<EvaluationSet> = [
  crossCodeEval,
  repoBench,
  safim,
  humanEvalInfilling,
  realFimEval,
  santacoderFim,
  ownRows
]

/** Returns the set that a row belongs to by its fields, or undefined. */
export const evaluationSetOf = (row: Fields): EvaluationSet | undefined => evaluationSets.find((set) => set.is(row))

/** Reads a parsed row of any of the sets. */
export const readEvaluationRow = (row: unknown): EvaluationRow | NoEvaluationRow => {
  const set = isFields(row) ? evaluationSetOf(row) : undefined
  return set === undefined || !isFields(row) ? noEvaluationRow("a row of no set that we know") : set.read(row)
}
