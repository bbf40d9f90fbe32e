/** One Vim behind a terminal, which runs a script until it says its last, leaves, or uses up its limits. */
import * as Effect from "effect/Effect"
import type { SandboxLimits } from "../../../services/Sandbox.ts"
import type { CommandLine } from "../confinement.ts"
import type { OpenTerminal, TerminalOptions } from "../terminal.ts"

/** What a script says stands between these: an operating system command that no terminal knows; see say.vim. */
const opening = "\u001b]5522;"
const closing = "\u0007"

export interface VimSession {
  /** What was drawn, cut where the script said something; the last part is what came after. */
  readonly drawn: ReadonlyArray<string>
  /** What the script said, one text for each cut. */
  readonly said: ReadonlyArray<string>
  readonly ending: "done" | "exit" | "timed out" | "output"
}

export interface SessionOptions {
  readonly command: CommandLine
  readonly terminal: TerminalOptions
  readonly limits: SandboxLimits
  /** How often the script speaks; what is said more often is said by the keys. */
  readonly mostSaid: number
  /** Whether a text is the last that the script says. */
  readonly isLast: (said: string) => boolean
}

/** Runs the session. The limit of time is one of silence: it starts again whenever the script says something. */
export const runSession = (openTerminal: OpenTerminal, options: SessionOptions): Effect.Effect<VimSession> =>
  Effect.async((resume) => {
    const { command, isLast, limits, mostSaid } = options
    const drawn: Array<string> = []
    const said: Array<string> = []
    let output = ""
    let size = 0
    let isOver = false
    /** Where something that is being said starts. */
    let waiting: number | undefined
    const terminal = openTerminal(command, options.terminal)
    const stop = () => {
      isOver = true
      clearTimeout(timer)
      terminal.kill()
    }
    const end = (ending: VimSession["ending"]) => {
      if (isOver) return
      stop()
      resume(Effect.succeed({ drawn: [...drawn, output], said, ending }))
    }
    const timer = setTimeout(() => end("timed out"), limits.wallMillis)
    terminal.onData((text) => {
      if (isOver) return
      size += text.length
      if (size > limits.outputBytes) return end("output")
      const searched = Math.max(0, output.length - opening.length)
      output += text
      for (let start = output.indexOf(opening, waiting ?? searched); start !== -1; start = output.indexOf(opening)) {
        waiting = start
        const stop = output.indexOf(closing, start)
        if (stop === -1) return
        waiting = undefined
        const words = output.slice(start + opening.length, stop)
        drawn.push(output.slice(0, start))
        said.push(words)
        output = output.slice(stop + closing.length)
        if (isLast(words)) return end("done")
        if (said.length > mostSaid) return end("output")
        timer.refresh()
      }
    })
    terminal.onExit(() => end("exit"))
    return Effect.sync(stop)
  })
