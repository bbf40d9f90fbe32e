/**
 * The token of a TCP port, which every program of this machine can reach, and through a browser every page: a client's
 * first message is "initialize" with it, or it is the last. Requests over HTTP begin otherwise and end there.
 */
import { randomBytes, timingSafeEqual } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { makeGrowingBytes } from "../shared/growing-bytes.ts"
import { type Frame, makeFramer, renderFrame } from "./framing.ts"
import { ErrorCode, errorOf, isRecord, readMessages } from "./protocol.ts"
import type { Connection } from "./serve.ts"

/** A client that says no more than this, or nothing for so long, is not listened to; bytes. */
const longestGreeting = 1024 * 1024
const patience = "10 seconds"

/** Makes a token that nobody can guess. */
export const makeToken = (): string => randomBytes(16).toString("hex")

/** Gives the connection with all that was sent, once its first message has the token; none for a stranger's. */
export const admit = Effect.fn("serveContext.admit")(function*(connection: Connection, token: string) {
  const pull = yield* Stream.toPull(connection.incoming)
  const framer = makeFramer()
  const seen = makeGrowingBytes()
  const greeting = Effect.gen(function*() {
    while (seen.length() <= longestGreeting) {
      const pieces = yield* pull
      const frames: Array<Frame> = []
      for (const piece of pieces) {
        seen.add(piece)
        frames.push(...framer.push(piece))
      }
      if (frames[0] !== undefined) return frames[0]
    }
    return undefined
  })
  // A client that leaves has said nothing.
  const first = yield* Effect.timeoutTo(Effect.option(greeting), {
    duration: patience,
    onSuccess: Option.getOrUndefined,
    onTimeout: () => undefined
  })
  if (first === undefined || first._tag === "damaged") return Option.none()
  const [message] = readMessages(first.text).messages
  if (message?._tag !== "request") return Option.none()
  if (message.method === "initialize" && isToken(tokenIn(message.params), token)) {
    const incoming = Stream.concat(Stream.make(seen.take()), Stream.fromPull(Effect.succeed(pull)))
    return Option.some<Connection>({ ...connection, incoming })
  }
  const refusal = errorOf(
    message.id,
    ErrorCode.Server,
    "the first message is initialize with the token that the server printed"
  )
  yield* connection.send(renderFrame(refusal, first.framing))
  return Option.none()
})

/** Clients of the Language Server Protocol put what it does not know among their options. */
const tokenIn = (params: unknown): unknown => {
  if (!isRecord(params)) return undefined
  const { initializationOptions: options } = params
  return params["token"] ?? (isRecord(options) ? options["token"] : undefined)
}

const isToken = (said: unknown, token: string): boolean => {
  if (typeof said !== "string") return false
  const [given, wanted] = [Buffer.from(said), Buffer.from(token)]
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
