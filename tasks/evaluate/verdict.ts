/** What an evaluation says in a sentence. */
import { fewestGroups } from "../../services/statistics/verdict.ts"
import { verdictSentence } from "../../services/statistics/verdict-sentence.ts"
import { countedOf, percent } from "../report/wording.ts"
import { evaluationMeasures } from "./measures.ts"
import type { EvaluationFigures } from "./tabulate.ts"

/** Returns the verdict on a model, against another one or by itself. */
export const sentenceOn = (figures: EvaluationFigures, names: ReadonlyArray<string>): string => {
  const [after = "", before = ""] = names
  const { comparison, headline, verdict } = figures
  const { groups, rows } = comparison
  const measure = evaluationMeasures[headline].says
  if (verdict !== null) return verdictSentence(verdict, { after, before, measure, scale: 100 })
  const basis = `on ${countedOf(rows, "row")} in ${countedOf(groups, "group")}`
  const score = `${after}: ${measure} ${percent(comparison.after)}`
  if (groups < fewestGroups) {
    return `${score} ${basis}; it takes at least ${fewestGroups} groups to say how far chance goes.`
  }
  const [low, high] = comparison.interval
  return `${score} (95 % interval from ${percent(low)} to ${percent(high)}) ${basis}.`
}
