/**
 * A stand-in for llama.cpp's server: `/infill` gains the project's context in `input_extra`, all else passes through.
 * Its clients send no path, so the file is found by its text.
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import * as HttpServerResponse from "@effect/platform/HttpServerResponse"
import * as Effect from "effect/Effect"
import { styleNamed } from "../../services/formats/context-style.ts"
import { requestFor } from "./ask.ts"
import { type ExtraInput, extraOf, inStableOrder } from "./prompt.ts"
import { isRecord } from "./protocol.ts"
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

const passedOn = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ownHeaders.has(name.toLowerCase())))

/** Makes what answers every request of the stand-in; `target` is the address of the real server, without a "/" at its end. */
export const proxyApp = Effect.fn("serveContext.proxy")(function*(target: string, workspace: Workspace) {
  const client = yield* HttpClient.HttpClient
  let sent: ReadonlyArray<ExtraInput> = []

  const withContext = Effect.fnUntraced(function*(body: Readonly<Record<string, unknown>>) {
    const text = (key: string) => (typeof body[key] === "string" ? body[key] : "")
    const prefix = text("input_prefix") + text("prompt")
    const suffix = text("input_suffix")
    const path = workspace.locate(prefix, suffix)
    const defaults = { hasChunks: true, encoding: undefined }
    const request = requestFor({}, { path, prefix, suffix }, defaults, styleNamed(undefined, path))
    const answer = yield* workspace.context(new Map(), request)
    sent = inStableOrder(extraOf(answer), sent)
    const own = Array.isArray(body["input_extra"]) ? body["input_extra"] : []
    return { ...body, input_extra: [...sent, ...own] }
  })

  const respond = Effect.gen(function*() {
    const request = yield* HttpServerRequest.HttpServerRequest
    const isInfill = request.method === "POST" && /^\/infill(?:\?|$)/.test(request.url)
    const base = HttpClientRequest.make(request.method)(target + request.url).pipe(
      HttpClientRequest.setHeaders(passedOn(request.headers))
    )
    const hasBody = request.method !== "GET" && request.method !== "HEAD"
    const bytes = hasBody ? new Uint8Array(yield* request.arrayBuffer) : undefined
    const type = request.headers["content-type"] ?? "application/json"
    const parsed = isInfill && bytes !== undefined ? parse(bytes) : undefined
    const body = parsed === undefined ? bytes : encoder.encode(JSON.stringify(yield* withContext(parsed)))
    const answer = yield* client.execute(
      body === undefined ? base : HttpClientRequest.bodyUint8Array(base, body, type)
    )
    return HttpServerResponse.stream(answer.stream, {
      status: answer.status,
      headers: passedOn(answer.headers),
      contentType: answer.headers["content-type"] ?? "application/octet-stream"
    })
  }).pipe(
    // The model's server is down, or left in the middle of an answer: the client hears what a gateway says then.
    Effect.catchAll((failure) =>
      HttpServerResponse.json({ error: { code: 502, message: `Cannot reach ${target}: ${failure.message}` } }, {
        status: 502
      })
    )
  )
  return { respond }
})

const encoder = new TextEncoder()

const parse = (bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return isRecord(value) ? value : undefined
  } catch {
    // The real server says what is wrong with it.
    return undefined
  }
}
