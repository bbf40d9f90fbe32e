/**
 * Sandbox over fresh Vims: one restricted Vim (`-Z`) for each attempt, in a pseudo-terminal. For machines without
 * bubblewrap. Restricted mode stops shells, jobs, channels and library calls; it does not stop keys that read and write
 * files of this user by name, as `:edit /etc/passwd` does.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { randomBytes } from "node:crypto"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Ending } from "../../services/outcome.ts"
import { type Attempt, Sandbox, type SandboxLimits, type SandboxUnavailable } from "../../services/Sandbox.ts"
import { attemptScript } from "./attempt-script.ts"
import { readReport, renderAttempt } from "./report.ts"
import { loadTerminals, type OpenTerminal } from "./terminal.ts"
import { findVim } from "./vim-program.ts"

export interface PtyOptions {
  readonly concurrency: number
  readonly limits: SandboxLimits
  /** Where programs are looked for, as in the environment's PATH. */
  readonly searchPath: string
}

/** An operating system command that no terminal knows carries the report, between these. */
const opening = "\u001b]5522;"
const closing = "\u0007"

const scriptFor = (request: string): string =>
  `${attemptScript}
function s:Report(head, lines) abort
  call echoraw("\\<Esc>]5522;" . json_encode([json_encode(a:head), a:lines]) . "\\x07")
endfunction
call s:Open('text')
call s:Type(json_decode('${request.replaceAll("'", "''")}'))
`

const readTerminalReport = (report: string, nonce: string): Ending => {
  try {
    const [head, lines]: [string, ReadonlyArray<string>] = JSON.parse(report)
    return readReport(head, lines.map((line) => line.replaceAll("\n", "\0")).join("\n"), nonce)
  } catch {
    return readReport("", "", nonce)
  }
}

const make = ({ concurrency, limits, searchPath }: PtyOptions) =>
  Effect.gen(function*() {
    const vim = yield* findVim(searchPath)
    const openTerminal: OpenTerminal = yield* loadTerminals
    const room = yield* Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "retrace-vim-"))),
      (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
    )
    const turns = yield* Effect.makeSemaphore(concurrency)
    let count = 0

    const type = (attempt: Attempt) =>
      Effect.async<Ending, SandboxUnavailable>((resume) => {
        const folder = join(room, String(count++))
        mkdirSync(folder)
        const nonce = randomBytes(16).toString("hex")
        writeFileSync(join(folder, "text"), attempt.source)
        writeFileSync(join(room, `${count}.vim`), scriptFor(renderAttempt(attempt, nonce)))
        let isOver = false
        let drawn = 0
        let output = ""
        const limit = `ulimit -c 0; ulimit -v ${Math.ceil(limits.memoryBytes / 1024)}; exec "$@"`
        const options = "-Z -u NONE -i NONE -n -N --not-a-term -S".split(" ")
        const terminal = openTerminal({
          file: "/bin/sh",
          args: ["-c", limit, "sh", vim.path, ...options, `../${count}.vim`]
        }, {
          columns: 80,
          rows: 24,
          env: { TERM: "dumb", LANG: "C.UTF-8", HOME: folder },
          folder,
          user: undefined
        })
        const stop = () => {
          isOver = true
          clearTimeout(timer)
          terminal.kill()
          rmSync(folder, { recursive: true, force: true })
        }
        const end = (ending: Ending) => {
          if (isOver) return
          stop()
          resume(Effect.succeed(ending))
        }
        const timer = setTimeout(() => end({ _tag: "timed out" }), limits.wallMillis)
        terminal.onData((text) => {
          if (isOver) return
          drawn += text.length
          if (drawn > limits.outputBytes) return end({ _tag: "killed", reason: "output" })
          output += text
          const start = output.indexOf(opening)
          if (start === -1) {
            output = output.slice(-opening.length)
            return
          }
          const stop = output.indexOf(closing, start)
          if (stop !== -1) end(readTerminalReport(output.slice(start + opening.length, stop), nonce))
        })
        terminal.onExit(() => {
          if (isOver) return
          try {
            end({ _tag: "left", text: readFileSync(join(folder, "text"), "utf8") })
          } catch {
            end({ _tag: "left", text: "" })
          }
        })
        return Effect.sync(stop)
      })

    const run: Sandbox["Type"]["run"] = (attempt) =>
      turns.withPermits(1)(
        Effect.suspend(() => {
          const start = performance.now()
          return Effect.map(type(attempt), (ending) => ({
            ...ending,
            keystrokes: attempt.keys.length,
            millis: performance.now() - start
          }))
        })
      )

    const runAll: Sandbox["Type"]["runAll"] = (attempts) => Effect.forEach(attempts, run, { concurrency })

    return Sandbox.of({ concurrency, run, runAll })
  })

export const layer = (options: PtyOptions): Layer.Layer<Sandbox, SandboxUnavailable> =>
  Layer.scoped(Sandbox, make(options))
