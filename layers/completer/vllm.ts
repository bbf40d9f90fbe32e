/**
 * vLLM: OpenAI's completions with fields of its own. What is not sent comes from the model's generation_config.json, even
 * at temperature 0, so all of them are. Special tokens stay in the text: a stop that is one would not be seen otherwise.
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { ModelQuestion } from "../../services/Completer.ts"
import { rootAddress, versionedAddress } from "../model-server/addresses.ts"
import { hasBeginning } from "./beginning.ts"
import { fieldsSent, identityOfModels, readCompletions } from "./openai.ts"
import { type Protocol, takesOnly, type Talk } from "./protocol.ts"

const bodyOf = (question: ModelQuestion, talk: Talk) => ({
  ...fieldsSent(question, talk),
  stop: question.stops,
  top_k: -1,
  min_p: 0,
  repetition_penalty: 1,
  ignore_eos: false,
  skip_special_tokens: false,
  spaces_between_special_tokens: false
})

const Tokens = Schema.Struct({ tokens: Schema.Array(Schema.Number) })

const tokenize = (talk: Talk, prompt: string, add_special_tokens: boolean) =>
  Effect.map(
    talk.json(rootAddress(talk.endpoint, "/tokenize"), { model: talk.model, prompt, add_special_tokens }, Tokens),
    ({ tokens }) => tokens
  )

const PromptLogprobs = Schema.Struct({
  choices: Schema.NonEmptyArray(Schema.Struct({
    prompt_logprobs: Schema.Array(
      Schema.NullOr(Schema.Record({ key: Schema.String, value: Schema.Struct({ logprob: Schema.Number }) }))
    )
  }))
})

const Version = Schema.Struct({ version: Schema.String })

export const vllmProtocol: Protocol = {
  name: "vllm",
  identity: (talk) =>
    Effect.gen(function*() {
      const { model, server } = yield* identityOfModels(talk)
      const version = yield* talk.json(rootAddress(talk.endpoint, "/version"), undefined, Version).pipe(
        Effect.map(({ version }) => `vLLM ${version}`),
        // It is behind a gateway that passes completions only.
        Effect.catchTag("CompleterRefused", () => Effect.succeed(""))
      )
      return { model, server: [version, server].filter((part) => part !== "").join(" ") }
    }),
  complete: (talk, question) => {
    const { asked } = question
    if (asked._tag !== "raw") return takesOnly(talk, asked, "a text as it is")
    return talk.ask(question, {
      url: versionedAddress(talk.endpoint, "/completions"),
      body: { ...bodyOf(question, talk), prompt: asked.prompt, add_special_tokens: !hasBeginning(asked.prompt) },
      framing: "events",
      read: readCompletions
    })
  },
  likelihood: (talk, prompt, text) =>
    Effect.gen(function*() {
      const before = yield* tokenize(talk, prompt, !hasBeginning(prompt))
      const own = yield* tokenize(talk, text, false)
      if (own.length === 0) return { logProbability: 0, tokens: 0 }
      const question = { asked: { _tag: "raw", prompt }, maxTokens: 1, stops: [], temperature: 0, seed: 0 } as const
      const { choices: [{ prompt_logprobs }] } = yield* talk.json(
        versionedAddress(talk.endpoint, "/completions"),
        {
          ...bodyOf(question, { ...talk, isStreamed: false }),
          prompt: [...before, ...own],
          add_special_tokens: false,
          prompt_logprobs: 0
        },
        PromptLogprobs
      )
      let logProbability = 0
      for (const [index, id] of own.entries()) {
        const found = prompt_logprobs[before.length + index]?.[String(id)]?.logprob
        // Nothing stands before the first token of all, so nothing says how likely it is.
        if (found === undefined && before.length + index > 0) {
          return yield* talk.refuse("it does not say how likely each token of the text is")
        }
        logProbability += found ?? 0
      }
      return { logProbability, tokens: own.length }
    })
}
