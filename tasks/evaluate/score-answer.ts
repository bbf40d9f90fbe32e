/** What one answer is worth, measure by measure. All scores go from 0 to 1; which way is better is part of the measure. */
import { isFirstLineRight, prefixShare } from "../../services/measures/infill/acceptance.ts"
import { editSimilarity } from "../../services/measures/infill/edit-similarity.ts"
import { isExact } from "../../services/measures/infill/exact-match.ts"
import { identifierF1 } from "../../services/measures/infill/identifiers.ts"
import { cutToGoldLines } from "../../services/measures/infill/line-cut.ts"
import { isParsedAsWell } from "../../services/measures/infill/parses.ts"
import { type Stopping, stoppingOf } from "../../services/measures/infill/stopping.ts"
import { deltaChrf } from "../../services/measures/next-edit/delta-chrf.ts"
import { exactLines } from "../../services/measures/next-edit/exact-lines.ts"
import { reversal } from "../../services/measures/next-edit/reversal.ts"
import { lineDiff } from "../../services/text/diff.ts"
import { isOverlapping } from "../../services/text/span.ts"
import type { EvaluationMeasure } from "./measures.ts"
import type { AskedGap, TestRow } from "./test-row.ts"

/** What an answer is worth; a measure that says nothing of it is left out. */
export interface ScoredAnswer {
  readonly scores: Readonly<Partial<Record<EvaluationMeasure, number>>>
  /** Where a gap's answer stopped; null for other answers. */
  readonly stopping: Stopping | null
}

/** An answer as it is scored: one that the limit of tokens cut off is never exact. */
export interface GivenAnswer {
  readonly text: string
  readonly isCutOff: boolean
}

/** Returns how many errors the syntax of a text has; undefined where nothing tells. */
export type CountErrors = (language: string, text: string) => number | undefined

/** Scores an answer to a row. */
export const scoreAnswer = (row: TestRow, answer: GivenAnswer, countErrors: CountErrors): ScoredAnswer =>
  row.goal._tag === "edit"
    ? scoreEdit(row.goal, answer)
    : scoreGap({ ...row, gap: row.goal.gap }, answer, countErrors)

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

const scoreEdit = (
  { apply, before, original, wanted }: Extract<TestRow["goal"], { readonly _tag: "edit" }>,
  { isCutOff, text }: GivenAnswer
): ScoredAnswer => {
  const actual = apply(text)
  const isQuietDue = wanted.includes(original)
  if (actual === undefined) {
    return { stopping: null, scores: { readable: 0, exact: 0, "delta-chrf": 0, ...(isQuietDue ? { quiet: 0 } : {}) } }
  }
  // Of several right edits, the answer is held against the one that it is most like.
  const [best, likeness] = bestOf(wanted.map((each) => [each, deltaChrf(original, each, actual)]))
  const { precision, recall } = exactLines(original, best, actual)
  return {
    stopping: null,
    scores: {
      readable: 1,
      exact: toScore(!isCutOff && wanted.includes(actual)),
      "delta-chrf": likeness / 100,
      "exact-lines": precision + recall === 0 ? 0 : 2 * precision * recall / (precision + recall),
      ...(isQuietDue
        ? { quiet: toScore(actual === original) }
        : { elsewhere: toScore(isElsewhere(original, best, actual)) }),
      ...(before === null || actual === original ? {} : { reversal: reversal(before, original, actual) })
    }
  }
}

const bestOf = (rated: ReadonlyArray<readonly [text: string, score: number]>): readonly [string, number] =>
  rated.reduce((best, one) => (one[1] > best[1] ? one : best), rated[0] ?? ["", 0])

/** Whether something was changed, and none of it where something should be. */
const isElsewhere = (original: string, wanted: string, actual: string): boolean => {
  // Lines that come in without any going touch the place between two others.
  const placesOf = (after: string) =>
    lineDiff(original, after).map(({ old }) => ({ start: old.start, end: Math.max(old.end, old.start + 1) }))
  const [due, done] = [placesOf(wanted), placesOf(actual)]
  return done.length > 0 && !done.some((place) => due.some((other) => isOverlapping(place, other)))
}
