/**
 * The model that proposes edits, behind its server. Whatever goes wrong there is no edit to an editor; whoever reads the log
 * hears of it once, and once again when it is over.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { type AskedText, Completer } from "../../../services/Completer.ts"
import { renderChatMl } from "../../../services/formats/chat-ml.ts"
import type { Dialect, ShownMoment } from "../../../services/next-edit/dialect.ts"
import { Parser } from "../../../services/Parser.ts"

export interface EditModel {
  /** What the model was trained on. */
  readonly dialect: Dialect
  readonly parser: Parser["Type"]
  /** The clock whose pauses tell events apart. */
  readonly millis: Effect.Effect<number>
  /** Returns what the model answers; undefined where there is no whole answer in time. */
  readonly ask: (shown: ShownMoment) => Effect.Effect<string | undefined>
}

/** Tokens of an answer: it holds a region, and regions are smaller than this in every dialect. */
const answerTokens = 1024

export interface EditModelOptions {
  readonly dialect: Dialect
  /** How long an answer may take. */
  readonly timeoutMillis: number
  /** Whether the server writes chats down itself, as its model's template says. */
  readonly isChat?: boolean
  readonly millis?: Effect.Effect<number>
}

export const makeEditModel = Effect.fnUntraced(
  function*({ dialect, isChat = false, millis = Clock.currentTimeMillis, timeoutMillis }: EditModelOptions) {
    const completer = yield* Completer
    const parser = yield* Parser
    const known = { isDown: false, isSlow: false }

    const down = (message: string) =>
      Effect.suspend(() => {
        const isNews = !known.isDown
        known.isDown = true
        return isNews ? Effect.logWarning(`${message}; no edits are offered until it answers`) : Effect.void
      })
    const up = Effect.suspend(() => {
      const isNews = known.isDown
      known.isDown = false
      return isNews ? Effect.logWarning("the model server answers again") : Effect.void
    })
    const slow = Effect.suspend(() => {
      const isNews = !known.isSlow
      known.isSlow = true
      const limit = Duration.format(Duration.millis(timeoutMillis))
      return isNews
        ? Effect.logWarning(`the model takes longer than ${limit} for some edits, which are not offered`)
        : Effect.void
    })

    const askedOf = ({ prompt, system }: ShownMoment): AskedText =>
      system === null
        ? { _tag: "raw", prompt }
        : isChat
        ? { _tag: "chat", system, user: prompt }
        : { _tag: "raw", prompt: renderChatMl({ system, user: prompt }) }

    const ask: EditModel["ask"] = (shown) =>
      completer.complete({
        asked: askedOf(shown),
        maxTokens: answerTokens,
        stops: dialect.stops,
        temperature: 0,
        seed: 0
      }).pipe(
        Effect.timeoutOption(timeoutMillis),
        Effect.matchEffect({
          onFailure: ({ message }) => Effect.as(down(message), undefined),
          onSuccess: (answer) =>
            answer._tag === "None"
              ? Effect.as(slow, undefined)
              // What was cut off would be taken for lines that are deleted.
              : Effect.as(up, answer.value.ended === "length" ? undefined : answer.value.text)
        })
      )

    const model: EditModel = { dialect, parser, millis, ask }
    return model
  }
)
