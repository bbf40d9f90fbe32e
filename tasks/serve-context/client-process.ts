/** The process of a client: where the editor dies without a word, its server has nobody left to serve. */
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { systemCode } from "../../services/faults/system-words.ts"

const vigil = "1 second"

/** Signal 0 only asks; a process of somebody else's may not be asked, so it is there. */
const isAlive = (id: number): boolean => {
  try {
    return process.kill(id, 0)
  } catch (cause) {
    return systemCode(cause) === "EPERM"
  }
}

/**
 * Ends when a process has ended. One that is not there to begin with is a number of another machine's or container's, and
 * is waited for in vain.
 */
export const endOf = (id: number): Effect.Effect<void> =>
  Effect.suspend(() =>
    Number.isInteger(id) && id > 0 && isAlive(id)
      ? Effect.asVoid(Effect.repeat(Effect.sync(() => isAlive(id)), {
        while: (isThere) => isThere,
        schedule: Schedule.spaced(vigil)
      }))
      : Effect.never
  )
