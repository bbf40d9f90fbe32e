/** What the command does once its flags are read. Loaded then, so that `--help` does not wait for it. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { lazyLayer } from "../shared/lazy-layer.ts"
import { WrongUsage } from "../shared/problems.ts"
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
  if (!answers.score && answers.json) {
    return yield* new WrongUsage({ detail: "Cannot use --json without --score: it prints the measures" })
  }
  if (!answers.score && answers.against !== undefined) {
    return yield* new WrongUsage({ detail: "Cannot use --against without --score: it sets the measures side by side" })
  }
  if (answers.score) yield* printScores(answers)
  else yield* writeReport(answers)
})
