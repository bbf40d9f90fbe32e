/**
 * One request to a chat server. What may succeed later is repeated, with growing pauses; anything else fails with a
 * reason.
 */
import * as HttpBody from "@effect/platform/HttpBody"
import type * as HttpClient from "@effect/platform/HttpClient"
import type { HttpClientError } from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type { HttpClientResponse } from "@effect/platform/HttpClientResponse"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { ChatMessage } from "../../../services/formats/keystroke-chat.ts"
import { PredictorUnavailable } from "../../../services/Predictor.ts"
import { type Completion, makePieceReader, readCompletion } from "./completion.ts"

export interface ChatServerOptions {
  /** Root of the protocol ("http://127.0.0.1:8000/v1"), or the whole address of its chat completions. */
  readonly endpoint: string
  readonly model: string
  readonly temperature: number
  /** The most tokens that one answer may have. */
  readonly maxTokens: number
  /** How many requests are under way at once. */
  readonly concurrency: number
  /** How long an answer may take, or each piece of a streamed one. */
  readonly timeoutMillis: number
  readonly isStreamed: boolean
  /** Sent to the endpoint, and nowhere else; null for none. */
  readonly apiKey: Redacted.Redacted | null
  /** How often a request is repeated. */
  readonly retries: number
  /** Pause before the first repetition; each one after it takes twice as long. */
  readonly pauseMillis: number
}

/** The server does not accept this request; it may accept others. */
export class RequestRefused extends Data.TaggedError("RequestRefused")<{
  readonly status: number
  readonly detail: string
}> {}

/** The same request may succeed later. */
class Transient extends Data.TaggedError("Transient")<{
  readonly detail: string
  /** How long the server wants to be left alone. */
  readonly waitMillis: number | null
}> {}

export interface ChatServer {
  /** Asks for `count` answers at once; `onRequest` is called for each request that is sent. */
  readonly complete: (
    messages: ReadonlyArray<ChatMessage>,
    count: number,
    onRequest: () => void
  ) => Effect.Effect<Completion, PredictorUnavailable | RequestRefused>
}

/** A server that asks for a longer pause than this counts as unavailable. */
const longestWaitMillis = 120_000
const longestPauseMillis = 30_000
const longestDetail = 200

/** Codes for a connection that was open and broke: the request may be lost with it. */
const lostConnection: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "ECONNABORTED"])

export const makeChatServer = (client: HttpClient.HttpClient, options: ChatServerOptions): Effect.Effect<ChatServer> =>
  Effect.map(Effect.makeSemaphore(options.concurrency), (turns) => {
    const { apiKey, endpoint, isStreamed, timeoutMillis } = options
    const url = completionsUrl(endpoint)
    const timeout = {
      duration: timeoutMillis,
      onTimeout: () => new Transient({ detail: `no answer within ${timeoutMillis / 1000} s`, waitMillis: null })
    }
    const broke = () => new Transient({ detail: "the connection broke", waitMillis: null })
    const unavailable = (detail: string) => new PredictorUnavailable({ endpoint, detail })

    const send = Effect.fnUntraced(function*(body: HttpBody.HttpBody) {
      const request = HttpClientRequest.post(url, { body })
      const response = yield* client.execute(
        apiKey === null ? request : HttpClientRequest.bearerToken(request, apiKey)
      ).pipe(
        Effect.timeoutFail(timeout),
        Effect.catchTags({
          RequestError: (failure) => {
            const code = codeOf(failure)
            const detail = code === "ECONNREFUSED" ? "nothing listens there; start the server" : code || failure.message
            return Effect.fail(lostConnection.has(code) ? broke() : unavailable(detail))
          },
          ResponseError: broke
        })
      )
      if (response.status !== 200) {
        const text = yield* Effect.orElseSucceed(Effect.timeoutFail(response.text, timeout), () => "")
        const detail = withoutKey(detailIn(text), apiKey)
        const said = `it answers ${response.status}${detail === "" ? "" : `: ${detail}`}`
        if (response.status === 408 || response.status === 429 || response.status >= 500) {
          return yield* new Transient({ detail: said, waitMillis: waitOf(response) })
        }
        return yield* new RequestRefused({ status: response.status, detail: said })
      }
      const isInPieces = isStreamed && !(response.headers["content-type"] ?? "").includes("application/json")
      if (!isInPieces) {
        const text = yield* Effect.timeoutFail(response.text, timeout).pipe(Effect.catchTag("ResponseError", broke))
        return readCompletion(text)
      }
      const reader = makePieceReader()
      yield* response.stream.pipe(
        Stream.timeoutFail(timeout.onTimeout, timeoutMillis),
        Stream.decodeText(),
        Stream.runForEach((text) => Effect.sync(() => reader.feed(text))),
        Effect.catchTag("ResponseError", broke)
      )
      return reader.isOver() ? reader.completion() : yield* broke()
    }, Effect.scoped)

    const complete: ChatServer["complete"] = (messages, count, onRequest) => {
      const body = HttpBody.unsafeJson({
        model: options.model,
        messages,
        temperature: options.temperature,
        max_tokens: options.maxTokens,
        ...(count > 1 ? { n: count } : {}),
        ...(isStreamed ? { stream: true, stream_options: { include_usage: true } } : {})
      })
      let tries = 0
      const once = turns.withPermits(1)(Effect.suspend(() => {
        tries++
        onRequest()
        return send(body)
      }))
      return Effect.retry(once, { schedule: repetitions(options), while: isWorthRepeating }).pipe(
        Effect.catchTag("Transient", (failure) =>
          unavailable(
            isWorthRepeating(failure)
              ? `${failure.detail}, ${tries} times`
              : `${failure.detail}; it wants to be left alone for ${Math.ceil((failure.waitMillis ?? 0) / 1000)} s`
          ))
      )
    }
    return { complete }
  })

type Failure = Transient | PredictorUnavailable | RequestRefused

const isWorthRepeating = (failure: Failure): boolean =>
  failure._tag === "Transient" && (failure.waitMillis ?? 0) <= longestWaitMillis

/**
 * When a request is sent again: after twice the pause before, or after the time that the server asks for, and at random
 * within that, so that requests that failed together do not come back together.
 */
const repetitions = ({ pauseMillis, retries }: ChatServerOptions) =>
  Schedule.identity<Failure>().pipe(
    Schedule.intersect(Schedule.recurs(retries)),
    Schedule.modifyDelayEffect(([failure, repetition]) =>
      Effect.map(Random.next, (share) => {
        const pause = Math.min(longestPauseMillis, pauseMillis * 2 ** repetition)
        const asked = failure._tag === "Transient" ? failure.waitMillis ?? 0 : 0
        return Math.max(asked, pause * (0.5 + share / 2))
      })
    )
  )

/** Returns the address of chat completions, given the root of the protocol, a host, or that address itself. */
export const completionsUrl = (endpoint: string): string => {
  const url = new URL(endpoint)
  const path = url.pathname.replace(/\/+$/, "")
  url.pathname = path.endsWith("/chat/completions")
    ? path
    : /\/v\d+\w*$/.test(path)
    ? `${path}/chat/completions`
    : `${path}/v1/chat/completions`
  return url.href
}

const codeOf = (failure: HttpClientError): string => {
  const { cause } = failure
  return typeof cause === "object" && cause !== null && "code" in cause && typeof cause.code === "string"
    ? cause.code
    : ""
}

/** How long the server wants to wait, in milliseconds: Retry-After in seconds or as a date (RFC 9110, 10.2.3). */
const waitOf = (response: HttpClientResponse): number | null => {
  const value = response.headers["retry-after"]
  if (value === undefined) return null
  const seconds = Number(value)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const date = Date.parse(value)
  const now = Date.parse(response.headers["date"] ?? "")
  return Number.isNaN(date) || Number.isNaN(now) ? null : Math.max(0, date - now)
}

const decodeProblem = Schema.decodeUnknownOption(Schema.parseJson(Schema.Union(
  Schema.Struct({ error: Schema.Struct({ message: Schema.String }) }),
  Schema.Struct({ error: Schema.String }),
  Schema.Struct({ message: Schema.String })
)))

/** Returns what a body says is wrong, in one line. */
const detailIn = (body: string): string => {
  const problem = Option.getOrUndefined(decodeProblem(body))
  const text = problem === undefined
    ? body
    : "message" in problem
    ? problem.message
    : typeof problem.error === "string"
    ? problem.error
    : problem.error.message
  const line = text.replace(/[\p{Cc}\s]+/gu, " ").trim()
  return line.length > longestDetail ? `${line.slice(0, longestDetail)}…` : line
}

/** Takes the key out of a text: a server may repeat a key that it does not know. */
const withoutKey = (text: string, apiKey: Redacted.Redacted | null): string =>
  apiKey === null || Redacted.value(apiKey) === "" ? text : text.replaceAll(Redacted.value(apiKey), "…")
