/** Answers become settings and an input; what no single question can check is checked here. */
import * as Effect from "effect/Effect"
import { type AnswersTo, settingsIn } from "../shared/asked/asked.ts"
import { WrongUsage } from "../shared/problems.ts"
import { asked } from "./asked.ts"
import type { VimLoopInput } from "./gather.ts"
import type { VimLoopSettings } from "./settings.ts"

export type VimLoopAnswers = AnswersTo<typeof asked>

/** Larger files are no edits that anybody types. */
const maxFileBytes = 1024 * 1024

export const vimLoopSettingsOf = (answers: VimLoopAnswers): VimLoopSettings => ({
  maxLines: answers.maxLines,
  maxChars: answers.maxChars,
  maxNesting: answers.maxNesting,
  maxEdits: answers.maxEdits ?? null,
  rounds: answers.rounds,
  candidates: answers.count,
  examples: answers.examples,
  nearMisses: answers.nearMisses,
  tokenBudget: answers.tokenBudget ?? null,
  vimOptions: answers.vimOptions,
  seed: answers.seed,
  split: answers.split
})

/** What was asked of the rows, by flag: the settings in metadata. */
export const recordedOf = (answers: VimLoopAnswers): Readonly<Record<string, unknown>> => settingsIn(asked, answers)

/** Where edits come from. */
export const inputOf = Effect.fnUntraced(function*(answers: VimLoopAnswers) {
  const { languages, pairs, repositories: locations } = answers
  if (pairs !== undefined) {
    if (locations.length > 0) {
      return yield* new WrongUsage({ detail: "Cannot read from two places: pass only one of --repo and --pairs" })
    }
    const input: VimLoopInput = { _tag: "pairs", path: pairs }
    return input
  }
  if (locations.length === 0) {
    return yield* new WrongUsage({ detail: "Cannot start without edits: pass --repo <path or URL> or --pairs <file>" })
  }
  const input: VimLoopInput = {
    _tag: "history",
    locations,
    history: {
      rev: answers.rev,
      maxCommits: answers.maxCommits,
      startDate: answers.startDate ?? null,
      endDate: answers.endDate ?? null,
      extensions: null,
      languages: languages.length === 0 ? null : languages,
      qualityFilter: true,
      testedOnly: false,
      maxFileBytes,
      maxFiles: answers.maxFiles,
      seed: answers.seed,
      split: answers.split,
      groupBy: "file",
      testAfter: null
    }
  }
  return input
})
