/**
 * llama.cpp's own protocol: a text goes on, or a gap is filled in the server's own layout. What is not sent is sampled
 * with the server's defaults, which are not greedy, so all of it is.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { ModelQuestion } from "../../services/Completer.ts"
import { rootAddress } from "../model-server/addresses.ts"
import { hasBeginning } from "./beginning.ts"
import { type AnswerPiece, type AskedAs, type Protocol, takesOnly, type Talk } from "./protocol.ts"

const fieldsOf = ({ maxTokens, seed, stops, temperature }: ModelQuestion, isStreamed: boolean) => ({
  n_predict: maxTokens,
  temperature,
  top_k: 0,
  top_p: 1,
  min_p: 0,
  typical_p: 1,
  repeat_penalty: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  dry_multiplier: 0,
  xtc_probability: 0,
  mirostat: 0,
  n_probs: 0,
  seed,
  stop: stops,
  ignore_eos: false,
  cache_prompt: true,
  stream: isStreamed
})

const Completed = Schema.Struct({
  content: Schema.String,
  stop: Schema.optional(Schema.Boolean),
  stop_type: Schema.optional(Schema.String),
  tokens_evaluated: Schema.optional(Schema.Number),
  tokens_predicted: Schema.optional(Schema.Number),
  truncated: Schema.optional(Schema.Boolean)
})

const endedFor: Readonly<Record<string, AnswerPiece["ended"]>> = { eos: "stop", word: "stop", limit: "length" }

const decodeCompleted = Schema.decodeUnknownOption(Completed)

/** A text that was cut is no answer to what was asked; `atLeast` are the tokens that must have been read. */
const readCompleted = (atLeast: number): AskedAs["read"] => (value) =>
  Option.getOrUndefined(Option.map(decodeCompleted(value), (said): AnswerPiece => {
    // Only the last piece of a streamed answer says so; a whole answer says so too.
    const isLast = said.stop !== false
    const isShort = isLast && said.tokens_evaluated !== undefined && said.tokens_evaluated < atLeast
    return {
      text: said.content,
      ended: isLast ? endedFor[said.stop_type ?? ""] ?? "unknown" : null,
      promptTokens: isLast ? said.tokens_evaluated ?? null : null,
      answerTokens: isLast ? said.tokens_predicted ?? null : null,
      lost: said.truncated === true
        ? "prompt and answer do not fit into its context; start it with a larger --ctx-size"
        : isShort
        ? `it read ${said.tokens_evaluated} of at least ${atLeast} tokens; start it with a larger --batch-size`
        : null
    }
  }))

const address = (talk: Talk, path: string) => rootAddress(talk.endpoint, path)

const Tokens = Schema.Struct({ tokens: Schema.Array(Schema.Number) })

const tokenize = (talk: Talk, content: string, add_special: boolean) =>
  Effect.map(
    talk.json(address(talk, "/tokenize"), { content, add_special, parse_special: true }, Tokens),
    ({ tokens }) => tokens
  )

const Properties = Schema.Struct({
  model_path: Schema.optional(Schema.String),
  model_alias: Schema.optional(Schema.NullOr(Schema.String)),
  build_info: Schema.optional(Schema.String)
})

/** The answer to a forced token; the probability is that of the model, before it was forced. */
const Forced = Schema.Struct({
  completion_probabilities: Schema.NonEmptyArray(Schema.Struct({ id: Schema.Number, logprob: Schema.Number }))
})

/** No token wins against this. */
const forcedBias = 10_000

export const llamaCppProtocol: Protocol = {
  name: "llama.cpp",
  identity: (talk) =>
    Effect.map(talk.json(address(talk, "/props"), undefined, Properties), (said) => ({
      model: said.model_path ?? said.model_alias ?? talk.model,
      server: said.build_info ?? ""
    })),
  complete: (talk, question) =>
    Effect.gen(function*() {
      const { asked } = question
      const fields = fieldsOf(question, talk.isStreamed)
      switch (asked._tag) {
        case "raw": {
          // The server puts a beginning of its own before a text, but not before tokens.
          const prompt = hasBeginning(asked.prompt) ? yield* tokenize(talk, asked.prompt, false) : asked.prompt
          return yield* talk.ask(question, {
            url: address(talk, "/completion"),
            body: { ...fields, prompt },
            framing: "events",
            read: readCompleted(0)
          })
        }
        case "infill": {
          // It leaves out what does not fit into a batch, and says so only by the number of tokens that it read.
          const { length } = yield* tokenize(talk, asked.prefix + asked.suffix, false)
          return yield* talk.ask(question, {
            url: address(talk, "/infill"),
            body: { ...fields, input_prefix: asked.prefix, input_suffix: asked.suffix, input_extra: [], prompt: "" },
            framing: "events",
            read: readCompleted(length)
          })
        }
        case "chat":
          return yield* takesOnly(talk, asked, "a text as it is, or a gap")
      }
    }),
  /** The server tells only of tokens that it writes, so each token of the text is forced: a request a token. */
  likelihood: (talk, prompt, text) =>
    Effect.gen(function*() {
      const before = yield* tokenize(talk, prompt, !hasBeginning(prompt))
      const own = yield* tokenize(talk, text, false)
      const question = { asked: { _tag: "raw", prompt }, maxTokens: 1, stops: [], temperature: 0, seed: 0 } as const
      let logProbability = 0
      for (const [index, id] of own.entries()) {
        const { completion_probabilities: [token] } = yield* talk.json(address(talk, "/completion"), {
          ...fieldsOf(question, false),
          prompt: [...before, ...own.slice(0, index)],
          n_probs: 1,
          logit_bias: [[id, forcedBias]]
        }, Forced)
        if (token.id !== id) return yield* talk.refuse("it does not write the token that it is made to write")
        logProbability += token.logprob
      }
      return { logProbability, tokens: own.length }
    })
}
