/** Flags, or the library's options, become checked settings; a wrong one is named with what to do. */
import * as Effect from "effect/Effect"
import { languageNamed, languageNames } from "../../services/text/language.ts"
import { WrongUsage } from "../shared/problems.ts"
import type { VimLoopInput } from "./gather.ts"
import type { VimLoopSettings } from "./settings.ts"

/** What may be asked of the edits and the rounds: every part but where edits come from has a default. */
export interface EditChoices {
  /** Paths or clone URLs. */
  readonly repositories?: ReadonlyArray<string> | undefined
  /** Or a path of JSON Lines with source and target; "-" for standard input. */
  readonly pairs?: string | undefined
  readonly rev?: string | undefined
  readonly maxCommits?: number | undefined
  readonly startDate?: string | undefined
  readonly endDate?: string | undefined
  readonly languages?: ReadonlyArray<string> | undefined
  readonly maxLines?: number | undefined
  readonly maxChars?: number | undefined
  readonly maxEdits?: number | undefined
  readonly rounds?: number | undefined
  /** Candidates for one edit in one round. */
  readonly count?: number | undefined
  /** Solved edits that a model is shown with each question. */
  readonly examples?: number | undefined
  readonly nearMisses?: number | undefined
  readonly tokenBudget?: number | undefined
  readonly seed?: number | undefined
  readonly split?: number | undefined
}

/** Larger files are no edits that anybody types. */
const maxFileBytes = 1024 * 1024

const defaults = {
  rev: "HEAD",
  maxCommits: 1000,
  maxLines: 50,
  maxChars: 8192,
  rounds: 3,
  count: 8,
  examples: 4,
  nearMisses: 2,
  seed: 42,
  split: 0.9
}

/** Fails for the first number that is below what its flag takes. */
export const atLeast = Effect.fnUntraced(function*(
  least: number,
  values: Readonly<Record<string, number | undefined>>
) {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value >= least) continue
    return yield* new WrongUsage({ detail: `Cannot use --${name} ${value}: it takes a number from ${least} up` })
  }
})

export const resolveSettings = Effect.fnUntraced(function*(choices: EditChoices) {
  const { maxChars, maxCommits, maxLines, nearMisses, rounds, seed, split } = { ...defaults, ...given(choices) }
  const { count, examples } = { ...defaults, ...given(choices) }
  const { maxEdits, tokenBudget } = choices
  yield* atLeast(1, {
    rounds,
    count,
    "max-lines": maxLines,
    "max-chars": maxChars,
    "max-commits": maxCommits,
    "max-edits": maxEdits,
    "token-budget": tokenBudget
  })
  yield* atLeast(0, { examples, "near-misses": nearMisses })
  if (!(split > 0 && split < 1)) {
    return yield* new WrongUsage({ detail: `Cannot use --split ${split}: it takes a number between 0 and 1` })
  }
  const settings: VimLoopSettings = {
    maxLines,
    maxChars,
    maxEdits: maxEdits ?? null,
    rounds,
    candidates: count,
    examples,
    nearMisses,
    tokenBudget: tokenBudget ?? null,
    seed,
    split
  }
  return settings
})

/** The choices that are made: one that is undefined must not take a default's place. */
const given = (choices: EditChoices): { readonly [K in keyof EditChoices]?: NonNullable<EditChoices[K]> } =>
  Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined))

export const resolveInput = Effect.fnUntraced(function*(choices: EditChoices) {
  const { repositories: locations = [] } = choices
  if (choices.pairs !== undefined) {
    if (locations.length > 0) {
      return yield* new WrongUsage({ detail: "Cannot read from two places: pass only one of --repo and --pairs" })
    }
    const input: VimLoopInput = { _tag: "pairs", path: choices.pairs }
    return input
  }
  if (locations.length === 0) {
    return yield* new WrongUsage({ detail: "Cannot start without edits: pass --repo <path or URL> or --pairs <file>" })
  }
  const languages = choices.languages ?? []
  const cuttable = languageNames.filter((name) => languageNamed(name)?.hasGrammar === true)
  for (const name of languages) {
    if (cuttable.includes(name)) continue
    return yield* new WrongUsage({ detail: `Cannot cut edits of "${name}": it is none of ${cuttable.join(", ")}` })
  }
  const { maxCommits, rev, seed, split } = { ...defaults, ...given(choices) }
  const input: VimLoopInput = {
    _tag: "history",
    locations,
    history: {
      rev,
      maxCommits,
      startDate: choices.startDate ?? null,
      endDate: choices.endDate ?? null,
      extensions: null,
      languages: languages.length === 0 ? null : languages,
      qualityFilter: true,
      testedOnly: false,
      maxFileBytes,
      seed,
      split,
      groupBy: "file"
    }
  }
  return input
})
