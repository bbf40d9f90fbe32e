/** From answers to figures: what each model scores, what one gains over the other, and by what rows differ. */
import { perplexityOfCharacter } from "../../services/measures/infill/perplexity.ts"
import { countCharacters } from "../../services/measures/infill/characters.ts"
import type { Stopping } from "../../services/measures/infill/stopping.ts"
import { compare, type Comparison } from "../../services/statistics/comparison.ts"
import { coarserGroups } from "../../services/statistics/group-sums.ts"
import { mcnemar } from "../../services/statistics/mcnemar.ts"
import { type NoiseFloor, noiseFloorOf } from "../../services/statistics/noise-floor.ts"
import { type ModelVerdict, verdictOn, verdictsOn } from "../../services/statistics/verdict.ts"
import { countLines } from "../../services/text/span.ts"
import type { ModelRowAnswer } from "./ask-rows.ts"
import { type EvaluationMeasure, evaluationMeasureNames } from "./measures.ts"
import type { ScoredAnswer } from "./scored-answer.ts"
import type { TestRow } from "./test-row.ts"

/** A row that every model answered, with what each answer is worth. */
export interface ComparedRow {
  readonly row: TestRow
  readonly group: string
  /** By model, in their order: the one that is judged comes first. */
  readonly answers: ReadonlyArray<Extract<ModelRowAnswer, { readonly _tag: "answered" }>>
  readonly scored: ReadonlyArray<ScoredAnswer>
}

/** A measure of all rows that it says something of, model by model. */
export interface MeasureFigures {
  readonly measure: EvaluationMeasure
  readonly rows: number
  readonly means: ReadonlyArray<number>
  /** What the first model gains over the second; over a score of 0 where there is no second. */
  readonly comparison: Comparison
}

/** Rows that have something in common, of those that the headline says something of. */
export interface SliceFigures {
  readonly slice: string
  readonly name: string
  readonly rows: number
  readonly groups: number
  readonly means: ReadonlyArray<number>
  /** By Holm's correction over all slices; null for one model. */
  readonly verdict: ModelVerdict | null
}

/** The median and two rarer cases, in milliseconds. */
export interface Percentiles {
  readonly p50: number
  readonly p90: number
  readonly p99: number
}

/** What one model did. */
export interface ModelFigures {
  readonly stops: Readonly<Partial<Record<Stopping, number>>>
  readonly cutOff: number
  readonly total: Percentiles | null
  readonly first: Percentiles | null
  /** A character of the right answers; null where the server cannot say. */
  readonly perplexity: number | null
}

/** All figures of an evaluation. */
export interface EvaluationFigures {
  readonly rows: number
  readonly groups: number
  readonly headline: EvaluationMeasure
  readonly measures: ReadonlyArray<MeasureFigures>
  /** On the headline; as in the figures of its measure. */
  readonly comparison: Comparison
  readonly slices: ReadonlyArray<SliceFigures>
  readonly models: ReadonlyArray<ModelFigures>
  /** On the headline; null for one model. */
  readonly verdict: ModelVerdict | null
  /** McNemar's exact test on the headline, which takes rows to be independent; null for one model. */
  readonly mcnemar: number | null
  /** What asking the same model twice shows on the headline; null where nobody did. */
  readonly floor: NoiseFloor | null
}

/** Returns the names of the groups that rows belong to: by files or by commits, whichever are fewer; else each alone. */
export const groupsOf = (rows: ReadonlyArray<TestRow>): ReadonlyArray<string> => {
  const named = coarserGroups(rows.map(({ group }) => group), rows.map(({ commit }) => commit))
  return named.map((name, at) => (name === "" ? rows[at]?.place ?? "" : name))
}

/** Makes all figures. `again` are the scores of the first model asked once more. */
export const tabulate = (
  rows: ReadonlyArray<ComparedRow>,
  headline: EvaluationMeasure,
  seed: number,
  again: ReadonlyArray<ScoredAnswer> | null
): EvaluationFigures => {
  const count = rows[0]?.scored.length ?? 0
  const own = compareOn(rows, headline, seed)
  const slices = slicesOf(rowsWith(rows, headline))
  const comparisons = slices.map(({ rows: part }) => compareOn(part, headline, seed))
  const judged = count < 2 ? [] : verdictsOn(comparisons)
  return {
    rows: rows.length,
    groups: new Set(rows.map(({ group }) => group)).size,
    headline,
    comparison: own,
    measures: evaluationMeasureNames.flatMap((measure) => {
      const told = rowsWith(rows, measure)
      return told.length === 0 ? [] : [{
        measure,
        rows: told.length,
        means: meansOf(told, measure),
        comparison: compareOn(told, measure, seed)
      }]
    }),
    slices: slices.map(({ name, rows: part, slice }, at) => ({
      slice,
      name,
      rows: part.length,
      groups: new Set(part.map(({ group }) => group)).size,
      means: meansOf(part, headline),
      verdict: judged[at] ?? null
    })),
    models: Array.from({ length: count }, (_, place) => figuresOf(rows, place)),
    verdict: count < 2 ? null : verdictOn(own),
    mcnemar: count < 2 ? null : mcnemar(own.discordance),
    floor: again === null ? null : floorOf(rows, headline, again)
  }
}

const floorOf = (
  rows: ReadonlyArray<ComparedRow>,
  headline: EvaluationMeasure,
  again: ReadonlyArray<ScoredAnswer>
): NoiseFloor => {
  const pairs = rows.flatMap(({ scored }, at): ReadonlyArray<readonly [number, number]> => {
    const [first, second] = [scored[0]?.scores[headline], again[at]?.scores[headline]]
    return first === undefined || second === undefined ? [] : [[first, second]]
  })
  return noiseFloorOf(pairs.map(([first]) => first), pairs.map(([, second]) => second))
}

/** Returns the rows that a measure says something of. */
export const rowsWith = (rows: ReadonlyArray<ComparedRow>, measure: EvaluationMeasure): ReadonlyArray<ComparedRow> =>
  rows.filter(({ scored }) => scored.every(({ scores }) => scores[measure] !== undefined))

const meansOf = (rows: ReadonlyArray<ComparedRow>, measure: EvaluationMeasure): ReadonlyArray<number> =>
  Array.from(
    { length: rows[0]?.scored.length ?? 0 },
    (_, place) => rows.reduce((sum, { scored }) => sum + (scored[place]?.scores[measure] ?? 0), 0) / rows.length
  )

/** What the first model gains over the second, or scores where there is none. */
const compareOn = (rows: ReadonlyArray<ComparedRow>, measure: EvaluationMeasure, seed: number): Comparison =>
  compare(
    rowsWith(rows, measure).map(({ group, scored: [after, before] }) => ({
      group,
      after: after?.scores[measure] ?? 0,
      before: before?.scores[measure] ?? 0
    })),
    { seed, range: [(rows[0]?.scored.length ?? 0) < 2 ? 0 : -1, 1] }
  )

const lengthSlice = "length of the right answer"
const lengths: ReadonlyArray<readonly [upTo: number, name: string]> = [
  [1, "1 line"],
  [3, "2 to 3 lines"],
  [10, "4 to 10 lines"],
  [Infinity, "more than 10 lines"]
]

/** By what rows are told apart, and the name of each row there; "" for a row that does not belong. */
const slicings: ReadonlyArray<readonly [slice: string, nameOf: (row: TestRow) => string]> = [
  ["language", ({ language }) => language],
  ["kind", ({ kind }) => kind],
  ["format", ({ format }) => format],
  [lengthSlice, ({ gold }) => {
    const lines = countLines(gold.trim())
    return lengths.find(([upTo]) => lines <= upTo)?.[1] ?? ""
  }],
  ["code from other files", ({ contextChars }) => (contextChars > 0 ? "with" : "without")],
  ["the answer stands in", ({ shownIn }) => shownIn],
  ["in the rows to train on", ({ trained }) => trained ?? ""],
  ["the model's cutoff", ({ isAfterCutoff }) => isAfterCutoff === null ? "" : isAfterCutoff ? "after it" : "before it"]
]

const slicesOf = (rows: ReadonlyArray<ComparedRow>) =>
  slicings.flatMap(([slice, nameOf]) => {
    const parts = new Map<string, Array<ComparedRow>>()
    for (const compared of rows) {
      const name = nameOf(compared.row)
      const part = parts.get(name)
      if (part === undefined) parts.set(name, [compared])
      else part.push(compared)
    }
    parts.delete("")
    // A slice that is the whole set tells nothing new.
    // What has most rows comes first; lengths have an order of their own.
    const rankOf = ([name, part]: readonly [string, ReadonlyArray<ComparedRow>]) =>
      slice === lengthSlice ? lengths.findIndex(([, each]) => each === name) : -part.length
    return parts.size < 2 ? [] : [...parts].toSorted((a, b) => rankOf(a) - rankOf(b))
      .map(([name, part]) => ({ slice, name, rows: part }))
  })

const figuresOf = (rows: ReadonlyArray<ComparedRow>, place: number): ModelFigures => {
  const stops: Partial<Record<Stopping, number>> = {}
  const answers = rows.flatMap(({ answers }) => answers[place] ?? [])
  for (const { scored } of rows) {
    const stopping = scored[place]?.stopping ?? null
    if (stopping !== null) stops[stopping] = (stops[stopping] ?? 0) + 1
  }
  const told = rows.filter(({ answers }) => (answers[place]?.logProbability ?? null) !== null)
  const sum = told.reduce((total, { answers }) => total + (answers[place]?.logProbability ?? 0), 0)
  return {
    stops,
    cutOff: answers.filter(({ isCutOff }) => isCutOff).length,
    total: percentilesOf(answers.map(({ millis }) => millis)),
    first: percentilesOf(answers.flatMap(({ firstMillis }) => firstMillis ?? [])),
    perplexity: perplexityOfCharacter(sum, told.reduce((total, { row }) => total + countCharacters(row.gold), 0))
  }
}

/** Answers that took no time came out of a file. */
const percentilesOf = (millis: ReadonlyArray<number>): Percentiles | null => {
  const sorted = millis.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return sorted.every((time) => time === 0) ? null : { p50: at(0.5), p90: at(0.9), p99: at(0.99) }
}
