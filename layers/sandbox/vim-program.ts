/** Finds the Vim of this machine, and what it is made of. */
import { execFile } from "node:child_process"
import { accessSync, constants, realpathSync } from "node:fs"
import { delimiter, join } from "node:path"
import { promisify } from "node:util"
import * as Effect from "effect/Effect"
import { SandboxUnavailable } from "../../services/Sandbox.ts"

export interface VimProgram {
  /** The binary itself, not a link to it. */
  readonly path: string
  /** Absolute paths of the shared libraries that it loads, including the dynamic loader. */
  readonly libraries: ReadonlyArray<string>
  /** The file name of the C library. */
  readonly libc: string
}

const run = promisify(execFile)

/** Returns the file that runs for the name of a command, with links followed, or undefined. */
export const findProgram = (name: string, searchPath: string): string | undefined => {
  for (const folder of searchPath.split(delimiter)) {
    const path = join(folder, name)
    try {
      accessSync(path, constants.X_OK)
      return realpathSync(path)
    } catch {
      // Not here.
    }
  }
  return undefined
}

const patience = 10_000

/** What a Vim must be built with; the small builds of most systems have none of it. */
const needed = ["+eval", "+timers", "+channel", "+libcall"]

const missing = "Vim is not installed; install the package vim (apt-get install vim; vim-tiny is not enough)"

const unavailable = (detail: string) => new SandboxUnavailable({ part: "vim", detail })

const outputOf = (program: string, args: ReadonlyArray<string>) =>
  Effect.tryPromise(() => run(program, [...args], { timeout: patience, encoding: "utf8" })).pipe(
    Effect.map(({ stdout }) => stdout)
  )

/** Finds Vim. Fails with the name of the package to install where there is none that can do what is needed. */
export const findVim = (searchPath: string): Effect.Effect<VimProgram, SandboxUnavailable> =>
  Effect.gen(function*() {
    const path = findProgram("vim", searchPath)
    if (path === undefined) return yield* unavailable(missing)
    const features = yield* Effect.mapError(
      outputOf(path, ["--version"]),
      () => unavailable(`"${path} --version" fails; ${missing}`)
    )
    const lacking = needed.filter((feature) => !features.includes(feature))
    if (!features.startsWith("VIM - Vi IMproved") || lacking.length > 0) {
      return yield* unavailable(`"${path}" is a Vim without ${lacking.join(" ")}; ${missing}`)
    }
    const linked = yield* Effect.orElseSucceed(outputOf("ldd", [path]), () => "")
    const libraries = [...linked.matchAll(/(\/\S+) \(0x/g)].flatMap(([, library]) => library ?? [])
    const libc = libraries.map((library) => library.slice(library.lastIndexOf("/") + 1))
      .find((name) => /^(?:libc\.so|libc\.musl)/.test(name)) ?? "libc.so.6"
    return { path, libraries, libc }
  })
