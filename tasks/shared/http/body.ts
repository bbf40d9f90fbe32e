/** What a request brings. */
import type { HttpServerRequest } from "@effect/platform/HttpServerRequest"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/** The body has more bytes than it may have. */
export class BodyTooLarge extends Data.TaggedError("BodyTooLarge") {}

/**
 * Reads a body of at most `most` bytes as UTF-8. One that is larger is not read to its end, and its connection can carry
 * no second request: answer with the header "connection: close". When the client has gone, so has who reads.
 */
export const readBody = (request: HttpServerRequest, most: number): Effect.Effect<string, BodyTooLarge> =>
  Effect.async((resume) => {
    const source = NodeHttpServerRequest.toIncomingMessage(request)
    const pieces: Array<Buffer> = []
    let size = 0
    const take = (piece: Buffer) => {
      size += piece.length
      if (size <= most) pieces.push(piece)
      else {
        source.pause()
        resume(new BodyTooLarge())
      }
    }
    const end = () => resume(Effect.succeed(Buffer.concat(pieces).toString("utf8")))
    const leave = () => resume(Effect.interrupt)
    source.on("data", take).on("end", end).on("error", leave).on("close", leave)
    return Effect.sync(() => source.off("data", take).off("end", end).off("error", leave).off("close", leave))
  })
