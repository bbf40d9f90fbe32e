/** Sandbox: types keystrokes into a Vim that can touch nothing else, and tells what became of the text. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ExitCode } from "./faults/exit-code.ts"
import type { Key, Keystrokes } from "./keys/keystrokes.ts"
import type { Outcome } from "./keys/outcome.ts"

/** A place where keystrokes are typed into Vim. */
export class Sandbox extends Context.Tag("retrace/Sandbox")<Sandbox, {
  /** How many attempts run at once; more callers wait. */
  readonly concurrency: number
  /**
   * Opens `source` as a file, types `keys`, and waits until Vim has taken them all and waits for more, or is gone.
   * Each attempt gets a Vim that nobody has typed into. Whatever the keys do is an outcome; only a sandbox that cannot
   * be started is an error. When the caller is interrupted, the typing stops.
   */
  readonly run: (attempt: Attempt) => Effect.Effect<Outcome, SandboxUnavailable>
  /** Runs many attempts, as many at once as the sandbox allows; the outcomes are in the order of the attempts. */
  readonly runAll: (
    attempts: ReadonlyArray<Attempt>
  ) => Effect.Effect<ReadonlyArray<Outcome>, SandboxUnavailable>
  /** Types the keys one by one and keeps what Vim draws after each of them. Equal attempts give equal recordings. */
  readonly record: (attempt: Attempt, size: RecordingSize) => Effect.Effect<Recording, SandboxUnavailable>
}>() {}

/** Size of the terminal that Vim draws on, in cells. */
export interface RecordingSize {
  readonly columns: number
  readonly rows: number
}

/** What Vim sent to a terminal of the kind xterm. */
export interface Recording {
  readonly outcome: Outcome
  /** Before the first key. */
  readonly start: string
  /** After each key that was typed; the keys behind one that made Vim leave, or kept it busy, have no frame. */
  readonly frames: ReadonlyArray<{ readonly key: Key; readonly drawn: string }>
  /** The screen at the end as Vim itself sees it, row by row; null when Vim was gone. */
  readonly screen: ReadonlyArray<string> | null
}

/** Keys to be typed into a text. */
export interface Attempt {
  /** The text of the file; its last line may lack the "\n". */
  readonly source: string
  readonly keys: Keystrokes
}

/** What one attempt may use up. */
export interface SandboxLimits {
  /** Time by which Vim must be at rest, in milliseconds. */
  readonly wallMillis: number
  /** Address space of one Vim, in bytes. */
  readonly memoryBytes: number
  /** Bytes that Vim may draw on the terminal, in layers that let it draw. */
  readonly outputBytes: number
  /** Size of the largest file, and of all files together, in bytes. */
  readonly fileBytes: number
}

/** The limits of an attempt where nobody asks for others. */
export const defaultLimits: SandboxLimits = {
  wallMillis: 1500,
  memoryBytes: 512 * 1024 * 1024,
  outputBytes: 16 * 1024 * 1024,
  fileBytes: 8 * 1024 * 1024
}

/** This machine lacks something that the sandbox is made of, or it does not start. */
export class SandboxUnavailable extends Schema.TaggedError<SandboxUnavailable>()("SandboxUnavailable", {
  /**
   * What is wrong: there is no Vim, no pseudo-terminal, or no program that confines; nothing can be written for it; the
   * confinement does not start; or what it says can no longer be believed.
   */
  part: Schema.Literal("vim", "terminal", "no confinement", "folder", "confinement", "canary"),
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.Unavailable
  override get message() {
    return `Cannot type into Vim: ${this.detail}`
  }
}
