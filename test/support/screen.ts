/** A screen that keeps what is written to it. */
import * as Effect from "effect/Effect"
import { Screen } from "../../tasks/shared/terminal.ts"

export const makeScreen = ({ hasColour = false } = {}) => {
  let stdout = ""
  let stderr = ""
  const screen = Screen.of({
    print: (text) => Effect.sync(() => void (stdout += text)),
    note: (text) => Effect.sync(() => void (stderr += text)),
    isInteractive: false,
    hasColour,
    columns: 80
  })
  return { screen, stdout: () => stdout, stderr: () => stderr }
}
