/**
 * SAFIM: blocks, conditions and calls that were taken out of programs (Gong et al. 2024, gonglinyuan/safim). Its answers
 * are judged by running their programs, so that rows are read here and not written.
 */
import { type EvaluationSet, noEvaluationRow, unknownOrigin } from "./row.ts"
import { hasTexts, languageTold, programGroup, toldIn } from "./told.ts"

const gap = "{{completion}}"

/** The set. Gaps of one program are a group. */
export const safim: EvaluationSet = {
  name: "safim",
  is: (row) => hasTexts(row, ["eval_prompt", "ground_truth"]),
  read: (row) => {
    const program = toldIn(row, "eval_prompt")
    const at = program.indexOf(gap)
    if (at === -1) return noEvaluationRow(`no ${gap} in the program`)
    const [prefix, suffix, gold] = [program.slice(0, at), program.slice(at + gap.length), toldIn(row, "ground_truth")]
    const id = toldIn(row, "task_id")
    return {
      ...unknownOrigin,
      _tag: "infill",
      id,
      language: languageTold(toldIn(row, "lang"), ""),
      group: programGroup(prefix, gold, suffix),
      kind: /^[a-z]+/.exec(id)?.[0] ?? "",
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
