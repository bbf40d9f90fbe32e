/** What the terminal can show: colours and a line that is drawn again. The composition root says so. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

export class Screen extends Context.Tag("retrace/Screen")<Screen, {
  /** Writes to standard error. */
  readonly note: (text: string) => Effect.Effect<void>
  /** Writes a result to standard output and waits until it is taken. */
  readonly print: (text: string) => Effect.Effect<void>
  /** Whether standard error is a terminal, so that a line can be drawn again. */
  readonly isInteractive: boolean
  /** Whether results may hold colour codes. */
  readonly hasColour: boolean
  readonly columns: number
}>() {}
