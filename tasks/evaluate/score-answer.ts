/** What one answer is worth, measure by measure. All scores go from 0 to 1; which way is better is part of the measure. */
import { isFirstLineRight, prefixShare } from "../../services/measures/infill/acceptance.ts"
import { editSimilarity } from "../../services/measures/infill/edit-similarity.ts"
import { isExact } from "../../services/measures/infill/exact-match.ts"
import { identifierF1 } from "../../services/measures/infill/identifiers.ts"
import { cutToGoldLines } from "../../services/measures/infill/line-cut.ts"
import { isParsedAsWell } from "../../services/measures/infill/parses.ts"
import { stoppingOf } from "../../services/measures/infill/stopping.ts"
import { scoreEdit } from "../../services/measures/next-edit/edit-score.ts"
import type { EvaluationMeasure } from "./measures.ts"
import { scoreKeystrokes, type TrialOf } from "./score-keystrokes.ts"
import type { GivenAnswer, ScoredAnswer } from "./scored-answer.ts"
import { type AskedGap, type TestRow, visibleAfter } from "./test-row.ts"

/** Returns how many errors the syntax of a text has; undefined where nothing tells. */
export type CountErrors = (language: string, text: string) => number | undefined

/** What else scores an answer than its text. */
export interface Judges {
  readonly countErrors: CountErrors
  readonly trialOf: TrialOf
}

/** Scores an answer to a row. */
export const scoreAnswer = (row: TestRow, answer: GivenAnswer, { countErrors, trialOf }: Judges): ScoredAnswer => {
  switch (row.goal._tag) {
    case "keystrokes":
      return scoreKeystrokes(row.goal, answer, trialOf(row, answer.text))
    case "edit":
      return scoreEditOf(row.goal, answer)
    case "gap":
      return scoreGap({ ...row, gap: row.goal.gap }, answer, countErrors)
  }
}

/** Returns whether a measure says something of the answers to a row: it does so of the right one. */
export const isMeasured = (row: TestRow, measure: EvaluationMeasure, countErrors: CountErrors): boolean =>
  scoreAnswer(row, { text: row.gold, isCutOff: false }, { countErrors, trialOf: () => null }).scores[measure] !==
    undefined

const toScore = (isRight: boolean): number => (isRight ? 1 : 0)

const scoreGap = (
  row: TestRow & { readonly gap: AskedGap },
  { isCutOff, text }: GivenAnswer,
  countErrors: CountErrors
): ScoredAnswer => {
  const { gap, gold, language } = row
  const common = {
    exact: toScore(!isCutOff && isExact(gold, text)),
    similarity: editSimilarity(gold, text) / 100,
    "first-line": toScore(isFirstLineRight(gold, text)),
    prefix: prefixShare(gold, text),
    identifiers: identifierF1(gold, text, language),
    "exact-cut": toScore(isExact(gold, cutToGoldLines(gold, text)))
  }
  const parses = parsesAsWell(row, text, countErrors)
  return {
    scores: parses === undefined ? common : { ...common, parses: toScore(parses) },
    stopping: stoppingOf(gold, text, gap.suffix)
  }
}

const parsesAsWell = (
  { gap, gold, isWhole, language }: TestRow & { readonly gap: AskedGap },
  answer: string,
  countErrors: CountErrors
) => {
  if (!isWhole) return undefined
  let isKnown = true
  const count = (text: string): number => {
    const errors = countErrors(language, text)
    if (errors === undefined) isKnown = false
    return errors ?? 0
  }
  const isRight = isParsedAsWell(gap, gold, answer, count)
  return isKnown ? isRight : undefined
}

/**
 * An answer that is no edit is worth nothing, and does no harm. It counts in every measure, since a model would be judged by
 * its best rows alone otherwise.
 */
const scoresOfUnreadable = { readable: 0, exact: 0, "delta-chrf": 0, "exact-lines": 0, reversal: 0 }

const scoreEditOf = (
  { read, shown, wanted }: Extract<TestRow["goal"], { readonly _tag: "edit" }>,
  { isCutOff, text }: GivenAnswer
): ScoredAnswer => {
  const given = read(text)
  const isQuietDue = wanted.some(({ _tag }) => _tag === "no edit")
  if (given === undefined) {
    return {
      stopping: null,
      scores: isQuietDue ? { ...scoresOfUnreadable, quiet: 0 } : { ...scoresOfUnreadable, far: 0 }
    }
  }
  // Of several right edits, the answer is held against the one that it is most like.
  const [first, ...others] = wanted
  const score = others.map((each) => scoreEdit(shown, each, given)).reduce(
    (best, one) => (one.deltaChrf > best.deltaChrf ? one : best),
    scoreEdit(shown, first, given)
  )
  const after = visibleAfter(shown, given)
  const { lines: { precision, recall } } = score
  return {
    stopping: null,
    scores: {
      readable: 1,
      exact: toScore(!isCutOff && wanted.some((each) => visibleAfter(shown, each) === after)),
      "delta-chrf": score.deltaChrf / 100,
      "exact-lines": precision + recall === 0 ? 0 : 2 * precision * recall / (precision + recall),
      ...(isQuietDue ? { quiet: toScore(score.isQuiet) } : { far: toScore(score.isFar) }),
      reversal: toScore(score.isReversal)
    }
  }
}
