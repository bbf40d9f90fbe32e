/**
 * How a model server is talked to, whatever it speaks: what may succeed later is repeated, with growing pauses and as
 * late as the server asks; every answer has its time; no message shows the key; and whoever is interrupted closes the
 * connection, so that the server stops writing.
 */
import * as HttpBody from "@effect/platform/HttpBody"
import type * as HttpClient from "@effect/platform/HttpClient"
import type { HttpClientError } from "@effect/platform/HttpClientError"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import type { HttpClientResponse } from "@effect/platform/HttpClientResponse"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { problemIn } from "./problem.ts"

export interface ModelServerOptions {
  /** How many requests are under way at once. */
  readonly concurrency: number
  /** How long an answer may take, or each piece of a streamed one. */
  readonly timeoutMillis: number
  /** Sent to the server, and nowhere else; null for none. */
  readonly apiKey: Redacted.Redacted | null
  /** How often a request is repeated. */
  readonly retries: number
  /** Pause before the first repetition; each one after it takes twice as long. */
  readonly pauseMillis: number
}

/** What was read of an answer: a value, or a failure that counts as if the server had answered with that status. */
export type Reading<A> =
  | { readonly _tag: "said"; readonly value: A }
  | { readonly _tag: "failed"; readonly status: number; readonly detail: string }

/** Gathers an answer that comes in pieces. */
export interface PieceReader<A> {
  readonly feed: (text: string) => void
  /** Whether some of the answer itself has come. */
  readonly hasBegun: () => boolean
  /** Whether no more needs to come: the connection is closed then, and the server stops writing. */
  readonly isEnough: () => boolean
  /** Whether the answer is whole: a stream that ends before was cut. */
  readonly isOver: () => boolean
  readonly said: () => Reading<A>
}

/** One request, and how its answer is read. */
export interface Exchange<A> {
  readonly url: string
  /** Sent as JSON; undefined asks by GET. */
  readonly body: unknown
  /** Reads an answer that comes whole. */
  readonly read: (text: string) => Reading<A>
  /** Reads an answer that comes in pieces; null where none is asked for. */
  readonly inPieces: (() => PieceReader<A>) | null
  /** Called for each request that is sent. */
  readonly onRequest?: () => void
}

/** An answer, and how long the request took that brought it: until it was whole, and until its first piece. */
export interface Timed<A> {
  readonly value: A
  readonly millis: number
  /** Null where it came whole. */
  readonly firstMillis: number | null
}

/** The server does not accept this request; it may accept others. */
export class RequestRefused extends Data.TaggedError("RequestRefused")<{
  readonly status: number
  readonly detail: string
}> {}

/** The server cannot be reached, or did not answer however often it was asked. */
export class ServerUnavailable extends Data.TaggedError("ServerUnavailable")<{ readonly detail: string }> {}

/** The same request may succeed later. */
class Transient extends Data.TaggedError("Transient")<{
  readonly detail: string
  /** How long the server wants to be left alone. */
  readonly waitMillis: number | null
}> {}

export interface ModelServer {
  readonly exchange: <A>(exchange: Exchange<A>) => Effect.Effect<Timed<A>, ServerUnavailable | RequestRefused>
}

/** A server that asks for a longer pause than this counts as unavailable. */
const longestWaitMillis = 120_000
const longestPauseMillis = 30_000

/** Types of answers that do not come in pieces, whatever was asked for. */
const comesWhole = /application\/json|text\/html/

/** Codes for a connection that was open and broke: the request may be lost with it. */
const lostConnection: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "ECONNABORTED"])

export const makeModelServer = (
  client: HttpClient.HttpClient,
  options: ModelServerOptions
): Effect.Effect<ModelServer> =>
  Effect.map(Effect.makeSemaphore(options.concurrency), (turns) => {
    const { apiKey, timeoutMillis } = options
    const timeout = {
      duration: timeoutMillis,
      onTimeout: () => new Transient({ detail: `no answer within ${timeoutMillis / 1000} s`, waitMillis: null })
    }
    const broke = () => new Transient({ detail: "the connection broke", waitMillis: null })
    const failed = (status: number, said: string, waitMillis: number | null) => {
      const detail = withoutKey(said, apiKey)
      return status === 408 || status === 429 || status >= 500
        ? new Transient({ detail, waitMillis })
        : new RequestRefused({ status, detail })
    }

    const respond = (url: string, body: unknown) => {
      const request = body === undefined
        ? HttpClientRequest.get(url)
        : HttpClientRequest.post(url, { body: HttpBody.unsafeJson(body) })
      return client.execute(apiKey === null ? request : HttpClientRequest.bearerToken(request, apiKey)).pipe(
        Effect.timeoutFail(timeout),
        Effect.catchTags({
          RequestError: (failure) => {
            const code = codeOf(failure)
            const detail = code === "ECONNREFUSED" ? "nothing listens there; start the server" : code || failure.message
            return Effect.fail(
              lostConnection.has(code) ? broke() : new ServerUnavailable({ detail: withoutKey(detail, apiKey) })
            )
          },
          ResponseError: broke
        })
      )
    }

    /** Reads the answer of a response; the time of its first piece comes with it. */
    const receive = Effect.fnUntraced(function*<A>(response: HttpClientResponse, { inPieces, read }: Exchange<A>) {
      if (inPieces === null || comesWhole.test(response.headers["content-type"] ?? "")) {
        const text = yield* Effect.timeoutFail(response.text, timeout).pipe(Effect.catchTag("ResponseError", broke))
        return { said: read(text), first: null }
      }
      const reader = inPieces()
      let first: number | null = null
      yield* response.stream.pipe(
        Stream.timeoutFail(timeout.onTimeout, timeoutMillis),
        Stream.decodeText(),
        Stream.mapEffect((text) =>
          Effect.map(Clock.currentTimeMillis, (now) => {
            reader.feed(text)
            if (first === null && reader.hasBegun()) first = now
          })
        ),
        Stream.takeUntil(() => reader.isEnough()),
        Stream.runDrain,
        Effect.catchTag("ResponseError", broke)
      )
      if (!reader.isOver() && !reader.isEnough()) return yield* broke()
      return { said: reader.said(), first }
    })

    const send = Effect.fnUntraced(function*<A>(exchange: Exchange<A>) {
      const start = yield* Clock.currentTimeMillis
      const response = yield* respond(exchange.url, exchange.body)
      if (response.status !== 200) {
        const text = yield* Effect.orElseSucceed(Effect.timeoutFail(response.text, timeout), () => "")
        const detail = problemIn(text)
        const said = `it answers ${response.status}${detail === "" ? "" : `: ${detail}`}`
        return yield* failed(response.status, said, waitOf(response))
      }
      const { first, said } = yield* receive(response, exchange)
      if (said._tag === "failed") return yield* failed(said.status, said.detail, null)
      const end = yield* Clock.currentTimeMillis
      const timed: Timed<A> = {
        value: said.value,
        millis: end - start,
        firstMillis: first === null ? null : first - start
      }
      return timed
    }, Effect.scoped)

    const exchange: ModelServer["exchange"] = (asked) => {
      let tries = 0
      const once = turns.withPermits(1)(Effect.suspend(() => {
        tries++
        asked.onRequest?.()
        return send(asked)
      }))
      return Effect.retry(once, { schedule: repetitions(options), while: isWorthRepeating }).pipe(
        Effect.catchTag("Transient", (failure) =>
          new ServerUnavailable({
            detail: isWorthRepeating(failure)
              ? failure.detail + (tries === 1 ? "" : `, ${tries} times`)
              : `${failure.detail}; it wants to be left alone for ${Math.ceil((failure.waitMillis ?? 0) / 1000)} s`
          }))
      )
    }
    return { exchange }
  })

type ExchangeFailure = Transient | ServerUnavailable | RequestRefused

const isWorthRepeating = (failure: ExchangeFailure): boolean =>
  failure._tag === "Transient" && (failure.waitMillis ?? 0) <= longestWaitMillis

/**
 * When a request is sent again: after twice the pause before, or after the time that the server asks for, and at random
 * within that, so that requests that failed together do not come back together.
 */
const repetitions = ({ pauseMillis, retries }: ModelServerOptions) =>
  Schedule.identity<ExchangeFailure>().pipe(
    Schedule.intersect(Schedule.recurs(retries)),
    Schedule.modifyDelayEffect(([failure, repetition]) =>
      Effect.map(Random.next, (share) => {
        const pause = Math.min(longestPauseMillis, pauseMillis * 2 ** repetition)
        const asked = failure._tag === "Transient" ? failure.waitMillis ?? 0 : 0
        return Math.max(asked, pause * (0.5 + share / 2))
      })
    )
  )

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

/** Takes the key out of a text: a server may repeat a key that it does not know. */
const withoutKey = (text: string, apiKey: Redacted.Redacted | null): string =>
  apiKey === null || Redacted.value(apiKey) === "" ? text : text.replaceAll(Redacted.value(apiKey), "…")
