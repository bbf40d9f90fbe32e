/** What the terminal can show: colours and a line that is drawn again. The composition root says so. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import { showable } from "../../services/text/showable.ts"

export class Screen extends Context.Tag("retrace/Screen")<Screen, {
  /** Writes to standard error; what would be a command to a terminal is shown, and passwords in URLs are not. */
  readonly note: (text: string) => Effect.Effect<void>
  /** Draws the last line of standard error again, which must be a terminal; "" takes it away. */
  readonly redraw: (line: string) => Effect.Effect<void>
  /** Writes a result to standard output as it is, and waits until it is taken. */
  readonly print: (text: string) => Effect.Effect<void>
  /** Whether standard error is a terminal, so that a line can be drawn again. */
  readonly isInteractive: boolean
  /** Whether results go to a terminal, where the next prompt would stand behind one that has no line end. */
  readonly printsToTerminal: boolean
  /** Whether results may hold colour codes. */
  readonly hasColour: boolean
  readonly columns: number
}>() {}

/** Makes a screen of what writes to the two streams. */
export const screenOver = (
  { err, out, ...terminal }:
    & {
      readonly out: (text: string) => Effect.Effect<void>
      readonly err: (text: string) => Effect.Effect<void>
    }
    & Pick<Screen["Type"], "columns" | "hasColour" | "isInteractive" | "printsToTerminal">
): Screen["Type"] =>
  Screen.of({
    note: (text) => err(showable(text)),
    redraw: (line) => err(`\r\u001b[K${showable(line)}`),
    print: out,
    ...terminal
  })
