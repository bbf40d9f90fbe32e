/** Where clients come from: our own standard streams, or a socket that several editors share. */
import * as NodeSocketServer from "@effect/platform-node/NodeSocketServer"
import * as NodeStream from "@effect/platform-node/NodeStream"
import type { Socket } from "@effect/platform/Socket"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import { ExitCode } from "../../services/faults/exit-code.ts"
import { Screen } from "../shared/terminal.ts"
import { systemWords } from "../../services/faults/system-words.ts"
import { CannotListen, isTaken } from "../shared/cannot-listen.ts"
import type { Connection } from "./serve.ts"

/** How often a connection whose input ended looks whether anybody is left to be answered. */
const vigil = "250 millis"

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

/** Serves every client of a Unix socket, or of a TCP port of this machine only, until it is interrupted. */
export const listen = Effect.fn("serveContext.listen")(function*<R>(
  address: string,
  onClient: (connection: Connection) => Effect.Effect<void, never, R>
) {
  const port = /^\d{1,5}$/.test(address) ? Number(address) : undefined
  const options = port === undefined ? { path: address } : { port, host: "127.0.0.1" }
  const orCannotListen = Effect.mapError(({ cause }: { readonly cause: unknown }) => cannotListen(address, cause))
  const server = yield* orCannotListen(NodeSocketServer.make(options))
  const screen = yield* Screen
  const at = server.address._tag === "TcpAddress" ? `127.0.0.1:${server.address.port}` : server.address.path
  yield* screen.note(`Listening on ${at}\n`)
  return yield* orCannotListen(
    server.run((socket) => Effect.scoped(Effect.flatMap(overSocket(socket), onClient)))
  )
})

const cannotListen = (address: string, cause: unknown) =>
  new CannotListen({
    address: `"${address}"`,
    detail: isTaken(cause)
      ? "another program listens there, or did and left its file: end it, or remove the file"
      : systemWords(cause)
  })

/** How many pieces of input wait before the client has to. */
const mostPieces = 64

const overSocket = Effect.fnUntraced(function*(socket: Socket) {
  const write = yield* socket.writer
  const pieces = yield* Queue.bounded<Uint8Array | "end">(mostPieces)
  const closed = yield* Deferred.make<void>()
  yield* socket.run((bytes) => Queue.offer(pieces, bytes)).pipe(
    Effect.ensuring(Effect.zipRight(Queue.offer(pieces, "end"), Deferred.succeed(closed, undefined))),
    // A client that leaves in the middle of something has left.
    Effect.catchAll(() => Effect.void),
    Effect.forkScoped
  )
  const connection: Connection = {
    incoming: Stream.fromQueue(pieces).pipe(Stream.takeWhile((piece) => piece !== "end")),
    send: (text) => Effect.catchAll(write(text), () => Deferred.succeed(closed, undefined)),
    abandoned: Deferred.await(closed)
  }
  return connection
})
