/** Flags, or the library's options, become checked settings; a wrong one is named with what to do. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { languageNamed, languageNames } from "../../services/language.ts"
import { WrongUsage } from "../shared/problems.ts"
import type { VimLoopInput } from "./gather.ts"
import type { VimLoopFlags } from "./options.ts"
import type { VimLoopSettings } from "./settings.ts"

/** Larger files are no edits that anybody types. */
const maxFileBytes = 1024 * 1024

export const resolveSettings = Effect.fnUntraced(function*(flags: VimLoopFlags) {
  const { maxChars, maxLines, nearMisses, rounds, seed, split } = flags
  const maxEdits = Option.getOrNull(flags.maxEdits)
  const tokenBudget = Option.getOrNull(flags.tokenBudget)
  const fromOne = {
    rounds,
    count: flags.count,
    "max-lines": maxLines,
    "max-chars": maxChars,
    "max-commits": flags.maxCommits,
    "max-edits": maxEdits ?? 1,
    "token-budget": tokenBudget ?? 1
  }
  for (const [name, value] of Object.entries(fromOne)) {
    if (value >= 1) continue
    return yield* new WrongUsage({ detail: `Cannot use --${name} ${value}: it takes a number from 1 up` })
  }
  for (const [name, value] of Object.entries({ examples: flags.examples, "near-misses": nearMisses })) {
    if (value >= 0) continue
    return yield* new WrongUsage({ detail: `Cannot use --${name} ${value}: it takes a number from 0 up` })
  }
  if (!(split > 0 && split < 1)) {
    return yield* new WrongUsage({ detail: `Cannot use --split ${split}: it takes a number between 0 and 1` })
  }
  const settings: VimLoopSettings = {
    maxLines,
    maxChars,
    maxEdits,
    rounds,
    candidates: flags.count,
    examples: flags.examples,
    nearMisses,
    tokenBudget,
    seed,
    split
  }
  return settings
})

export const resolveInput = Effect.fnUntraced(function*(flags: VimLoopFlags) {
  const { repo: locations } = flags
  if (Option.isSome(flags.pairs)) {
    if (locations.length > 0) {
      return yield* new WrongUsage({ detail: "Cannot read from two places: pass only one of --repo and --pairs" })
    }
    const input: VimLoopInput = { _tag: "pairs", path: flags.pairs.value }
    return input
  }
  if (locations.length === 0) {
    return yield* new WrongUsage({
      detail: "Cannot start without edits: pass --repo <path or URL> or --pairs <file>"
    })
  }
  const languages = flags.language.flatMap((list) => list.split(",")).map((name) => name.trim()).filter((name) =>
    name !== ""
  )
  for (const name of languages) {
    if (languageNamed(name)?.hasGrammar === true) continue
    return yield* new WrongUsage({
      detail: `Cannot cut edits of "${name}": it is none of ${
        languageNames.filter((known) => languageNamed(known)?.hasGrammar === true).join(", ")
      }`
    })
  }
  const input: VimLoopInput = {
    _tag: "history",
    locations,
    history: {
      rev: flags.rev,
      maxCommits: flags.maxCommits,
      startDate: Option.getOrNull(flags.startDate),
      endDate: Option.getOrNull(flags.endDate),
      extensions: null,
      languages: languages.length === 0 ? null : languages,
      qualityFilter: true,
      testedOnly: false,
      maxFileBytes,
      seed: flags.seed,
      split: flags.split,
      groupBy: "file"
    }
  }
  return input
})
