/** results.json: all that an evaluation found, so that a later one, or a script, can go by it. */
import * as Schema from "effect/Schema"
import type { ModelIdentity } from "../../services/Completer.ts"
import type { Ledger } from "../../services/rows/ledger.ts"
import type { AskSettings } from "./ask-row.ts"
import { type EvaluationMeasure, evaluationMeasureNames } from "./measures.ts"
import type { ComparedRow, EvaluationFigures } from "./tabulate.ts"

/** What an evaluation found. */
export interface Evaluation {
  readonly version: string
  /** The model that is judged comes first. */
  readonly models: ReadonlyArray<{ readonly name: string; readonly identity: ModelIdentity }>
  readonly verdict: string
  readonly figures: EvaluationFigures
  readonly rows: ReadonlyArray<ComparedRow>
  readonly ledger: Ledger
  readonly settings: AskSettings
}

const Scores = Schema.Record({ key: Schema.String, value: Schema.Number })

/** A row of results.json, as a later run reads it. */
const ResultRow = Schema.Struct({ id: Schema.String, group: Schema.String, scores: Schema.Array(Scores) })

/** What a later run reads of results.json. */
export const EarlierResults = Schema.Struct({
  models: Schema.NonEmptyArray(Schema.Struct({ name: Schema.String })),
  rows: Schema.Array(ResultRow)
})
export type EarlierResults = typeof EarlierResults.Type

/** Returns the text of results.json. Nothing of it depends on the order in which answers came. */
export const renderResults = (evaluation: Evaluation): string => {
  const { figures, ledger, models, rows, settings, verdict, version } = evaluation
  return `${
    JSON.stringify(
      {
        retrace: version,
        verdict,
        models: models.map(({ identity, name }, place) => ({ name, identity, ...figures.models[place] })),
        headline: figures.headline,
        count: { rows: figures.rows, groups: figures.groups },
        comparison: models.length < 2 ? null : { ...figures.comparison, mcnemar: figures.mcnemar },
        noiseFloor: figures.floor,
        measures: Object.fromEntries(
          figures.measures.map(({ measure, means, rows }) => [measure, { rows, means }])
        ),
        slices: figures.slices.map(({ groups, means, name, rows, slice, verdict }) => ({
          slice,
          name,
          rows,
          groups,
          means,
          verdict: verdict?._tag ?? null
        })),
        leftOut: ledger,
        settings,
        rows: rows.map(({ answers, group, row, scored }) => ({
          id: row.id,
          place: row.place,
          group,
          scores: scored.map(({ scores }) => scores),
          answers: answers.map(({ text }) => text)
        }))
      },
      null,
      1
    )
  }\n`
}

/** The means of the judged model, by the names of the measures. */
export const meansOfFirst = (figures: EvaluationFigures): ReadonlyMap<EvaluationMeasure, number> =>
  new Map(
    evaluationMeasureNames.flatMap((name) => {
      const mean = figures.measures.find(({ measure }) => measure === name)?.means[0]
      return mean === undefined ? [] : [[name, mean] as const]
    })
  )
