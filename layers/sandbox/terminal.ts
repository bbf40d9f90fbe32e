/** Pseudo-terminals, through node-pty: an optional package, because not every platform has a binary of it. */
/// <reference path="./node-pty.d.ts" />
import type { IPty } from "node-pty"
import * as Effect from "effect/Effect"
import { SandboxUnavailable } from "../../services/Sandbox.ts"
import type { CommandLine } from "./confinement.ts"

/** A program behind a pseudo-terminal. */
export interface Terminal {
  readonly pid: number
  readonly onData: (listen: (text: string) => void) => void
  readonly onExit: (listen: () => void) => void
  readonly kill: () => void
}

export interface TerminalOptions {
  readonly columns: number
  readonly rows: number
  readonly env: Readonly<Record<string, string>>
  readonly folder: string
  /** The user to run as; only root can choose one. */
  readonly user: number | undefined
}

export type OpenTerminal = (command: CommandLine, options: TerminalOptions) => Terminal

const advice =
  "node-pty does not load; run \"pnpm install --force\" where it has a binary (Linux with glibc, macOS and " +
  "Windows, each on x64 and arm64)"

/** Loads node-pty. */
export const loadTerminals: Effect.Effect<OpenTerminal, SandboxUnavailable> = Effect.tryPromise({
  try: () => import("node-pty"),
  catch: () => new SandboxUnavailable({ part: "terminal", detail: advice })
}).pipe(Effect.map(({ spawn }) => (command, { columns, env, folder, rows, user }) => {
  const identity = user === undefined ? {} : { uid: user, gid: user }
  const pty: IPty = spawn(command.file, [...command.args], { cols: columns, rows, env, cwd: folder, ...identity })
  return {
    pid: pty.pid,
    onData: (listen) => void pty.onData(listen),
    onExit: (listen) => void pty.onExit(() => listen()),
    kill: () => {
      try {
        pty.kill("SIGKILL")
      } catch {
        // It is gone already.
      }
    }
  }
}))
