/** Sandbox: types keystrokes into a Vim that can touch nothing else, and says what became of the text. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ExitCode } from "./faults/exit-code.ts"
import type { Key, Keystrokes } from "./keys/keystrokes.ts"
import type { Outcome } from "./keys/outcome.ts"

export class Sandbox extends Context.Tag("retrace/Sandbox")<Sandbox, {
  /** How many attempts run at once; more callers wait. */
  readonly concurrency: number
  /**
   * Opens `source` as a file, types `keys`, and waits until Vim has taken them all and waits for more, or has gone.
   * Each attempt meets a Vim that nobody has typed into. Whatever the keys do is an outcome; only a sandbox that cannot
   * be started is an error.
   */
  readonly run: (attempt: Attempt) => Effect.Effect<Outcome, SandboxUnavailable>
  /** Runs many attempts, as many at once as the sandbox can; outcomes come in the order of the attempts. */
  readonly runAll: (
    attempts: ReadonlyArray<Attempt>
  ) => Effect.Effect<ReadonlyArray<Outcome>, SandboxUnavailable>
  /** Types the keys one by one and keeps what Vim draws after each. The same attempt gives the same recording. */
  readonly record: (attempt: Attempt, size: RecordingSize) => Effect.Effect<Recording, SandboxUnavailable>
}>() {}

/** Cells of the terminal that is drawn on. */
export interface RecordingSize {
  readonly columns: number
  readonly rows: number
}

/** What a terminal of the kind xterm was sent. */
export interface Recording {
  readonly outcome: Outcome
  /** Before the first key. */
  readonly start: string
  /** After each key that was typed; keys behind the one that made Vim leave, or kept it busy, have none. */
  readonly frames: ReadonlyArray<{ readonly key: Key; readonly drawn: string }>
  /** The screen at the end as Vim itself has it, row by row; null when Vim was not there any more. */
  readonly screen: ReadonlyArray<string> | null
}

export interface Attempt {
  /** The text of the file; a last line without "\n" is one. */
  readonly source: string
  readonly keys: Keystrokes
}

/** What one attempt may use up. */
export interface SandboxLimits {
  /** Time until Vim must be at rest, in milliseconds. */
  readonly wallMillis: number
  /** Address space of a Vim, in bytes. */
  readonly memoryBytes: number
  /** Bytes that may be drawn on the terminal, where the layer lets Vim draw. */
  readonly outputBytes: number
  /** Size of the largest file, and of all files together, in bytes. */
  readonly fileBytes: number
}

export const defaultLimits: SandboxLimits = {
  wallMillis: 1500,
  memoryBytes: 512 * 1024 * 1024,
  outputBytes: 16 * 1024 * 1024,
  fileBytes: 8 * 1024 * 1024
}

/** This machine lacks something that the sandbox is made of, or it does not start. */
export class SandboxUnavailable extends Schema.TaggedError<SandboxUnavailable>()("SandboxUnavailable", {
  /** What is lacking. A sandbox that needs no confinement may work where only that is. */
  part: Schema.Literal("vim", "terminal", "confinement"),
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.Unavailable
  override get message() {
    return `Cannot type into Vim: ${this.detail}`
  }
}
