/**
 * Sandbox over fresh Vims: one restricted Vim (`-Z`) for each attempt, in a pseudo-terminal. It is for machines without
 * bubblewrap. Restricted mode stops shells, jobs, channels and library calls; it does not stop keys that read and write
 * files of this user by name, as `:edit /etc/passwd` does.
 */
import { randomBytes } from "node:crypto"
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Ending } from "../../services/keys/outcome.ts"
import type { VimOptionsName } from "../../services/keys/vim-options.ts"
import {
  type Attempt,
  type RecordingSize,
  Sandbox,
  type SandboxLimits,
  type SandboxUnavailable
} from "../../services/Sandbox.ts"
import { vimSettings } from "./confinement.ts"
import { temporaryFolder, withFolder } from "./room.ts"
import { isLastSaid, mostSaid, sessionRecording } from "./session/recording.ts"
import { recordScript, typeScript } from "./session/scripts.ts"
import { endingOf, readSaid } from "./session/said.ts"
import { runSession } from "./session/vim-session.ts"
import { loadTerminals } from "./terminal.ts"
import { findVim } from "./vim-program.ts"

export interface PtyOptions {
  readonly concurrency: number
  readonly limits: SandboxLimits
  readonly vimOptions: VimOptionsName
  /** Where programs are looked for, as in the environment's PATH. */
  readonly searchPath: string
}

/** Returns the text of a file, or "" when the attempt left none. */
const textIn = (path: string): string => {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return ""
  }
}

const make = ({ concurrency, limits, searchPath, vimOptions }: PtyOptions) =>
  Effect.gen(function*() {
    const vim = yield* findVim(searchPath)
    const openTerminal = yield* loadTerminals
    const room = yield* Effect.acquireRelease(
      withFolder(temporaryFolder),
      (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
    )
    const turns = yield* Effect.makeSemaphore(concurrency)
    let count = 0

    /** Makes a folder with the text in it, for as long as the attempt takes. */
    const workshop = (attempt: Attempt) =>
      Effect.acquireRelease(
        withFolder(() => {
          const folder = join(room, String(count++))
          mkdirSync(folder)
          mkdirSync(join(folder, "work"))
          writeFileSync(join(folder, "work", "text"), attempt.source)
          return folder
        }),
        (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
      )

    const session = (
      folder: string,
      script: string,
      term: string,
      size: RecordingSize,
      mostSaid: number,
      isLast: (said: string) => boolean
    ) => {
      const limit = `ulimit -c 0; ulimit -v ${Math.ceil(limits.memoryBytes / 1024)}; exec "$@"`
      const sessionOptions = {
        command: {
          file: "/bin/sh",
          args: ["-c", limit, "sh", vim.path, "-Z", ...vimSettings("../session.vim")]
        },
        terminal: {
          ...size,
          env: { TERM: term, LANG: "C.UTF-8", HOME: folder },
          folder: join(folder, "work"),
          user: undefined
        },
        limits,
        mostSaid,
        isLast
      }
      return Effect.zipRight(
        withFolder(() => writeFileSync(join(folder, "session.vim"), script)),
        runSession(openTerminal, sessionOptions)
      )
    }

    const type = Effect.fnUntraced(function*(attempt: Attempt) {
      const folder = yield* workshop(attempt)
      const nonce = randomBytes(16).toString("hex")
      const script = typeScript({ options: vimOptions, path: "text", attempt, nonce })
      const { ending, said } = yield* session(folder, script, "dumb", { columns: 80, rows: 24 }, 1, () => true)
      const endings: Readonly<Record<typeof ending, () => Ending>> = {
        done: () => endingOf(readSaid(said[0] ?? ""), nonce),
        exit: () => ({ _tag: "left", text: textIn(join(folder, "work", "text")) }),
        output: () => ({ _tag: "killed", reason: "output" }),
        "timed out": () => ({ _tag: "timed out" })
      }
      return endings[ending]()
    })

    const run: Sandbox["Type"]["run"] = (attempt) =>
      turns.withPermits(1)(
        Effect.suspend(() => {
          const start = performance.now()
          return Effect.map(Effect.scoped(type(attempt)), (ending) => ({
            ...ending,
            keystrokes: attempt.keys.length,
            millis: performance.now() - start
          }))
        })
      )

    const runAll: Sandbox["Type"]["runAll"] = (attempts) => Effect.forEach(attempts, run, { concurrency })

    const record: Sandbox["Type"]["record"] = (attempt, size) =>
      Effect.scoped(Effect.gen(function*() {
        const folder = yield* workshop(attempt)
        const nonce = randomBytes(16).toString("hex")
        const script = recordScript({ options: vimOptions, path: "text", attempt, nonce })
        const result = yield* session(folder, script, "xterm", size, mostSaid(attempt), isLastSaid)
        return sessionRecording(attempt, result, nonce)
      }))

    return Sandbox.of({ concurrency, run, runAll, record })
  })

export const layer = (options: PtyOptions): Layer.Layer<Sandbox, SandboxUnavailable> =>
  Layer.scoped(Sandbox, make(options))
