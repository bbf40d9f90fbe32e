/**
 * Text Generation Inference. A text may keep the stop that ended it, and a temperature of 0 or a top_p of 1 is refused:
 * greedy is to sample nothing, and all tokens is to say nothing.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { ModelQuestion } from "../../services/Completer.ts"
import { rootAddress } from "../model-server/addresses.ts"
import { withoutBeginning } from "./beginning.ts"
import { mostStops } from "./openai.ts"
import { type AnswerPiece, type AskedAs, type Protocol, takesOnly } from "./protocol.ts"

const parametersOf = ({ maxTokens, seed, stops, temperature }: ModelQuestion) => ({
  max_new_tokens: maxTokens,
  do_sample: temperature > 0,
  ...(temperature > 0 ? { temperature } : {}),
  repetition_penalty: 1,
  frequency_penalty: 0,
  seed,
  stop: stops.slice(0, mostStops),
  return_full_text: false,
  details: true,
  decoder_input_details: false
})

const Details = Schema.Struct({
  finish_reason: Schema.optional(Schema.NullOr(Schema.String)),
  generated_tokens: Schema.optional(Schema.Number),
  // A streamed answer has a number here, a whole one the tokens.
  input_length: Schema.optional(Schema.Number),
  prefill: Schema.optional(Schema.Array(Schema.Struct({ logprob: Schema.NullOr(Schema.Number) })))
})
const Generation = Schema.Struct({
  generated_text: Schema.optional(Schema.NullOr(Schema.String)),
  token: Schema.optional(Schema.Struct({ text: Schema.String, special: Schema.Boolean })),
  details: Schema.optional(Schema.NullOr(Details))
})

const endedFor: Readonly<Record<string, AnswerPiece["ended"]>> = {
  length: "length",
  eos_token: "stop",
  stop_sequence: "stop"
}

const decodeGeneration = Schema.decodeUnknownOption(Generation)

const readGeneration: AskedAs["read"] = (value) =>
  Option.getOrUndefined(
    Option.flatMap(decodeGeneration(value), ({ details, generated_text, token }): Option.Option<AnswerPiece> => {
      const isLast = typeof generated_text === "string"
      if (!isLast && token === undefined) return Option.none()
      return Option.some({
        text: isLast ? generated_text : token?.special === true ? "" : token?.text ?? "",
        isWhole: isLast,
        ended: isLast ? endedFor[details?.finish_reason ?? ""] ?? "unknown" : null,
        promptTokens: details?.input_length ?? null,
        answerTokens: details?.generated_tokens ?? null
      })
    })
  )

const Info = Schema.Struct({
  model_id: Schema.String,
  model_sha: Schema.optional(Schema.NullOr(Schema.String)),
  version: Schema.optional(Schema.String)
})

/** Tokens of a text, each with where it ends, in code points. */
const Tokens = Schema.Array(Schema.Struct({ stop: Schema.Number }))

const Prefilled = Schema.Struct({
  details: Schema.Struct({ prefill: Schema.Array(Schema.Struct({ logprob: Schema.NullOr(Schema.Number) })) })
})

export const tgiProtocol: Protocol = {
  name: "tgi",
  identity: (talk) =>
    Effect.map(talk.json(rootAddress(talk.endpoint, "/info"), undefined, Info), (info) => ({
      model: info.model_id,
      server: ["TGI", info.version, info.model_sha].filter((part) => (part ?? "") !== "").join(" ")
    })),
  complete: (talk, question) => {
    const { asked } = question
    if (asked._tag !== "raw") return takesOnly(talk, asked, "a text as it is")
    return talk.ask(question, {
      url: rootAddress(talk.endpoint, talk.isStreamed ? "/generate_stream" : "/generate"),
      body: { inputs: withoutBeginning(asked.prompt), parameters: parametersOf(question) },
      framing: "events",
      read: readGeneration
    })
  },
  /** Prompt and text are one text to the server: a token that crosses their joint counts as the text's. */
  likelihood: (talk, prompt, text) =>
    Effect.gen(function*() {
      const before = withoutBeginning(prompt)
      const inputs = before + text
      const tokens = yield* talk.json(rootAddress(talk.endpoint, "/tokenize"), { inputs }, Tokens)
      const joint = [...before].length
      const count = tokens.filter(({ stop }) => stop > joint).length
      if (count === 0) return { logProbability: 0, tokens: 0 }
      const question = { asked: { _tag: "raw", prompt }, maxTokens: 1, stops: [], temperature: 0, seed: 0 } as const
      const { details: { prefill } } = yield* talk.json(
        rootAddress(talk.endpoint, "/generate"),
        { inputs, parameters: { ...parametersOf(question), decoder_input_details: true } },
        Prefilled
      )
      if (prefill.length < count) return yield* talk.refuse("it does not say how likely each token of the text is")
      // Nothing stands before the first token of all, so nothing says how likely it is.
      const logProbability = prefill.slice(-count).reduce((sum, { logprob }) => sum + (logprob ?? 0), 0)
      return { logProbability, tokens: count }
    })
}
