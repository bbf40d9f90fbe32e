/**
 * HumanEval infilling: lines that were taken out of 164 Python functions, thousands of times (Bavarian et al. 2022,
 * openai/human-eval-infilling). Its answers are judged by running their tests, so that rows are read here and not written.
 */
import { type EvaluationSet, unknownOrigin } from "./row.ts"
import { hasTexts, programGroup, toldIn } from "./told.ts"

/** The set. The function is the group: 5,815 rows of it are no more than 164 problems. */
export const humanEvalInfilling: EvaluationSet = {
  name: "humaneval-infilling",
  is: (row) => hasTexts(row, ["task_id", "entry_point", "prompt", "suffix", "canonical_solution", "test"]),
  read: (row) => {
    const [id, prefix, suffix] = [toldIn(row, "task_id"), toldIn(row, "prompt"), toldIn(row, "suffix")]
    const gold = toldIn(row, "canonical_solution")
    return {
      ...unknownOrigin,
      _tag: "infill",
      id,
      language: "python",
      group: /HumanEval\/\d+/.exec(id)?.[0] ?? programGroup(prefix, gold, suffix),
      kind: id.includes("/") ? id.slice(0, id.indexOf("/")) : "",
      prefix,
      suffix,
      gold,
      removed: "",
      context: [],
      prompt: null
    }
  },
  write: null
}
