/** The program in a real pseudo-terminal, with an emulator that says what a person would see. */
import { createRequire } from "node:module"
import { join } from "node:path"
import xterm from "@xterm/headless"
import type * as Terminals from "node-pty"
import { inject } from "vitest"

/** Loaded when it is used: a platform may lack it. */
const terminals = (): typeof Terminals => createRequire(import.meta.url)("node-pty")

/** A terminal that was sent nothing for so long is drawn. */
const quietMillis = 80

export interface TerminalProgram {
  readonly type: (keys: string) => void
  readonly resize: (columns: number, rows: number) => void
  /** The rows of the screen once `isThere` says yes to them and no more is drawn; fails after half a minute. */
  readonly screenWhen: (isThere: (screen: ReadonlyArray<string>) => boolean) => Promise<ReadonlyArray<string>>
  /** All bytes that were sent. */
  readonly sent: () => string
  readonly ended: Promise<number>
  readonly kill: () => void
}

export const startInTerminal = (
  args: ReadonlyArray<string>,
  { columns = 80, env = {}, rows = 24 }: {
    readonly columns?: number
    readonly rows?: number
    readonly env?: Record<string, string>
  } = {}
): TerminalProgram => {
  const child = terminals().spawn(process.execPath, [join(inject("bundleFolder"), "main.mjs"), ...args], {
    cols: columns,
    rows,
    name: "xterm-256color",
    env: { ...process.env, TERM: "xterm-256color", ...env }
  })
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  let sent = ""
  const waiting = new Set<() => void>()
  child.onData((data) => {
    sent += data
    terminal.write(data, () => {
      for (const look of waiting) look()
    })
  })
  const ended = new Promise<number>((resolve) => child.onExit(({ exitCode }) => resolve(exitCode)))
  const screen = () =>
    Array.from(
      { length: terminal.rows },
      (_, row) =>
        terminal.buffer.active.getLine(terminal.buffer.active.baseY + row)?.translateToString().trimEnd() ?? ""
    )
  return {
    type: (keys) => child.write(keys),
    resize: (columns, rows) => {
      terminal.resize(columns, rows)
      child.resize(columns, rows)
    },
    screenWhen: (isThere) =>
      new Promise((resolve, reject) => {
        let quiet: NodeJS.Timeout | undefined
        const look = () => {
          clearTimeout(quiet)
          if (!isThere(screen())) return
          // A screen comes in pieces.
          quiet = setTimeout(() => {
            waiting.delete(look)
            clearTimeout(timer)
            resolve(screen())
          }, quietMillis)
        }
        const timer = setTimeout(() => {
          waiting.delete(look)
          reject(new Error(`never seen; the last screen was:\n${screen().join("\n")}`))
        }, 30_000)
        waiting.add(look)
        look()
      }),
    sent: () => sent,
    ended,
    kill: () => child.kill("SIGKILL")
  }
}
