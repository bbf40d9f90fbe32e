/** vim-loop as a function. */
import { resolve } from "node:path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import packageJson from "../../package.json" with { type: "json" }
import { type OutputFormat, plainOutput } from "../../services/formats/output-format.ts"
import { gatherEdits } from "../vim-loop/gather.ts"
import { type PredictorChoices, resolvePredictor } from "../vim-loop/predictors.ts"
import { readExamples } from "../vim-loop/read-rows.ts"
import { type EditChoices, resolveInput, resolveSettings } from "../vim-loop/request.ts"
import type { RoundReport } from "../vim-loop/rounds.ts"
import { requestOf, vimLoop as runVimLoop, type VimLoopOutcome } from "../vim-loop/run.ts"
import { layersOf, settle } from "./running.ts"
import { sandboxOf, type VimOptions } from "./vim.ts"

export interface VimLoopOptions extends EditChoices, PredictorChoices, VimOptions {
  /** Folder for the dataset; "./vim-dataset" when left out. */
  readonly output?: string
  /** Path of solved edits that a model is shown from the first round on. */
  readonly examplesFrom?: string
  /** JSON Lines or Parquet, whole or in shards; one file of JSON Lines for each table when left out. */
  readonly outputFormat?: OutputFormat
  readonly resume?: boolean
  readonly overwrite?: boolean
  readonly signal?: AbortSignal
  /** Called at the end of each round. */
  readonly onRound?: (report: RoundReport) => void
}

/** Builds a dataset of verified keystrokes. Rejects with the tagged error whose `message` says what to do. */
export const vimLoop = (options: VimLoopOptions): Promise<VimLoopOutcome> =>
  settle(
    Effect.gen(function*() {
      const settings = yield* resolveSettings(options)
      const gathered = yield* gatherEdits(yield* resolveInput(options), settings, () => Effect.void)
      const predictor = yield* resolvePredictor(options, gathered.candidates)
      const { examples } = options.examplesFrom === undefined
        ? { examples: [] }
        : yield* readExamples(options.examplesFrom)
      const request = requestOf(settings, predictor, {
        examples,
        output: resolve(options.output ?? "./vim-dataset"),
        resume: options.resume ?? false,
        overwrite: options.overwrite ?? false,
        version: packageJson.version,
        format: options.outputFormat ?? plainOutput
      })
      return yield* runVimLoop(request, gathered, {
        onTurn: () => Effect.void,
        onRound: (report) => Effect.sync(() => options.onRound?.(report))
      }).pipe(
        Effect.provide(
          Layer.merge(predictor.layer, sandboxOf(options))
        )
      )
    }).pipe(Effect.provide(layersOf(options))),
    options.signal
  )
