/** Why a server does not start: it cannot listen at its address. */
import * as Schema from "effect/Schema"
import { ExitCode } from "../../services/faults/exit-code.ts"
import { systemCode } from "../../services/faults/system-words.ts"

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

/** Whether the address itself is wrong, whatever its port. */
export const isForeign = (cause: unknown): boolean => foreignCodes.has(systemCode(cause))

const foreignCodes: ReadonlySet<string> = new Set(["EADDRNOTAVAIL", "ENOTFOUND"])
