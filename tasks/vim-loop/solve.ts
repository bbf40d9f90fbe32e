/** One edit in one round: ask for candidates, type each in the sandbox, keep what became of it. */
import * as Effect from "effect/Effect"
import { printKeys } from "../../services/keys/keystrokes.ts"
import { type Candidate, noUsage, type Prediction, Predictor, type SolvedEdit } from "../../services/Predictor.ts"
import { Sandbox } from "../../services/Sandbox.ts"
import { textAfter } from "../../services/keys/outcome.ts"
import { keptResult, type Trial } from "../../services/rows/attempt.ts"
import { holdsSecret } from "../../services/secrets/secret-in.ts"
import { lostReason } from "../shared/dataset-run/item.ts"
import { isHopeless, type Losses, replaceLosses } from "../shared/dataset-run/losses.ts"
import type { LoopEdit } from "./edits.ts"
import { faultOf, isMiss } from "../../services/keys/fault.ts"
import { nearMisses } from "./near-misses.ts"
import { isSecretCandidate } from "./secret-candidate.ts"
import type { VimLoopSettings } from "./settings.ts"
import type { Turn } from "./turns.ts"

export interface Ask {
  readonly edit: LoopEdit
  readonly round: number
  readonly examples: ReadonlyArray<SolvedEdit>
  /** Name of the predictor, for the rows. */
  readonly predictor: string
}

/** What comes of an edit that ends the thread of whoever looks for its keys. */
const noPrediction: Prediction = { candidates: [], refused: { [lostReason]: 1 }, usage: noUsage }

/** So many spoiled answers are tried for each that is wanted: some of them are right after all. */
const triesPerMiss = 3

export const solve = Effect.fn("vimLoop.solve")(function*(ask: Ask, settings: VimLoopSettings, lost: Losses) {
  const { edit, examples, predictor, round } = ask
  const { predict } = yield* Predictor
  const { source, target } = edit
  const prediction = yield* replaceLosses(lost)(predict({ edit, examples, count: settings.candidates })).pipe(
    Effect.catchTag("WorkerLost", (failure) => isHopeless(lost) ? Effect.fail(failure) : Effect.succeed(noPrediction))
  )
  const candidates = prediction.candidates.filter((candidate) => !isSecretCandidate(candidate))
  const secrets = prediction.candidates.length - candidates.length
  const trials = yield* tryAll(source, target, candidates)
  const right = shortestOf(trials, candidates)
  const missing = settings.nearMisses - trials.filter(({ fault }) => isMiss(fault)).length
  const spoiled = right === undefined || missing <= 0
    ? []
    : nearMisses(right.keys, edit.id, missing * triesPerMiss)
  const near = yield* tryAll(source, target, spoiled.map((keys) => ({ keys, transform: printKeys(keys) })))
  const turn: Turn = {
    round,
    edit: edit.id,
    source,
    target,
    predictor,
    trials,
    near_misses: near.filter(({ fault }) => isMiss(fault)).slice(0, Math.max(0, missing)),
    refused: Object.entries({ ...prediction.refused, ...(secrets === 0 ? {} : { secret: secrets }) })
      .map(([reason, count]) => ({ reason, count })),
    requests: prediction.usage.requests,
    prompt_tokens: prediction.usage.promptTokens,
    completion_tokens: prediction.usage.completionTokens
  }
  return turn
})

const tryAll = Effect.fnUntraced(function*(source: string, target: string, candidates: ReadonlyArray<Candidate>) {
  const sandbox = yield* Sandbox
  if (candidates.length === 0) return []
  const outcomes = yield* sandbox.runAll(candidates.map(({ keys }) => ({ source, keys })))
  return candidates.flatMap(({ keys, transform }, index): ReadonlyArray<Trial> => {
    const outcome = outcomes[index]
    if (outcome === undefined) return []
    const fault = faultOf(outcome, target)
    const kept = fault?._tag !== "wrong text" ? null : keptResult(textAfter(outcome), { source, target })
    // Keys may put together what neither text holds.
    const result = kept === null || holdsSecret(kept) ? null : kept
    return [{ keys: printKeys(keys), transform, keystrokes: keys.length, fault, result }]
  })
})

const shortestOf = (trials: ReadonlyArray<Trial>, candidates: ReadonlyArray<Candidate>): Candidate | undefined =>
  candidates.filter((_, index) => trials[index]?.fault === null)
    .reduce<Candidate | undefined>(
      (best, one) => (best === undefined || one.keys.length < best.keys.length ? one : best),
      undefined
    )
