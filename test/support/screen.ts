/** A screen that keeps what is written to it. */
import * as Effect from "effect/Effect"
import { screenOver } from "../../tasks/shared/terminal.ts"

export const makeScreen = ({ hasColour = false } = {}) => {
  let stdout = ""
  let stderr = ""
  const screen = screenOver({
    out: (text) => Effect.sync(() => void (stdout += text)),
    err: (text) => Effect.sync(() => void (stderr += text)),
    isInteractive: false,
    printsToTerminal: false,
    hasColour,
    columns: 80
  })
  return { screen, stdout: () => stdout, stderr: () => stderr }
}
