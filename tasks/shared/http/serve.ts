/**
 * The one way to serve HTTP: it listens at an address, says when it is ready, answers whom it should, bounds what clients
 * can hold, drops the work of those that left, and in the end finishes the answers that it began.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { Socket } from "node:net"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Stream from "effect/Stream"
import { systemWords } from "../../../services/faults/system-words.ts"
import { CannotListen, isForeign } from "../cannot-listen.ts"
import { Screen } from "../terminal.ts"
import { type HttpAnswer, refusal } from "./answer.ts"
import { type Bodies, type BodyRules, makeBodies, type UnfitBody } from "./body.ts"
import { type Callers, inUrl, ownHosts, reasonAgainst } from "./callers.ts"

/** A request that may be answered. */
export interface Visit {
  readonly method: string
  /** Begins with "/"; nothing in it is resolved or decoded. */
  readonly path: string
  /** What stands behind the path: "?" and more, or nothing. */
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: (rules: BodyRules) => Effect.Effect<Uint8Array, UnfitBody>
}

/** Answers one request. It must handle its own failures, but for a body that is not to be read: any other is a bug. */
export type Answerer<R> = (visit: Visit) => Effect.Effect<HttpAnswer, UnfitBody, R>

export interface HttpServerOptions {
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  /** The flags that set the address; there is none for a host that is always the same. */
  readonly flags: { readonly host?: string; readonly port: string }
  /** Names, with or without a port, by which the server may be called too. */
  readonly allowedHosts?: ReadonlyArray<string>
  readonly hasPage: boolean
  /** How long the server waits, at the end, for answers that it has begun. */
  readonly graceMillis: number
  /** The line that says that the server is ready. */
  readonly ready: (url: string) => string
  /** Hears of the status of each answer, those of refused requests too. */
  readonly onAnswer?: (status: number) => void
}

/** What clients can hold. */
const limits = {
  connections: 1024,
  /** For the head of a request, and for all of it. */
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 1000,
  /** For a client to take what it is sent. */
  stallTimeout: 10_000,
  /** Bytes of bodies that are read or being answered. */
  bodies: 256 * 1024 * 1024
}
const sweepMillis = 20

/** Serves until it is interrupted or `until` fails, and then finishes the answers that it has begun. */
export const serveHttp = <R, E = never>(
  options: HttpServerOptions,
  answer: Answerer<R>,
  until: Effect.Effect<never, E> = Effect.never
) =>
  Effect.scoped(Effect.gen(function*() {
    const screen = yield* Screen
    const run = yield* FiberSet.makeRuntime<R>()
    const server = createServer(limits)
    server.maxConnections = limits.connections
    const address = yield* listening(server, options)
    const { allowedHosts: allowed = [], hasPage, host } = options
    const callers = { hasPage, isOwnHost: ownHosts({ host, ...address, allowed }) }
    const bodies = makeBodies(limits.bodies)
    const unanswered = new Set<Socket>()
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      const { socket } = request
      unanswered.add(socket)
      const fiber = run(Effect.flatMap(answered(request, callers, bodies, answer), (given) => {
        options.onAnswer?.(given.status)
        return send(response, given, request.method === "HEAD")
      }))
      response.once("close", () => {
        unanswered.delete(socket)
        bodies.release(request)
        // Nobody is left to be answered; after an answer that was taken this changes nothing.
        fiber.unsafeInterruptAsFork(fiber.id())
      })
    })
    server.setTimeout(limits.stallTimeout, (socket: Socket) => {
      // A client that waits for its answer is quiet with a reason; one that does not take what is sent is not.
      if (!unanswered.has(socket) || socket.writableLength > 0) socket.destroy()
    })
    yield* screen.note(options.ready(`http://${inUrl(host)}:${address.port}`))
    return yield* until
  }))

/** Listens for as long as the scope lasts, and then waits for the answers that were begun. */
const listening = (server: Server, { flags, graceMillis, host, port }: HttpServerOptions) =>
  Effect.acquireRelease(
    Effect.async<{ readonly address: string; readonly port: number }, CannotListen>((resume) => {
      server.on("error", (cause) => {
        const flag = (isForeign(cause) ? flags.host : undefined) ?? flags.port
        const detail = `${systemWords(cause)}; pass another ${flag}`
        resume(new CannotListen({ address: `${inUrl(host)}:${port}`, detail }))
      })
      server.listen({ host, port }, () => {
        const bound = server.address()
        resume(Effect.succeed(bound === null || typeof bound === "string" ? { address: host, port } : bound))
      })
    }),
    () =>
      Effect.async<void>((resume) => {
        const sweep = setInterval(() => server.closeIdleConnections(), sweepMillis)
        const end = setTimeout(() => server.closeAllConnections(), graceMillis)
        server.close(() => {
          clearInterval(sweep)
          clearTimeout(end)
          resume(Effect.void)
        })
      })
  )

const answered = <R>(
  request: IncomingMessage,
  callers: Callers,
  bodies: Bodies,
  answer: Answerer<R>
): Effect.Effect<HttpAnswer, never, R> => {
  const against = reasonAgainst(request.headersDistinct, callers)
  if (against !== undefined) return Effect.succeed(refusal(403, against, { connection: "close" }))
  const url = request.url ?? ""
  // A proxy is sent whole addresses, and we are none to whoever takes us for one.
  if (!url.startsWith("/")) return Effect.succeed(refusal(400, "a path begins with /", { connection: "close" }))
  const end = url.indexOf("?") === -1 ? url.length : url.indexOf("?")
  const visit: Visit = {
    method: request.method ?? "",
    path: url.slice(0, end),
    query: url.slice(end),
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
    body: (rules) => bodies.read(request, rules)
  }
  return Effect.suspend(() => answer(visit)).pipe(
    Effect.catchTag(
      "UnfitBody",
      ({ message, status }) => Effect.succeed(refusal(status, message, status === 429 ? { "retry-after": "1" } : {}))
    ),
    Effect.catchAllCause(orBug)
  )
}

/** Writes an answer, as fast as the client takes it. One that breaks off is not made to look whole. */
const send = (
  response: ServerResponse,
  { body, headers, status }: HttpAnswer,
  isHead: boolean
): Effect.Effect<void> => {
  if (body instanceof Uint8Array) {
    return Effect.async<void>((resume) => {
      response.writeHead(status, { ...headers, "content-length": body.length })
      response.end(body, () => resume(Effect.void))
    })
  }
  const write = (piece: Uint8Array) =>
    Effect.async<void>((resume) => {
      response.write(piece, () => resume(Effect.void))
    })
  return Effect.suspend(() => {
    response.writeHead(status, headers)
    response.flushHeaders()
    return isHead ? Effect.void : Stream.runForEach(body, write)
  }).pipe(
    Effect.matchCauseEffect({
      onSuccess: () => Effect.sync(() => void response.end()),
      onFailure: () => Effect.sync(() => void response.destroy())
    })
  )
}

/** Tells of a bug: all of it in the log, and one line to the client, unless the client has left. */
const orBug = (cause: Cause.Cause<never>): Effect.Effect<HttpAnswer> =>
  Cause.isInterrupted(cause)
    ? Effect.failCause(cause)
    : Effect.as(Effect.logError("request failed", cause), refusal(500, "internal error; see standard error"))
