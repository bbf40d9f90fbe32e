/** What the command does once its flags are read. Loaded then, so that `--help` does not wait for it. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { lazyLayer } from "../shared/lazy-layer.ts"
import { makeProgress } from "../shared/progress.ts"
import { readers } from "../shared/readers.ts"
import type { EvaluateAnswers } from "./asked.ts"
import { runEvaluation } from "./run.ts"

export const handle = (answers: EvaluateAnswers) =>
  Effect.flatMap(makeProgress(answers.quiet), (progress) => runEvaluation(answers, progress)).pipe(
    Effect.scoped,
    Effect.provide(
      Layer.merge(readers, lazyLayer(async () => (await import("../../layers/parser/TreeSitterParser.ts")).layer))
    )
  )
