/** Where clients come from: our own standard streams, or a socket that several editors share. */
import { createServer, type Server, type Socket } from "node:net"
import * as NodeStream from "@effect/platform-node/NodeStream"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Option from "effect/Option"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { ExitCode } from "../../services/faults/exit-code.ts"
import { Screen } from "../shared/terminal.ts"
import { systemWords } from "../../services/faults/system-words.ts"
import { CannotListen } from "../shared/cannot-listen.ts"
import type { Connection } from "./serve.ts"
import { admit, makeToken } from "./token.ts"
import { claimPath } from "./unix-socket.ts"

/** How often a connection whose input ended looks whether anybody is left to be answered. */
const vigil = "250 millis"
/** How long it takes to say why a client is cut off; whoever does not read may not read this either. */
const lastWords = "500 millis"

/** The client that started this process. */
export const standardStreams = Effect.gen(function*() {
  const screen = yield* Screen
  const ended = yield* Deferred.make<void>()
  const parent = process.ppid
  const connection: Connection = {
    // An input that breaks has ended.
    incoming: Stream.concat(
      Stream.orElse(NodeStream.fromReadable<Error, Uint8Array>(() => process.stdin, toError), () => Stream.empty),
      Stream.drain(Stream.fromEffect(Deferred.succeed(ended, undefined)))
    ),
    send: screen.print,
    // What was written cannot be taken back, so an orderly end would wait for it.
    cutOff: (why) =>
      Effect.zipRight(
        Effect.timeoutOption(screen.note(`${why}\n`), lastWords),
        Effect.sync(() => process.exit(ExitCode.Unavailable))
      ),
    // What was asked before the input ended is answered, unless whoever asked is gone. Then there is nobody to be
    // answered and nothing to be put in order: files are written whole or not at all.
    abandoned: Deferred.await(ended).pipe(
      Effect.zipRight(Effect.repeat(Effect.sync(() => process.ppid !== parent), {
        until: (isGone) => isGone,
        schedule: Schedule.spaced(vigil)
      })),
      Effect.zipRight(Effect.sync(() => process.exit(ExitCode.Done)))
    )
  }
  return connection
})

const toError = (cause: unknown): Error => cause instanceof Error ? cause : new Error(String(cause))

/** Clients at a time; whoever comes then is turned away. */
const mostClients = 256

/**
 * Serves every client of a Unix socket that only this user can open, or those of a TCP port of this machine that have its
 * token, until it is interrupted.
 */
export const listen = Effect.fn("serveContext.listen")(function*<R>(
  address: string,
  onClient: (connection: Connection) => Effect.Effect<void, never, R>
) {
  const screen = yield* Screen
  const port = /^\d{1,5}$/.test(address) ? Number(address) : undefined
  const token = port === undefined ? undefined : makeToken()
  if (port === undefined) yield* claimPath(address)
  const run = yield* FiberSet.makeRuntime<R | Screen>()
  const server = createServer((socket) => {
    run(
      Effect.scoped(Effect.gen(function*() {
        const connection = yield* overSocket(socket)
        const admitted = token === undefined ? Option.some(connection) : yield* admit(connection, token)
        if (Option.isSome(admitted)) yield* onClient(admitted.value)
      })).pipe(Effect.ensuring(Effect.sync(() => socket.destroySoon())))
    )
  })
  server.maxConnections = mostClients
  yield* opened(server, port === undefined ? { path: address } : { port, host: "127.0.0.1" }, address)
  const bound = server.address()
  const at = bound === null || typeof bound === "string" ? address : `127.0.0.1:${bound.port}`
  yield* screen.note(`Listening on ${at}${token === undefined ? "" : `, token ${token}`}\n`)
  return yield* Effect.never
}, Effect.scoped)

/** Opens a server for the scope; its clients end with it. */
const opened = (
  server: Server,
  at: { readonly path: string } | { readonly port: number; readonly host: string },
  address: string
) => {
  const sockets = new Set<Socket>()
  server.on("connection", (socket) => {
    sockets.add(socket)
    socket.once("close", () => sockets.delete(socket))
  })
  return Effect.acquireRelease(
    Effect.async<void, CannotListen>((resume) => {
      server.on("error", (cause) => {
        const detail = `${systemWords(cause)}; pass another --socket`
        resume(new CannotListen({ address: `"${address}"`, detail }))
      })
      // The file is made within this call, and is nobody else's from its first moment on.
      const mask = process.umask(0o177)
      server.listen(at, () => resume(Effect.void))
      process.umask(mask)
    }),
    () =>
      Effect.async<void>((resume) => {
        server.close(() => resume(Effect.void))
        for (const socket of sockets) socket.destroy()
      })
  )
}

const overSocket = Effect.fnUntraced(function*(socket: Socket) {
  const screen = yield* Screen
  const gone = yield* Deferred.make<void>()
  // A client that leaves in the middle of something has left.
  for (const event of ["end", "error", "close"]) socket.on(event, () => Deferred.unsafeDone(gone, Effect.void))
  const connection: Connection = {
    incoming: Stream.orElse(NodeStream.fromReadable<Error, Uint8Array>(() => socket, toError), () => Stream.empty),
    send: (text) =>
      Effect.async<void>((resume) => {
        socket.write(text, () => resume(Effect.void))
      }),
    cutOff: (why) => Effect.zipRight(Effect.sync(() => socket.destroy()), screen.note(`${why}\n`)),
    abandoned: Deferred.await(gone)
  }
  return connection
})
