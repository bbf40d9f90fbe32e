/** Predictor: proposes keystrokes that turn one text into another. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { WorkerLost } from "./Compute.ts"
import { ExitCode } from "./faults/exit-code.ts"
import type { Keystrokes } from "./keys/keystrokes.ts"

/** Proposes keystrokes. */
export class Predictor extends Context.Tag("retrace/Predictor")<Predictor, {
  /** How many requests are worth making at once; more callers wait. */
  readonly concurrency: number
  /**
   * Proposes keystrokes for `edit`, typed from the start of its source.
   *
   * Gives up to `count` candidates, none of them verified. `examples` are solved edits that a model may be shown, in
   * the given order.
   */
  readonly predict: (
    request: PredictorRequest
  ) => Effect.Effect<Prediction, PredictorUnavailable | PredictorRefused | WorkerLost>
}>() {}

/** An edit to find keystrokes for. */
export interface PredictorRequest {
  readonly edit: Edit
  readonly examples: ReadonlyArray<SolvedEdit>
  readonly count: number
}

/** What was proposed for an edit, and what it cost. */
export interface Prediction {
  /** The best first; no two have the same keys. */
  readonly candidates: ReadonlyArray<Candidate>
  /** How many answers held no candidate, by reason. */
  readonly refused: Readonly<Record<string, number>>
  readonly usage: Usage
}

/** Keystrokes that were proposed. */
export interface Candidate {
  readonly keys: Keystrokes
  /** The keys as whoever proposed them wrote them. */
  readonly transform: string
}

/** What a prediction cost a model server; all figures are 0 where there is none. */
export interface Usage {
  /** Requests that were sent, including repeated ones. */
  readonly requests: number
  readonly promptTokens: number
  readonly completionTokens: number
}

/** The usage of a predictor that asks no model server. */
export const noUsage: Usage = { requests: 0, promptTokens: 0, completionTokens: 0 }

/** Two texts: keystrokes are wanted that turn the one into the other. */
export interface Edit {
  readonly source: string
  readonly target: string
  /** Name of the language, where it is known. */
  readonly language?: string | null
}

/** An edit with keystrokes that do it. */
export interface SolvedEdit extends Edit {
  readonly keys: Keystrokes
}

/** The server cannot answer now; the same request may succeed later. */
export class PredictorUnavailable extends Schema.TaggedError<PredictorUnavailable>()("PredictorUnavailable", {
  endpoint: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.Unavailable
  override get message() {
    return `Cannot reach the model server at "${this.endpoint}": ${this.detail}`
  }
}

/** The server answered, but not with completions; the same request will fail again. */
export class PredictorRefused extends Schema.TaggedError<PredictorRefused>()("PredictorRefused", {
  endpoint: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.BadInput
  override get message() {
    return `Cannot get completions from "${this.endpoint}": ${this.detail}`
  }
}
