/** One look at every file of a folder: figures, columns, samples and scores, row by row. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { makeScorer, type Measure, type Score, type ScoreOptions } from "../../services/measures/score.ts"
import { randomOf } from "../../services/text/random.ts"
import { type NumberedRow, Reader } from "../../services/Reader.ts"
import { type FileStats, makeStats } from "../../services/measures/file-stats.ts"
import type { ViewedFile } from "../shared/row-files.ts"
import { type Feature, featureOfRow, merge } from "../../services/rows/features.ts"
import { sideOfFile } from "../../services/rows/tables.ts"
import type { Side } from "../../services/history/split.ts"

export interface SurveyedFile extends ViewedFile {
  readonly bytes: number
  /** What is trained on, or what is held out. */
  readonly side: Side
  readonly stats: FileStats
  readonly feature: Feature
  /** Some rows, drawn by their place. */
  readonly samples: ReadonlyArray<NumberedRow>
}

export interface Survey {
  readonly files: ReadonlyArray<SurveyedFile>
  readonly scores: Readonly<Record<Measure, Score>>
}

export const survey = Effect.fn("report.survey")(function*(
  files: ReadonlyArray<ViewedFile>,
  samples: number,
  options: ScoreOptions
) {
  const reader = yield* Reader
  const scorer = makeScorer(options)
  const surveyed: Array<SurveyedFile> = []
  for (const { name, path } of files) {
    const side = sideOfFile(name)
    const file = yield* Effect.scoped(Effect.gen(function*() {
      const rows = yield* reader.open(path)
      const stats = makeStats()
      let feature: Feature = { kind: "null" }
      const drawn: Array<NumberedRow> = []
      yield* Stream.runForEach(rows.scan({ from: 0, holding: null }), (batch) =>
        Effect.sync(() => {
          for (const numbered of batch) {
            const { index, row } = numbered
            stats.add(row)
            if (row._tag === "malformed") continue
            feature = merge(feature, featureOfRow(row))
            scorer.add(row.value, side, `${name}:${index + 1}`)
            // Each row takes the place of another with the chance that keeps all equal (reservoir sampling).
            const place = index < samples ? index : randomOf("sample", name, index).below(index + 1)
            if (place < samples) drawn[place] = numbered
          }
        }))
      const whole: SurveyedFile = {
        name,
        path,
        side,
        bytes: rows.bytes,
        feature,
        stats: stats.result(),
        samples: drawn.filter((row) => row !== undefined).toSorted((a, b) => a.index - b.index)
      }
      return whole
    }))
    surveyed.push(file)
  }
  const result: Survey = { files: surveyed, scores: scorer.result() }
  return result
})
