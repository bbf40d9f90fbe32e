/**
 * A stand-in for a model's server: what it stands for gains what the project tells, all else passes through. For llama.cpp's
 * `/infill` that is `input_extra`; its clients send no path, so the file is found by its text.
 */
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import { isHttpMethod } from "@effect/platform/HttpMethod"
import * as Effect from "effect/Effect"
import { withoutPasswords } from "../../services/text/showable.ts"
import { styleNamed } from "../../services/formats/context-style.ts"
import { requestFor } from "./ask.ts"
import { type ExtraInput, extraOf, inStableOrder } from "./prompt.ts"
import { isRecord } from "./protocol.ts"
import { type HttpAnswer, jsonAnswer, refusal } from "../shared/http/answer.ts"
import { bodyText } from "../shared/http/body.ts"
import { serveHttp, type Visit } from "../shared/http/serve.ts"
import type { Workspace } from "../shared/workspace.ts"

/** Headers that belong to one connection, or that change with the body. */
const ownHeaders = new Set([
  "accept-encoding",
  "connection",
  "content-encoding",
  "content-length",
  "host",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade"
])

/** Who may read an answer is for us to say, and we say nothing: that is only the page that came from here. */
const isOwn = (name: string) => ownHeaders.has(name) || name.startsWith("access-control-")

const passedOn = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !isOwn(name.toLowerCase())))

/** How long answers that the model's server is giving are waited for at the end. */
const graceMillis = 500

/** Bytes of a request. */
const mostBody = 64 * 1024 * 1024
const jsonTypes = ["application/json"]

export interface ProxyOptions {
  /** Address of the model's server, without a "/" at its end. */
  readonly target: string
  /** Port of 127.0.0.1 to listen on. */
  readonly port: number
  /** The folder that the project is in. */
  readonly root: string
}

type JsonBody = Readonly<Record<string, unknown>>

/** What is done with some requests of a kind. */
export interface StandInRules {
  /** Whether it is for the requests of a path. */
  readonly isFor: (path: string) => boolean
  /** Returns the body that is passed on, and what becomes of the JSON that is answered, where anything does. */
  readonly asked: (
    body: JsonBody
  ) => Effect.Effect<{ readonly body: JsonBody; readonly answered?: (answer: unknown) => unknown }>
}

/** Stands before the model's server until it is interrupted. */
export const serveProxy = Effect.fn("serveContext.proxy")(
  function*({ port, root, target }: ProxyOptions, workspace: Workspace, rules = infillRules(workspace)) {
    const { files } = workspace.size()
    const options = {
      host: "127.0.0.1",
      port,
      flags: { port: "--listen" },
      // The model's server has a page, which comes from here for whoever opens it here.
      hasPage: true,
      graceMillis,
      ready: (url: string) => `Listening on ${url} before ${target}, ${files} files of "${root}" indexed\n`
    }
    return yield* serveHttp(options, yield* makeAnswerer(target, rules))
  },
  Effect.provide(FetchHttpClient.layer),
  Effect.provideService(FetchHttpClient.RequestInit, { redirect: "manual" })
)

/** Puts the project's context before what is filled in. */
const infillRules = (workspace: Workspace): StandInRules => {
  let sent: ReadonlyArray<ExtraInput> = []

  const withContext = Effect.fnUntraced(function*(body: JsonBody) {
    const text = (key: string) => (typeof body[key] === "string" ? body[key] : "")
    const prefix = text("input_prefix") + text("prompt")
    const suffix = text("input_suffix")
    const path = workspace.locate(prefix, suffix)
    const defaults = { hasChunks: true }
    const request = requestFor(
      { holds: prefix.length + suffix.length },
      { path, prefix, suffix },
      defaults,
      styleNamed(undefined, path)
    )
    const answer = yield* workspace.context(new Map(), request)
    sent = inStableOrder(extraOf(answer), sent)
    const own = Array.isArray(body["input_extra"]) ? body["input_extra"] : []
    return { body: { ...body, input_extra: [...sent, ...own] } }
  })
  return { isFor: (path) => path === "/infill", asked: withContext }
}

/** Makes what answers every request of the stand-in. */
const makeAnswerer = Effect.fnUntraced(function*(target: string, rules: StandInRules) {
  const client = yield* HttpClient.HttpClient

  const passOn = Effect.fnUntraced(function*({ body: read, headers, method, path, query }: Visit) {
    if (!isHttpMethod(method)) return refusal(501, `${method} is not passed on`)
    const isOurs = method === "POST" && rules.isFor(path)
    const base = HttpClientRequest.make(method)(target + path + query).pipe(
      HttpClientRequest.setHeaders(passedOn(headers))
    )
    const hasBody = method !== "GET" && method !== "HEAD"
    const bytes = hasBody ? yield* read({ most: mostBody, ...(isOurs ? { types: jsonTypes } : {}) }) : undefined
    const parsed = isOurs && bytes !== undefined ? parse(bytes) : undefined
    const asked = parsed === undefined ? undefined : yield* rules.asked(parsed)
    const body = asked === undefined ? bytes : encoder.encode(JSON.stringify(asked.body))
    const given = yield* client.execute(
      body === undefined
        ? base
        : HttpClientRequest.bodyUint8Array(base, body, headers["content-type"] ?? "application/json")
    )
    const type = given.headers["content-type"] ?? "application/octet-stream"
    const headersGiven = { ...passedOn(given.headers), "content-type": type }
    if (asked?.answered !== undefined && given.status === 200 && type.includes("json")) {
      const whole = new Uint8Array(yield* given.arrayBuffer)
      const said = parse(whole)
      const shown = said === undefined ? whole : encoder.encode(JSON.stringify(asked.answered(said)))
      const changed: HttpAnswer = { status: given.status, headers: headersGiven, body: shown }
      return changed
    }
    const answer: HttpAnswer = {
      status: given.status,
      headers: headersGiven,
      body: given.stream
    }
    return answer
  })

  return (visit: Visit) =>
    passOn(visit).pipe(
      // The model's server is down: the client hears what a gateway says then.
      Effect.catchAll((failure) =>
        failure._tag === "UnfitBody"
          ? Effect.fail(failure)
          : Effect.succeed(
            jsonAnswer(
              { error: { code: 502, message: withoutPasswords(`Cannot reach ${target}: ${failure.message}`) } },
              502
            )
          )
      )
    )
})

const encoder = new TextEncoder()

const parse = (bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(bodyText(bytes))
    return isRecord(value) ? value : undefined
  } catch {
    // The real server says what is wrong with it.
    return undefined
  }
}
