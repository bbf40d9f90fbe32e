/** What the command does once its flags are read. Loaded then, so that `--help` does not wait for it. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { lazyLayer } from "../shared/lazy-layer.ts"
import { readers } from "../shared/readers.ts"
import type { ReportAnswers } from "./asked.ts"
import { printScores } from "./print-scores.ts"
import { writeReport } from "./write-report.ts"

export const handle = (answers: ReportAnswers) =>
  Effect.suspend(() => run(answers)).pipe(
    Effect.provide(
      Layer.merge(readers, lazyLayer(async () => (await import("../../layers/parser/TreeSitterParser.ts")).layer))
    )
  )

const run = Effect.fnUntraced(function*(answers: ReportAnswers) {
  if (answers.score) yield* printScores(answers)
  else yield* writeReport(answers)
})
