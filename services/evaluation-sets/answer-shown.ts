/** Whether a row shows its own answer, and whether a model may have seen it: slices in which a figure means less. */
import type { EvaluationRow } from "./row.ts"

/** Where an answer can be copied from. */
export interface AnswerShown {
  readonly inPrompt: boolean
  readonly inContext: boolean
}

/** Shorter answers recur by nature. UTF-16 units. */
const tellingLength = 20

/** Returns whether the answer of a gap stands word for word around it, or in other files. An edit's is not looked for. */
export const answerShownIn = (row: EvaluationRow): AnswerShown => {
  const answer = row._tag === "infill" ? row.gold.trim() : ""
  if (row._tag !== "infill" || answer.length < tellingLength) return { inPrompt: false, inContext: false }
  return {
    inPrompt: row.prefix.includes(answer) || row.suffix.includes(answer),
    inContext: row.context.some(({ text }) => text.includes(answer))
  }
}

/**
 * Whether the code of a row is younger than a model, whose training ended at `cutoff`, in ISO 8601 with seconds and "Z";
 * null where the row has no date.
 */
export const isAfterCutoff = ({ date }: EvaluationRow, cutoff: string): boolean | null =>
  date === "" ? null : Date.parse(date) > Date.parse(cutoff)
