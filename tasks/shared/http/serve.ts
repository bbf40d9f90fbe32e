/**
 * The one way to serve HTTP: it listens at an address, says when it is ready, answers requests, and in the end finishes
 * the answers that it began. Load it only when a task serves, because the server of the platform loads slowly.
 */
import { createServer, type Server } from "node:http"
import * as HttpMiddleware from "@effect/platform/HttpMiddleware"
import * as HttpServerRequest from "@effect/platform/HttpServerRequest"
import type { HttpServerResponse } from "@effect/platform/HttpServerResponse"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import { systemWords } from "../../../services/faults/system-words.ts"
import { CannotListen, isForeign } from "../cannot-listen.ts"
import { Screen } from "../terminal.ts"
import { refusal } from "./answer.ts"

/** Answers one request; `port` is the port of the server. It must handle its own failures: any other is a bug. */
export type Answerer<R> = (
  request: HttpServerRequest.HttpServerRequest,
  port: number
) => Effect.Effect<HttpServerResponse, never, R>

export interface HttpServerOptions {
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  /** The flags that set the address; there is none for a host that is always the same. */
  readonly flags: { readonly host?: string; readonly port: string }
  /** How long the server waits, at the end, for answers that it has begun. */
  readonly graceMillis: number
  /** The line that says that the server is ready. */
  readonly ready: (url: string) => string
}

const keepAliveTimeout = 5000
const requestTimeout = 60_000
const sweepMillis = 20

/** Serves until it is interrupted or `until` fails, and then finishes the answers that it has begun. */
export const serveHttp = <R, E = never>(
  options: HttpServerOptions,
  answer: Answerer<R>,
  until: Effect.Effect<never, E> = Effect.never
) =>
  Effect.scoped(Effect.gen(function*() {
    const screen = yield* Screen
    const { host, port: wanted } = options
    const name = host.includes(":") ? `[${host}]` : host
    const listener = createServer({ keepAliveTimeout, requestTimeout })
    const server = yield* Effect.mapError(
      NodeHttpServer.make(() => listener, { host, port: wanted }),
      ({ cause }) => {
        const flag = (isForeign(cause) ? options.flags.host : undefined) ?? options.flags.port
        return new CannotListen({
          address: `${name}:${wanted}`,
          detail: `${systemWords(cause)}; pass another ${flag}`
        })
      }
    )
    yield* Effect.addFinalizer(() => Effect.sync(() => letGo(listener, options.graceMillis)))
    const port = server.address._tag === "TcpAddress" ? server.address.port : wanted
    const app = Effect.flatMap(HttpServerRequest.HttpServerRequest, (request) => answer(request, port))
    yield* server.serve(Effect.catchAllCause(app, orBug)).pipe(HttpMiddleware.withTracerDisabledWhenEffect(() => true))
    yield* screen.note(options.ready(`http://${name}:${port}`))
    return yield* until
  }))

/** Lets a server close, as it does with its last connection: idle ones are closed at once, the others after a while. */
const letGo = (server: Server, graceMillis: number) => {
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMillis)
  const end = setTimeout(() => server.closeAllConnections(), graceMillis)
  server.once("close", () => {
    clearInterval(sweep)
    clearTimeout(end)
  })
}

/** Tells of a bug: all of it in the log, and one line to the client, unless the client has left. */
const orBug = (cause: Cause.Cause<never>): Effect.Effect<HttpServerResponse> =>
  Cause.isInterrupted(cause)
    ? Effect.failCause(cause)
    : Effect.as(Effect.logError("request failed", cause), refusal(500, "internal error; see standard error"))
