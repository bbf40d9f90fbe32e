/**
 * OpenAI's completions: a text goes on, or a gap is filled where the server takes a suffix. It says nothing of how likely
 * a text is: an echo with its probabilities is what few servers still give.
 */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { ModelAnswer, ModelQuestion } from "../../services/Completer.ts"
import { versionedAddress } from "../model-server/addresses.ts"
import { withoutBeginning } from "./beginning.ts"
import { type AnswerPiece, type AskedAs, type Protocol, takesOnly, type Talk } from "./protocol.ts"

/** The server takes no more stops than these; the others are looked for in what it answers. */
export const mostStops = 4

/** Stops as the server takes them: none is no list. */
export const stopsSent = (stops: ReadonlyArray<string>) => stops.length === 0 ? {} : { stop: stops.slice(0, mostStops) }

/** What is sent for a streamed answer, which comes with its tokens counted. */
export const streamSent = (isStreamed: boolean) =>
  isStreamed ? { stream: true, stream_options: { include_usage: true } } : { stream: false }

/** The fields of a question that OpenAI's servers know: 16 tokens and a temperature of 1 are what they take otherwise. */
export const fieldsSent = ({ maxTokens, seed, stops, temperature }: ModelQuestion, { isStreamed, model }: Talk) => ({
  model,
  max_tokens: maxTokens,
  temperature,
  top_p: 1,
  presence_penalty: 0,
  frequency_penalty: 0,
  n: 1,
  seed,
  ...stopsSent(stops),
  ...streamSent(isStreamed)
})

const optionalNumber = Schema.optional(Schema.NullOr(Schema.Number))

export const TokenUsage = Schema.Struct({ prompt_tokens: optionalNumber, completion_tokens: optionalNumber })

const Body = Schema.Struct({
  choices: Schema.Array(Schema.Struct({
    index: Schema.optional(Schema.Number),
    text: Schema.String,
    finish_reason: Schema.optional(Schema.NullOr(Schema.String))
  })),
  usage: Schema.optional(Schema.NullOr(TokenUsage))
})

/** Why an answer ended, in OpenAI's words. */
export const endedBy = (reason: string | null | undefined): ModelAnswer["ended"] | null =>
  reason === null || reason === undefined
    ? null
    : reason === "stop"
    ? "stop"
    : reason === "length" || reason === "model_length"
    ? "length"
    : "unknown"

const decodeBody = Schema.decodeUnknownOption(Body)

/** Reads an answer, or a piece of one; of several choices, the first. */
export const readCompletions: AskedAs["read"] = (value) =>
  Option.getOrUndefined(Option.map(decodeBody(value), ({ choices, usage }): AnswerPiece => {
    const first = choices.find(({ index }) => (index ?? 0) === 0)
    return {
      text: first?.text ?? null,
      ended: endedBy(first?.finish_reason),
      promptTokens: usage?.prompt_tokens ?? null,
      answerTokens: usage?.completion_tokens ?? null
    }
  }))

const Models = Schema.Struct({
  data: Schema.Array(Schema.Struct({
    id: Schema.String,
    // Where vLLM found it.
    root: Schema.optional(Schema.NullOr(Schema.String))
  }))
})

/** What a server of OpenAI's says that it runs: the model that is asked for, or the first of its list. */
export const identityOfModels = (talk: Talk) =>
  talk.json(versionedAddress(talk.endpoint, "/models"), undefined, Models).pipe(
    Effect.map(({ data }) => {
      const own = talk.model === "" ? data[0] : data.find(({ id }) => id === talk.model)
      return { model: own?.id ?? talk.model, server: own?.root ?? "" }
    }),
    // Some servers have no list; then only what they are asked for is known.
    Effect.catchTag(
      "CompleterRefused",
      (refusal) =>
        talk.model === "" || refusal.status === 401 || refusal.status === 403
          ? Effect.fail(refusal)
          : Effect.succeed({ model: talk.model, server: "" })
    )
  )

export const openaiProtocol: Protocol = {
  name: "openai",
  identity: identityOfModels,
  complete: (talk, question) => {
    const { asked } = question
    if (asked._tag === "chat") return takesOnly(talk, asked, "a text as it is, or a gap")
    const text = asked._tag === "raw"
      ? { prompt: withoutBeginning(asked.prompt) }
      : { prompt: asked.prefix, suffix: asked.suffix }
    return talk.ask(question, {
      url: versionedAddress(talk.endpoint, "/completions"),
      body: { ...fieldsSent(question, talk), ...text },
      framing: "events",
      read: readCompletions
    })
  },
  likelihood: null
}
