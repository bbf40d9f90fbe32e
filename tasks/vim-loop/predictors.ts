/** The predictor that is asked for: its layer, what makes its answers what they are, and what is to be said of it. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type { Compute } from "../../services/Compute.ts"
import type { Ledger } from "../../services/rows/ledger.ts"
import type { Predictor } from "../../services/Predictor.ts"
import { fingerprint } from "../../services/text/random.ts"
import type { VimOptionsName } from "../../services/keys/vim-options.ts"
import { lazyLayer } from "../shared/lazy-layer.ts"
import { WrongUsage } from "../shared/problems.ts"
import type { predictorNames } from "./asked.ts"
import { type CandidatesByEdit, readCandidates } from "./read-rows.ts"

export interface PredictorAnswers {
  readonly predictor: (typeof predictorNames)[number]
  /** With chat: the server and the model on it; both must be given. */
  readonly endpoint: string | undefined
  readonly model: string | undefined
  readonly temperature: number
  /** Tokens of one answer at the most. */
  readonly maxTokens: number
  /** Requests under way at once. */
  readonly requests: number
  readonly requestTimeoutSeconds: number
  readonly retries: number
  readonly stream: boolean
  /** With replay: a path of JSON Lines; the pairs' own candidates when left out. */
  readonly replay: string | undefined
  readonly vimOptions: VimOptionsName
}

export interface ChosenPredictor {
  readonly name: string
  readonly identity: Readonly<Record<string, unknown>>
  /** Whether its answers cost so much that none may be lost. */
  readonly isCostly: boolean
  readonly notes: ReadonlyArray<string>
  readonly layer: Layer.Layer<Predictor, never, Compute>
}

/** What was left out of a file of rows, a line for each stage. */
export const notesOf = (name: string, ledger: Ledger): ReadonlyArray<string> =>
  Object.entries(ledger).flatMap(([stage, { came, kept, leftOut }]) => {
    const reasons = Object.entries(leftOut).map(([reason, count]) => `${count} ${reason}`)
    return reasons.length === 0 ? [] : [`${name}: ${kept} of ${came} ${stage} (left out: ${reasons.join(", ")})`]
  })

/** `given` are the candidates that the pairs carry. */
export const resolvePredictor = Effect.fnUntraced(function*(
  answers: PredictorAnswers,
  apiKey: Redacted.Redacted | undefined,
  given: CandidatesByEdit
) {
  switch (answers.predictor) {
    case "search": {
      const search: ChosenPredictor = {
        name: "search",
        identity: {},
        isCostly: false,
        notes: [],
        layer: lazyLayer(async () =>
          (await import("../../layers/predictor/SearchPredictor.ts")).layerThreads(answers.vimOptions)
        )
      }
      return search
    }
    case "replay":
      return yield* resolveReplay(answers, given)
    case "chat":
      return yield* resolveChat(answers, apiKey)
  }
})

const resolveReplay = Effect.fnUntraced(function*({ replay }: PredictorAnswers, given: CandidatesByEdit) {
  if (replay === undefined && given.size === 0) {
    return yield* new WrongUsage({
      detail: "Cannot replay nothing: pass --replay <file>, or --pairs whose rows have keys, transform or completion"
    })
  }
  const { candidates, ledger } = replay === undefined
    ? { candidates: given, ledger: {} }
    : yield* readCandidates(replay)
  const chosen: ChosenPredictor = {
    name: "replay",
    identity: { candidates: fingerprint(JSON.stringify([...candidates])) },
    isCostly: false,
    notes: notesOf("candidates", ledger),
    layer: lazyLayer(async () => (await import("../../layers/predictor/ReplayPredictor.ts")).layer(candidates))
  }
  return chosen
})

/** What a chat predictor cannot do without; asked for before anything else is done. */
export const checkPredictor = Effect.fnUntraced(function*({ endpoint, model, predictor }: PredictorAnswers) {
  if (predictor !== "chat") return
  if (endpoint === undefined || model === undefined) {
    return yield* new WrongUsage({
      detail: "Cannot ask a model: pass --endpoint, such as http://127.0.0.1:8000/v1, and --model"
    })
  }
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return yield* new WrongUsage({ detail: `Cannot use --endpoint ${endpoint}: it takes an http or https address` })
  }
})

const resolveChat = Effect.fnUntraced(function*(answers: PredictorAnswers, apiKey: Redacted.Redacted | undefined) {
  const { endpoint = "", maxTokens, model = "", requests, retries, temperature } = answers
  yield* checkPredictor(answers)
  const options = {
    endpoint,
    model,
    temperature,
    maxTokens,
    concurrency: requests,
    timeoutMillis: answers.requestTimeoutSeconds * 1000,
    isStreamed: answers.stream,
    apiKey: apiKey ?? null,
    retries,
    pauseMillis: 500
  }
  const chosen: ChosenPredictor = {
    name: `chat ${model}`,
    identity: { model, temperature, maxTokens },
    isCostly: true,
    notes: [],
    layer: lazyLayer(async () => {
      const [{ layer }, client] = await Promise.all([
        import("../../layers/predictor/ChatPredictor.ts"),
        import("@effect/platform-node/NodeHttpClient")
      ])
      return Layer.provide(layer(options), client.layer)
    })
  }
  return chosen
})
