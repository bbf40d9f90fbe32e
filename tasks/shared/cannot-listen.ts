/** Why a server does not start: its address is not to be had. */
import * as Schema from "effect/Schema"
import { ExitCode } from "../../services/faults/exit-code.ts"

/** The address is taken, this user may not listen there, or it does not belong to this machine. */
export class CannotListen extends Schema.TaggedError<CannotListen>()("CannotListen", {
  /** As a person reads it. */
  address: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.Unavailable
  override get message() {
    return `Cannot listen on ${this.address}: ${this.detail}`
  }
}

const codeOf = (cause: unknown): unknown => cause instanceof Error && "code" in cause ? cause.code : undefined

/** Whether another program listens at the address. */
export const isTaken = (cause: unknown): boolean => codeOf(cause) === "EADDRINUSE"

/** Whether the address itself is wrong, whatever its port. */
export const isForeign = (cause: unknown): boolean => codeOf(cause) === "EADDRNOTAVAIL" || codeOf(cause) === "ENOTFOUND"

/** What is wrong with an address, in words. */
export const detailOf = (cause: unknown): string =>
  isTaken(cause)
    ? "another program listens there"
    : isForeign(cause)
    ? "this machine has no such address"
    : codeOf(cause) === "EACCES"
    ? "this user may not listen there"
    : cause instanceof Error
    ? cause.message
    : String(cause)
