/** The body of a request: of a type, a size, and a share of the memory that all bodies have together. */
import type { IncomingMessage } from "node:http"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { makeGrowingBytes } from "../growing-bytes.ts"

/** The body is not one that is kept. All of it is let pass first, because a client that still sends hears no answer. */
export class UnfitBody extends Data.TaggedError("UnfitBody")<{
  readonly status: 413 | 415 | 429
  readonly message: string
}> {}

export interface BodyRules {
  /** Bytes. */
  readonly most: number
  /** The types that are taken; all where it is left out. */
  readonly types?: ReadonlyArray<string>
}

/** The bodies that a server holds. */
export interface Bodies {
  /** Reads a body; when the client leaves, the reader is interrupted. Its bytes count until `release`. */
  readonly read: (source: IncomingMessage, rules: BodyRules) => Effect.Effect<Uint8Array, UnfitBody>
  /** Says that what a request held is let go. */
  readonly release: (source: IncomingMessage) => void
}

const mebi = 1024 * 1024

/** Bodies of `mostHeld` bytes together, or one that may be larger. */
export const makeBodies = (mostHeld: number): Bodies => {
  let held = 0
  const shares = new Map<IncomingMessage, number>()
  const grow = (source: IncomingMessage, bytes: number) => {
    held += bytes
    shares.set(source, (shares.get(source) ?? 0) + bytes)
  }
  const release: Bodies["release"] = (source) => {
    held -= shares.get(source) ?? 0
    shares.delete(source)
  }
  const read: Bodies["read"] = (source, { most, types }) =>
    Effect.async((resume) => {
      const bytes = makeGrowingBytes()
      let unfit: UnfitBody | undefined
      const refuse = (status: UnfitBody["status"], message: string) => {
        unfit = new UnfitBody({ status, message })
        bytes.take()
        release(source)
        source.off("data", take).resume()
      }
      const take = (piece: Uint8Array) => {
        if (bytes.length() + piece.length > most) {
          refuse(413, `a request may have ${most < mebi ? `${most} bytes` : `${most / mebi} MiB; send less at once`}`)
        } else if (held + piece.length > Math.max(mostHeld, most)) {
          refuse(429, "too much is being sent already; come again")
        } else {
          grow(source, piece.length)
          bytes.add(piece)
        }
      }
      const type = source.headers["content-type"]?.split(";")[0]?.trim().toLowerCase()
      if (types !== undefined && !types.includes(type ?? "")) {
        refuse(415, `send it with the header "content-type: ${types[0] ?? ""}"`)
      } else source.on("data", take)
      const end = () => resume(unfit ?? Effect.succeed(bytes.take()))
      const leave = () => resume(Effect.interrupt)
      source.on("end", end).on("error", leave).on("close", leave)
      return Effect.sync(() => source.off("data", take).off("end", end).off("error", leave).off("close", leave))
    })
  return { read, release }
}

/** A body as text. */
export const bodyText = (body: Uint8Array): string => Buffer.from(body.buffer, body.byteOffset, body.length).toString()
