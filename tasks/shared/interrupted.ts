/** What is said when a run that can be resumed is interrupted. */
import * as Effect from "effect/Effect"
import { Screen } from "./terminal.ts"

/** Says how to go on when the effect is interrupted, by Ctrl-C for one. */
export const tellingHowToGoOn = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R | Screen> =>
  Effect.flatMap(
    Screen,
    (screen) =>
      Effect.onInterrupt(effect, () => screen.note("Interrupted: the same command with --resume goes on from here\n"))
  )
