/** The sandbox that a Vim task is asked for. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { VimOptionsName } from "../../services/keys/vim-options.ts"
import { type SandboxLimits, SandboxUnavailable } from "../../services/Sandbox.ts"
import type { sandboxNames } from "./asked/sandbox.ts"
import { lazyLayer } from "./lazy-layer.ts"
import { Screen } from "./terminal.ts"
import { Tool } from "./tool.ts"

export interface SandboxAnswers {
  readonly sandbox: (typeof sandboxNames)[number]
  readonly dockerImage: string
  /** Seconds. */
  readonly timeLimit: number
  /** Bytes, as the two below. */
  readonly memoryLimit: number
  readonly outputLimit: number
  readonly fileLimit: number
  readonly vimOptions: VimOptionsName
}

/** Who chose the keys that are typed: the user of this program, or somebody else, such as a model or a row of a file. */
export type KeysOf = "user" | "others"

/** What Vim's restricted mode does not stop, in one line. */
const fallbackNote = (detail: string): string =>
  `${detail}: Vim runs in restricted mode, which starts no programs, but keys may read and write this user's files by name\n`

const advice = "with --sandbox pty, keys that nobody confines may read and write your files by name"

const limitsOf = (answers: SandboxAnswers): SandboxLimits => ({
  wallMillis: answers.timeLimit * 1000,
  memoryBytes: answers.memoryLimit,
  outputBytes: answers.outputLimit,
  fileBytes: answers.fileLimit
})

/**
 * The sandbox that the flags ask for. Without a wish it is bubblewrap; only where that is not installed, and only for
 * keys of the user, Vim's restricted mode takes its place, which is said once.
 */
export const sandboxLayer = (answers: SandboxAnswers, concurrency: number | undefined, keysOf: KeysOf) =>
  Layer.unwrapEffect(Effect.gen(function*() {
    const screen = yield* Screen
    const { cores, searchPath } = yield* Tool
    const options = {
      concurrency: concurrency ?? cores,
      limits: limitsOf(answers),
      vimOptions: answers.vimOptions,
      searchPath
    }
    if (answers.sandbox === "docker") {
      const image = answers.dockerImage
      return lazyLayer(async () =>
        (await import("../../layers/sandbox/ForkServerSandbox.ts")).layerDocker({ ...options, image })
      )
    }
    const confined = lazyLayer(async () =>
      (await import("../../layers/sandbox/ForkServerSandbox.ts")).layerBubblewrap(options)
    )
    const restricted = lazyLayer(async () => (await import("../../layers/sandbox/PtySandbox.ts")).layer(options))
    if (answers.sandbox === "bubblewrap") return confined
    if (answers.sandbox === "pty") return restricted
    return Layer.catchAll(confined, (problem) => {
      if (problem.part !== "no confinement" && problem.part !== "confinement") return Layer.fail(problem)
      return problem.part === "no confinement" && keysOf === "user"
        ? Layer.unwrapEffect(Effect.as(screen.note(fallbackNote(problem.detail)), restricted))
        : Layer.fail(new SandboxUnavailable({ ...problem, detail: `${problem.detail}; ${advice}` }))
    })
  }))
