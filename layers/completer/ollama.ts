/**
 * Ollama's own protocol; its answers in OpenAI's are never raw. A prompt that does not fit is to be refused, where it
 * would lose half of itself otherwise. Ollama says only how likely the tokens are that it writes, not those it is given.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { rootAddress } from "../model-server/addresses.ts"
import { withoutBeginning } from "./beginning.ts"
import { type AnswerPiece, type AskedAs, type Protocol, takesOnly, type Talk } from "./protocol.ts"

const Generated = Schema.Struct({
  response: Schema.String,
  done: Schema.Boolean,
  done_reason: Schema.optional(Schema.NullOr(Schema.String)),
  prompt_eval_count: Schema.optional(Schema.Number),
  eval_count: Schema.optional(Schema.Number)
})

const decodeGenerated = Schema.decodeUnknownOption(Generated)

const readGenerated: AskedAs["read"] = (value) =>
  Option.getOrUndefined(Option.map(decodeGenerated(value), (said): AnswerPiece => ({
    text: said.response,
    ended: !said.done
      ? null
      : said.done_reason === "stop" || said.done_reason === "length"
      ? said.done_reason
      : "unknown",
    promptTokens: said.prompt_eval_count ?? null,
    answerTokens: said.eval_count ?? null,
    lost: said.done_reason === "load" ? "it loaded the model and answered nothing" : null
  })))

const Tags = Schema.Struct({
  models: Schema.Array(Schema.Struct({ name: Schema.String, digest: Schema.optional(Schema.String) }))
})
const Version = Schema.Struct({ version: Schema.String })

const address = (talk: Talk, path: string) => rootAddress(talk.endpoint, `/api${path}`)

export const ollamaProtocol: Protocol = {
  name: "ollama",
  identity: (talk) =>
    Effect.gen(function*() {
      const { models } = yield* talk.json(address(talk, "/tags"), undefined, Tags)
      const { version } = yield* talk.json(address(talk, "/version"), undefined, Version)
      const own = talk.model === ""
        ? models[0]
        : models.find(({ name }) => name === talk.model || name === `${talk.model}:latest`)
      if (own === undefined) return yield* talk.refuse("it has no such model; ollama pull fetches one")
      return { model: own.name, server: `Ollama ${version} ${own.digest ?? ""}`.trim() }
    }),
  complete: (talk, question) => {
    const { asked, maxTokens, seed, stops, temperature } = question
    if (asked._tag === "chat") return takesOnly(talk, asked, "a text as it is, or a gap")
    // It would only load the model, or ask in the chat's template.
    if (asked._tag === "raw" && asked.prompt === "") return talk.refuse("it answers nothing to an empty prompt")
    if (asked._tag === "infill" && asked.suffix === "") {
      return talk.refuse("it fills no gap with nothing behind it: it would answer as in a chat")
    }
    const text = asked._tag === "raw"
      ? { raw: true, prompt: withoutBeginning(asked.prompt) }
      : { prompt: asked.prefix, suffix: asked.suffix }
    return talk.ask(question, {
      url: address(talk, "/generate"),
      body: {
        model: talk.model,
        ...text,
        stream: talk.isStreamed,
        truncate: false,
        shift: false,
        options: {
          num_predict: maxTokens,
          temperature,
          seed,
          stop: stops,
          top_k: 0,
          top_p: 1,
          min_p: 0,
          typical_p: 1,
          repeat_penalty: 1,
          presence_penalty: 0,
          frequency_penalty: 0
        }
      },
      framing: "lines",
      read: readGenerated
    })
  },
  likelihood: null
}
