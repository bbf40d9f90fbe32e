/**
 * What servers of OpenAI's protocol answer to POST /chat/completions, whole or streamed. It is read leniently: servers
 * leave out usage and reasons, and what is not an answer is counted, not thrown.
 */
import { createParser } from "eventsource-parser"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { PieceReader } from "../../model-server/server.ts"

export interface Completion {
  readonly answers: ReadonlyArray<ChatAnswer>
  /** How many choices could not be read. */
  readonly malformed: number
  /** Null where the server does not say. */
  readonly promptTokens: number | null
  readonly completionTokens: number | null
}

export interface ChatAnswer {
  readonly text: string
  /** Whether it ended at the limit of tokens. */
  readonly isCutOff: boolean
}

const Usage = Schema.Struct({
  prompt_tokens: Schema.optional(Schema.NullOr(Schema.Number)),
  completion_tokens: Schema.optional(Schema.NullOr(Schema.Number))
})
const Body = Schema.Struct({
  choices: Schema.Array(Schema.Unknown),
  usage: Schema.optional(Schema.NullOr(Usage))
})
/** A text, or parts of one: what is no text among them, such as thoughts, is left out. */
const Content = Schema.Union(
  Schema.String,
  Schema.transform(
    Schema.Array(Schema.Struct({ type: Schema.String, text: Schema.optional(Schema.String) })),
    Schema.String,
    {
      strict: true,
      decode: (parts) => parts.map(({ text = "", type }) => (type === "text" ? text : "")).join(""),
      encode: (text) => [{ type: "text", text }]
    }
  )
)
const FinishReason = Schema.optional(Schema.NullOr(Schema.String))
const Choice = Schema.Struct({
  message: Schema.Struct({ content: Schema.NullOr(Content) }),
  finish_reason: FinishReason
})
const Piece = Schema.Struct({
  index: Schema.optionalWith(Schema.Number, { default: () => 0 }),
  delta: Schema.optional(Schema.NullOr(Schema.Struct({ content: Schema.optional(Schema.NullOr(Content)) }))),
  finish_reason: FinishReason
})

const decodeBody = Schema.decodeUnknownOption(Schema.parseJson(Body))
const decodeChoice = Schema.decodeUnknownOption(Choice)
const decodePiece = Schema.decodeUnknownOption(Piece)

const answerOf = (text: string, finishReason: string | null | undefined): ChatAnswer => ({
  text,
  isCutOff: finishReason === "length"
})

const nothing: Completion = { answers: [], malformed: 1, promptTokens: null, completionTokens: null }

/** Reads an answer that came whole. */
export const readCompletion = (body: string): Completion => {
  const read = decodeBody(body)
  if (Option.isNone(read)) return nothing
  const answers = read.value.choices.flatMap((choice) => {
    const { finish_reason, message } = Option.getOrElse(decodeChoice(choice), () => ({
      message: { content: null },
      finish_reason: null
    }))
    return message.content === null ? [] : [answerOf(message.content, finish_reason)]
  })
  return {
    answers,
    malformed: Math.max(read.value.choices.length, 1) - answers.length,
    promptTokens: read.value.usage?.prompt_tokens ?? null,
    completionTokens: read.value.usage?.completion_tokens ?? null
  }
}

/** Gathers an answer that comes in pieces, as server-sent events. */
export const makePieceReader = (): PieceReader<Completion> => {
  const texts = new Map<number, { text: string; finishReason: string | null }>()
  let isOver = false
  let malformed = 0
  let usage: typeof Usage.Type = {}
  const parser = createParser({
    onEvent: ({ data }) => {
      if (data === "[DONE]") {
        isOver = true
        return
      }
      const read = decodeBody(data)
      if (Option.isNone(read)) {
        malformed++
        return
      }
      usage = read.value.usage ?? usage
      for (const choice of read.value.choices) {
        const piece = decodePiece(choice)
        if (Option.isNone(piece)) {
          malformed++
          continue
        }
        const { delta, finish_reason, index } = piece.value
        const own = texts.get(index) ?? { text: "", finishReason: null }
        texts.set(index, own)
        own.text += delta?.content ?? ""
        own.finishReason = finish_reason ?? own.finishReason
      }
    }
  })
  return {
    feed: parser.feed,
    // Some servers just close the connection after the last reason.
    isOver: () => isOver || (texts.size > 0 && [...texts.values()].every(({ finishReason }) => finishReason !== null)),
    hasBegun: () => [...texts.values()].some(({ text }) => text !== ""),
    isEnough: () => false,
    said: () => {
      // With a piece lost, every text is in doubt.
      const answers = malformed > 0
        ? []
        : [...texts.entries()].sort(([a], [b]) => a - b).map(([, { finishReason, text }]) =>
          answerOf(text, finishReason)
        )
      return {
        _tag: "said",
        value: {
          answers,
          malformed: answers.length === 0 ? 1 : 0,
          promptTokens: usage.prompt_tokens ?? null,
          completionTokens: usage.completion_tokens ?? null
        }
      }
    }
  }
}
