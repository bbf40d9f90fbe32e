/** vim-loop as a function. */
import { resolve } from "node:path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import packageJson from "../../package.json" with { type: "json" }
import { answersChosen } from "../shared/asked/read.ts"
import { outputFormatOf } from "../shared/output-format.ts"
import { asked } from "../vim-loop/asked.ts"
import { gatherEdits } from "../vim-loop/gather.ts"
import { checkPredictor, resolvePredictor } from "../vim-loop/predictors.ts"
import { readExamples } from "../vim-loop/read-rows.ts"
import { inputOf, recordedOf, vimLoopSettingsOf } from "../vim-loop/request.ts"
import type { RoundReport } from "../vim-loop/rounds.ts"
import { runVimLoop, type VimLoopOutcome, vimLoopRequestOf } from "../vim-loop/run.ts"
import { flatOutput, type OptionsOf } from "./options.ts"
import { layersOf, settle } from "./running.ts"
import { sandboxOf, type VimOptions } from "./vim.ts"

/** What vim-loop can be asked, what confines its Vim, and where it tells how far it is. */
export type VimLoopOptions = OptionsOf<typeof asked> & VimOptions & {
  /** With chat: the server's key. */
  readonly apiKey?: Redacted.Redacted | undefined
  readonly signal?: AbortSignal
  /** Called at the end of each round. */
  readonly onRound?: (report: RoundReport) => void
}

/** Builds a dataset of verified keystrokes. Rejects with the tagged error whose `message` says what to do. */
export const vimLoop = (options: VimLoopOptions): Promise<VimLoopOutcome> =>
  settle(
    Effect.gen(function*() {
      const answers = yield* answersChosen(asked, flatOutput(options))
      const settings = vimLoopSettingsOf(answers)
      const input = yield* inputOf(answers)
      yield* checkPredictor(answers)
      const gathered = yield* gatherEdits(input, settings, () => Effect.void)
      const predictor = yield* resolvePredictor(answers, options.apiKey, gathered.candidates)
      const { examples } = answers.examplesFrom === undefined
        ? { examples: [] }
        : yield* readExamples(answers.examplesFrom)
      const request = vimLoopRequestOf(settings, predictor, {
        examples,
        recorded: recordedOf(answers),
        output: resolve(answers.output),
        resume: answers.resume,
        overwrite: answers.overwrite,
        version: packageJson.version,
        format: outputFormatOf(answers)
      })
      return yield* runVimLoop(request, gathered, {
        onRun: () => Effect.void,
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
