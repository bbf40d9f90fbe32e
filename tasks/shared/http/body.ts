/** The body of a request. */
import type { HttpServerRequest } from "@effect/platform/HttpServerRequest"
import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"

/** The body is larger than it may be. */
export class BodyTooLarge extends Data.TaggedError("BodyTooLarge") {}

/**
 * Reads a body of at most `most` bytes as UTF-8. A larger one is not read to its end, so its connection cannot carry
 * another request: answer with the header "connection: close". When the client leaves, the reader is interrupted.
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
