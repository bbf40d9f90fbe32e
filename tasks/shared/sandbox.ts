/** The sandbox flags of every Vim task, and the layer that they choose. */
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { defaultLimits, type SandboxLimits } from "../../services/Sandbox.ts"
import { lazyLayer } from "./lazy-layer.ts"
import { WrongUsage } from "./problems.ts"
import { Screen } from "./terminal.ts"
import { Tool } from "./tool.ts"

const mebibyte = 1024 * 1024

export const sandboxOptions = {
  sandbox: Options.choice("sandbox", ["auto", "bubblewrap", "pty", "docker"]).pipe(
    Options.withDefault("auto"),
    Options.withDescription(
      "What confines Vim: bubblewrap, a container, or with pty only Vim's restricted mode (default: the best there is)"
    )
  ),
  dockerImage: Options.text("docker-image").pipe(
    Options.withDefault("retrace-vim"),
    Options.withDescription("With --sandbox docker: an image that has Vim (default: retrace-vim)")
  ),
  timeLimit: Options.float("time-limit").pipe(
    Options.withDefault(defaultLimits.wallMillis / 1000),
    Options.withDescription("Seconds that the keys of one attempt may take (default: 1.5)")
  ),
  memoryLimit: Options.integer("memory-limit").pipe(
    Options.withDefault(defaultLimits.memoryBytes / mebibyte),
    Options.withDescription("MiB of memory for one Vim (default: 512)")
  ),
  outputLimit: Options.integer("output-limit").pipe(
    Options.withDefault(defaultLimits.outputBytes / mebibyte),
    Options.withDescription("With --sandbox pty: MiB that one attempt may draw (default: 16)")
  ),
  fileLimit: Options.integer("file-limit").pipe(
    Options.withDefault(defaultLimits.fileBytes / mebibyte),
    Options.withDescription("MiB of files that one attempt may write (default: 8)")
  )
}

export interface SandboxFlags {
  readonly sandbox: "auto" | "bubblewrap" | "pty" | "docker"
  readonly dockerImage: string
  readonly timeLimit: number
  readonly memoryLimit: number
  readonly outputLimit: number
  readonly fileLimit: number
}

/** What the fallback does not stop, in one line. */
const fallbackNote = (detail: string): string =>
  `${detail}: Vim runs in restricted mode, which starts no programs, but keys may read and write this user's files by name\n`

const limitsOf = Effect.fnUntraced(function*(flags: SandboxFlags) {
  const limits: SandboxLimits = {
    wallMillis: flags.timeLimit * 1000,
    memoryBytes: flags.memoryLimit * mebibyte,
    outputBytes: flags.outputLimit * mebibyte,
    fileBytes: flags.fileLimit * mebibyte
  }
  for (const [flag, value] of Object.entries({ ...limits })) {
    if (value > 0) continue
    const name = { wallMillis: "time", memoryBytes: "memory", outputBytes: "output", fileBytes: "file" }[flag] ?? flag
    return yield* new WrongUsage({ detail: `Cannot use --${name}-limit: it takes a number above 0` })
  }
  return limits
})

/** The sandbox that the flags ask for; says once when nothing better than restricted mode is there. */
export const sandboxLayer = (flags: SandboxFlags, concurrency: Option.Option<number>) =>
  Layer.unwrapEffect(Effect.gen(function*() {
    const tool = yield* Tool
    const screen = yield* Screen
    const size = Option.getOrElse(concurrency, () => tool.cores)
    if (size < 1) {
      return yield* new WrongUsage({ detail: `Cannot use --concurrency ${size}: it takes a number from 1 up` })
    }
    const searchPath = process.env["PATH"] ?? ""
    const options = { concurrency: size, limits: yield* limitsOf(flags), searchPath }
    if (flags.sandbox === "docker") {
      const image = flags.dockerImage
      return lazyLayer(async () =>
        (await import("../../layers/sandbox/ForkServerSandbox.ts")).layerDocker({ ...options, image })
      )
    }
    const confined = lazyLayer(async () =>
      (await import("../../layers/sandbox/ForkServerSandbox.ts")).layerBubblewrap(options)
    )
    const restricted = lazyLayer(async () => (await import("../../layers/sandbox/PtySandbox.ts")).layer(options))
    if (flags.sandbox === "bubblewrap") return confined
    if (flags.sandbox === "pty") return restricted
    return Layer.catchAll(confined, (problem) =>
      problem.detail.startsWith("bubblewrap")
        ? Layer.unwrapEffect(Effect.as(screen.note(fallbackNote(problem.detail)), restricted))
        : Layer.fail(problem))
  }))
