/**
 * OpenAI's chat completions, which most servers speak. The text is what the model says, prose and fences with it: reading
 * the code out of it is up to who asks. It does not say how likely a text is.
 */
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { versionedAddress } from "../model-server/addresses.ts"
import { endedBy, fieldsSent, identityOfModels, TokenUsage } from "./openai.ts"
import { type AnswerPiece, type AskedAs, type Protocol, takesOnly } from "./protocol.ts"

/** A text, or parts of one: what is no text among them, such as thoughts, is left out. */
const Content = Schema.Union(
  Schema.String,
  Schema.Array(Schema.Struct({ type: Schema.String, text: Schema.optional(Schema.String) }))
)
const Message = Schema.Struct({ content: Schema.optional(Schema.NullOr(Content)) })

const ChatBody = Schema.Struct({
  choices: Schema.Array(Schema.Struct({
    index: Schema.optional(Schema.Number),
    message: Schema.optional(Message),
    delta: Schema.optional(Schema.NullOr(Message)),
    finish_reason: Schema.optional(Schema.NullOr(Schema.String))
  })),
  usage: Schema.optional(Schema.NullOr(TokenUsage))
})

const decodeChat = Schema.decodeUnknownOption(ChatBody)

const textOf = (content: typeof Content.Type): string =>
  typeof content === "string"
    ? content
    : content.map(({ text = "", type }) => (type === "text" ? text : "")).join("")

/** Reads an answer, or a piece of one; of several choices, the first. Mistral's gap filler answers in the same form. */
export const readChat: AskedAs["read"] = (value) =>
  Option.getOrUndefined(Option.map(decodeChat(value), ({ choices, usage }): AnswerPiece => {
    const first = choices.find(({ index }) => (index ?? 0) === 0)
    const message = first?.message ?? first?.delta ?? undefined
    return {
      text: message === undefined ? null : textOf(message.content ?? ""),
      ended: endedBy(first?.finish_reason),
      promptTokens: usage?.prompt_tokens ?? null,
      answerTokens: usage?.completion_tokens ?? null
    }
  }))

export const chatProtocol: Protocol = {
  name: "chat",
  identity: identityOfModels,
  complete: (talk, question) => {
    const { asked } = question
    if (asked._tag !== "chat") return takesOnly(talk, asked, "a chat")
    const system = asked.system === null ? [] : [{ role: "system", content: asked.system }]
    return talk.ask(question, {
      url: versionedAddress(talk.endpoint, "/chat/completions"),
      body: { ...fieldsSent(question, talk), messages: [...system, { role: "user", content: asked.user }] },
      framing: "events",
      read: readChat
    })
  },
  likelihood: null
}
