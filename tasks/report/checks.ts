/** What of a type of rows is held against a threshold. */
import { measureFacts } from "../../services/measures/limits.ts"
import { type Measure, measures } from "../../services/measures/score.ts"
import type { Limit } from "./limit.ts"
import { addUp, rowsIn, type SurveyedType } from "./survey.ts"
import { percent } from "./wording.ts"

/** A share of rows, and whether it is within its threshold. */
export interface Check {
  readonly name: string
  /** Ends the sentence "a row counts when …". */
  readonly counts: string
  readonly hit: number
  readonly of: number
  /** The threshold in words, such as "at most 5 %". */
  readonly limit: string
  readonly holds: boolean
  /** Where the first row stands that counts, or "". */
  readonly example: string
}

/** The thresholds of a report: the usual ones, and those that the user names in their place. */
export const limitsWith = (named: ReadonlyArray<Limit>): Readonly<Record<Measure, number>> => {
  const limitOf = (measure: Measure) =>
    named.findLast((limit) => limit.measure === measure)?.share ?? measureFacts[measure].limit
  return {
    "test-prompts-in-train": limitOf("test-prompts-in-train"),
    "middles-inside-identifiers": limitOf("middles-inside-identifiers"),
    "negatives-that-are-truncations": limitOf("negatives-that-are-truncations"),
    "negatives-that-equal-the-answer": limitOf("negatives-that-equal-the-answer"),
    "blank-completions": limitOf("blank-completions"),
    "rows-over-token-budget": limitOf("rows-over-token-budget"),
    "parse-errors-after-splicing": limitOf("parse-errors-after-splicing"),
    "near-equal-rows": limitOf("near-equal-rows"),
    "next-edits-outside-the-region": limitOf("next-edits-outside-the-region"),
    "model-tokens-in-next-edits": limitOf("model-tokens-in-next-edits")
  }
}

/** Returns the checks that apply to a type: its balance, what cannot be read, and the measures. */
export const checksOf = (
  type: SurveyedType,
  limits: Readonly<Record<Measure, number>>
): ReadonlyArray<Check> => [
  ...balanceChecks(type),
  ...malformedChecks(type),
  ...measures.flatMap((measure): ReadonlyArray<Check> => {
    const { example, hit, of } = type.scores[measure]
    const limit = limits[measure]
    return of === 0 ? [] : [{
      name: measureFacts[measure].name,
      counts: measureFacts[measure].counts,
      hit,
      of,
      limit: `at most ${percent(limit)}`,
      holds: hit / of <= limit,
      example
    }]
  })
]

/**
 * TRL's documentation of KTO advises between 1 and 4/3 wanted answers for an unwanted one, by weights if need be; as many
 * more of the other kind are no farther from balance.
 */
const mostBalanced = 4 / 7

/** How many rows are labelled as wanted, and how many as unwanted. */
export interface LabelCounts {
  readonly wanted: number
  readonly unwanted: number
}

/** Whether there are about as many wanted answers as unwanted ones. */
export const isBalanced = ({ unwanted, wanted }: LabelCounts): boolean =>
  Math.max(wanted, unwanted) / (wanted + unwanted) <= mostBalanced

/** Counts the labels of a type; null where rows have none. */
export const labelsOf = ({ files }: Pick<SurveyedType, "files">): LabelCounts | null => {
  const { false: unwanted = 0, true: wanted = 0 } = addUp(
    files.map(({ stats }) => stats.fields["label"] ?? stats.fields["kto_tag"] ?? {})
  )
  return wanted + unwanted === 0 ? null : { wanted, unwanted }
}

const balanceChecks = (type: SurveyedType): ReadonlyArray<Check> => {
  const labels = labelsOf(type)
  if (labels === null) return []
  const of = labels.wanted + labels.unwanted
  return [{
    name: "wanted answers",
    counts: "its label says that the answer is wanted",
    hit: labels.wanted,
    of,
    limit: `${percent(1 - mostBalanced)} to ${percent(mostBalanced)}`,
    holds: isBalanced(labels),
    example: ""
  }]
}

const malformedChecks = ({ files }: SurveyedType): ReadonlyArray<Check> => {
  const hit = files.reduce((sum, { stats }) => sum + stats.malformed, 0)
  return hit === 0 ? [] : [{
    name: "rows that cannot be read",
    counts: "it is no JSON object, or too long",
    hit,
    of: rowsIn(files),
    limit: "at most 0 %",
    holds: false,
    example: ""
  }]
}
