/** Predictor that asks a model: any server that speaks OpenAI's chat completions, such as vLLM, llama.cpp or Ollama. */
import * as HttpClient from "@effect/platform/HttpClient"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import { readAnswer } from "../../services/formats/keystroke-answer.ts"
import { type ChatMessage, renderQuestion } from "../../services/formats/keystroke-chat.ts"
import { printKeys } from "../../services/keys/keystrokes.ts"
import { type Candidate, Predictor, PredictorRefused, PredictorUnavailable } from "../../services/Predictor.ts"
import type { RequestRefused } from "../model-server/server.ts"
import type { Completion } from "./chat/completion.ts"
import { type ChatServerOptions, makeChatServer } from "./chat/server.ts"

/** So many refusals before the first answer mean that no request will be accepted. */
const refusalsThatSuffice = 8

/** The statuses that a server gives for a request that is too long or malformed, while it accepts others. */
const refusedAlone: ReadonlySet<number> = new Set([400, 413, 422])

const make = (options: ChatServerOptions) =>
  Effect.gen(function*() {
    const server = yield* makeChatServer(yield* HttpClient.HttpClient, options)
    const known = { takesCount: true, answers: 0, refusals: 0 }

    /** A refused request counts as one without an answer, as long as others are accepted. */
    const orRefused = (refusal: RequestRefused) => {
      known.refusals++
      return refusedAlone.has(refusal.status) && (known.answers > 0 || known.refusals < refusalsThatSuffice)
        ? Effect.succeed(undefined)
        : new PredictorRefused({ endpoint: options.endpoint, detail: refusal.detail })
    }

    const ask = (messages: ReadonlyArray<ChatMessage>, count: number, onRequest: () => void) =>
      server.complete(messages, count, onRequest).pipe(
        Effect.catchTag("RequestRefused", (refusal) =>
          // Some servers give only one answer at a time, and say so.
          count > 1 && refusal.status === 400
            ? Effect.tap(server.complete(messages, 1, onRequest), () => Effect.sync(() => known.takesCount = false))
            : Effect.fail(refusal)),
        Effect.tap(() => Effect.sync(() => known.answers++)),
        Effect.catchTags({
          RequestRefused: orRefused,
          ServerUnavailable: ({ detail }) => new PredictorUnavailable({ endpoint: options.endpoint, detail })
        })
      )

    const predict: Predictor["Type"]["predict"] = Effect.fn("Predictor.predict")(function*({ count, edit, examples }) {
      const messages = renderQuestion(edit, examples)
      let requests = 0
      const onRequest = () => void requests++
      const atOnce = known.takesCount ? count : 1
      const first = yield* ask(messages, atOnce, onRequest)
      const completions: Array<Completion | undefined> = [first]
      const came = first?.answers.length ?? 0
      if (came > 0 && came < atOnce) known.takesCount = false
      // At temperature 0 the next answer would be the same.
      if (came > 0 && came < count && options.temperature > 0) {
        const rest = Array.from({ length: count - came })
        completions.push(
          ...yield* Effect.forEach(rest, () => ask(messages, 1, onRequest), { concurrency: options.concurrency })
        )
      }
      return { ...readAnswers(completions), usage: { requests, ...tokensOf(messages, completions) } }
    })

    return Predictor.of({ concurrency: options.concurrency, predict })
  })

const readAnswers = (completions: ReadonlyArray<Completion | undefined>) => {
  const refused: Record<string, number> = {}
  const refuse = (reason: string, count = 1) => {
    if (count > 0) refused[reason] = (refused[reason] ?? 0) + count
  }
  const candidates = new Map<string, Candidate>()
  for (const completion of completions) {
    if (completion === undefined) refuse("request refused")
    refuse("malformed answer", completion?.malformed ?? 0)
    for (const { isCutOff, text } of completion?.answers ?? []) {
      const answer = readAnswer(text)
      if (isCutOff) refuse("cut off by --max-tokens")
      else if (Either.isLeft(answer)) refuse(answer.left)
      else if (candidates.has(printKeys(answer.right.keys))) refuse("same keys as another answer")
      else candidates.set(printKeys(answer.right.keys), answer.right)
    }
  }
  return { candidates: [...candidates.values()], refused }
}

/** About how many characters a token has, for servers that do not count tokens. */
const charactersPerToken = 4

const tokensOf = (messages: ReadonlyArray<ChatMessage>, completions: ReadonlyArray<Completion | undefined>) => {
  const estimate = (texts: ReadonlyArray<string>) => Math.ceil(texts.join("").length / charactersPerToken)
  const asked = estimate(messages.map(({ content }) => content))
  const sum = (counts: ReadonlyArray<number>) => counts.reduce((total, count) => total + count, 0)
  const answered = completions.flatMap((completion) => (completion === undefined ? [] : [completion]))
  return {
    promptTokens: sum(answered.map(({ promptTokens }) => promptTokens ?? asked)),
    completionTokens: sum(
      answered.map(({ answers, completionTokens }) => completionTokens ?? estimate(answers.map(({ text }) => text)))
    )
  }
}

export const layer = (options: ChatServerOptions): Layer.Layer<Predictor, never, HttpClient.HttpClient> =>
  Layer.effect(Predictor, make(options))
