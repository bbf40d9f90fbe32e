/** Tries a tool: it works where it does something, not where a file of its name lies. */
import { execFile } from "node:child_process"
import * as Effect from "effect/Effect"
import type { OpenTerminal } from "../../layers/sandbox/terminal.ts"
import type { MachineTool, ShellTrial } from "./tools.ts"

export type Finding =
  /** `said` is the first line of its answer. */
  | { readonly _tag: "works"; readonly said: string }
  | { readonly _tag: "missing" }
  /** It is there; `detail` is its last word. */
  | { readonly _tag: "broken"; readonly detail: string }

/** What a shell ends with that finds no program of the name. */
const notFound = 127

/** A tool that waits for something is as good as none. */
const patienceMillis = 10_000

const firstLine = (text: string): string => text.trim().split("\n")[0] ?? ""
const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? ""

const tryInShell = (trial: ShellTrial, searchPath: string, user: number | undefined) =>
  Effect.async<Finding>((resume) => {
    const identity = user === undefined ? {} : { uid: user, gid: user }
    const child = execFile(
      "/bin/sh",
      ["-c", `PATH=$1; ${trial.line}`, "sh", searchPath],
      { ...identity, cwd: "/", timeout: patienceMillis, killSignal: "SIGKILL" },
      (error, stdout, stderr) => {
        const finding = (): Finding => {
          if (error === null && stdout.includes(trial.says)) return { _tag: "works", said: firstLine(stdout) }
          if (error === null) return { _tag: "broken", detail: `it lacks ${trial.says}` }
          if (error.code === notFound) return { _tag: "missing" }
          return { _tag: "broken", detail: error.killed === true ? "it does not answer" : lastLine(stderr) }
        }
        resume(Effect.succeed(finding()))
      }
    )
    child.stdin?.end()
    return Effect.sync(() => child.kill("SIGKILL"))
  })

/** Opens a pseudo-terminal and waits until what runs in it has drawn something. */
const tryTerminal = (open: OpenTerminal) =>
  Effect.gen(function*() {
    const echo = { file: "/bin/sh", args: ["-c", "echo works"] }
    const terminal = yield* Effect.acquireRelease(
      Effect.try(() => open(echo, { columns: 80, rows: 24, env: {}, folder: "/", user: undefined })),
      ({ kill }) => Effect.sync(kill)
    )
    yield* Effect.async<void>((resume) => terminal.onData(() => resume(Effect.void)))
  }).pipe(
    Effect.scoped,
    Effect.timeout(patienceMillis),
    Effect.match({
      onFailure: (): Finding => ({ _tag: "broken", detail: "it opens no terminal" }),
      onSuccess: (): Finding => ({ _tag: "works", said: "works" })
    })
  )

/** Tries all of them at once, programs by their names in `searchPath`, and gives what was found, in their order. */
export const tryTools = (
  tools: ReadonlyArray<MachineTool>,
  searchPath: string
): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.gen(function*() {
    const { confinedUser } = yield* Effect.promise(() => import("../../layers/sandbox/confined-user.ts"))
    const { loadTerminals } = yield* Effect.promise(() => import("../../layers/sandbox/terminal.ts"))
    return yield* Effect.forEach(tools, ({ trial }) => {
      if (trial._tag === "shell") return tryInShell(trial, searchPath, trial.isConfined ? confinedUser : undefined)
      return Effect.matchEffect(loadTerminals, {
        onFailure: () => Effect.succeed<Finding>({ _tag: "missing" }),
        onSuccess: tryTerminal
      })
    }, { concurrency: tools.length })
  })
