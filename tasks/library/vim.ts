/** A sandboxed Vim for programs of others: what keys, record and vim-loop do. */
import { availableParallelism } from "node:os"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as ForkServerSandbox from "../../layers/sandbox/ForkServerSandbox.ts"
import * as PtySandbox from "../../layers/sandbox/PtySandbox.ts"
import { renderCast } from "../../services/keys/cast.ts"
import { parseKeys } from "../../services/keys/keystrokes.ts"
import type { Outcome } from "../../services/keys/outcome.ts"
import { defaultVimOptions, type VimOptionsName } from "../../services/keys/vim-options.ts"
import {
  type Attempt,
  defaultLimits,
  Sandbox,
  type SandboxLimits,
  type SandboxUnavailable
} from "../../services/Sandbox.ts"
import { asked } from "../record/asked.ts"
import type { Choices } from "../shared/asked/asked.ts"
import { answersChosen } from "../shared/asked/read.ts"
import { settle } from "./running.ts"

export interface VimOptions {
  /**
   * What confines Vim; bubblewrap when left out. In Vim's restricted mode, "pty", keys may read and write files of this
   * user by name.
   */
  readonly sandbox?: "bubblewrap" | "pty"
  readonly concurrency?: number | undefined
  /** The options of Vim that keys are typed with; "defaults" when left out. */
  readonly vimOptions?: VimOptionsName | undefined
  /** What one attempt may use up; the rest is as by default. */
  readonly limits?: Partial<SandboxLimits>
}

/** A text, and keystrokes in the canonical notation ("x<Esc>"). */
export interface VimAttempt {
  readonly source: string
  readonly keys: string
}

/** An attempt, and how it is recorded; `interval` is in seconds from key to key. */
export type RecordingOptions = VimAttempt & Pick<Choices<typeof asked>, "columns" | "rows" | "interval" | "version">

export interface Vim {
  /** Types keystrokes into a text. Rejects only for keys that are none and a sandbox that does not start. */
  readonly type: (attempt: VimAttempt) => Promise<Outcome>
  /** Does the same with many at once; outcomes come in the order of the attempts. */
  readonly typeAll: (attempts: ReadonlyArray<VimAttempt>) => Promise<ReadonlyArray<Outcome>>
  /** Gives an asciicast of what Vim draws while the keys are typed. */
  readonly record: (options: RecordingOptions) => Promise<string>
  readonly close: () => Promise<void>
}

const readAttempt = ({ keys, source }: VimAttempt): Attempt => ({
  source,
  keys: Either.getOrThrowWith(
    parseKeys(keys),
    ({ detail, offset }) => new Error(`Cannot read keys at ${offset}: ${detail}`)
  )
})

/** The sandbox that options ask for. */
export const sandboxOf = (options: VimOptions) => {
  const searchPath = process.env["PATH"] ?? ""
  const settings = {
    searchPath,
    concurrency: options.concurrency ?? availableParallelism(),
    limits: { ...defaultLimits, ...options.limits },
    vimOptions: options.vimOptions ?? defaultVimOptions
  }
  return options.sandbox === "pty" ? PtySandbox.layer(settings) : ForkServerSandbox.layerBubblewrap(settings)
}

/** Opens a sandboxed Vim that keystrokes are typed into: what keys and record do. Close it at the end. */
export const openVim = async (options: VimOptions = {}): Promise<Vim> => {
  const runtime = ManagedRuntime.make(sandboxOf(options))
  const run = async <A>(use: (sandbox: Sandbox["Type"]) => Effect.Effect<A, SandboxUnavailable>): Promise<A> => {
    const result = await runtime.runPromise(Effect.either(Effect.flatMap(Sandbox, use)))
    if (result._tag === "Left") throw result.left
    return result.right
  }
  await run(() => Effect.void)
  return {
    type: async (attempt) => run((sandbox) => sandbox.run(readAttempt(attempt))),
    typeAll: async (attempts) => run((sandbox) => sandbox.runAll(attempts.map(readAttempt))),
    record: async ({ keys, source, ...chosen }) => {
      const { columns, interval, rows, version } = await settle(answersChosen(asked, { keys, ...chosen }), undefined)
      const recording = await run((sandbox) => sandbox.record(readAttempt({ keys, source }), { columns, rows }))
      return renderCast({ ...recording, version, columns, rows, interval })
    },
    close: () => runtime.dispose()
  }
}
