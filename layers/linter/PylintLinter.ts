/**
 * Linter of Python over pylint: the oracle of the LintSeq paper, a hundred times slower than ruff. One Python process
 * for each thread answers state after state; one that hangs is killed and started again.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { accessSync, constants, readFileSync } from "node:fs"
import { delimiter, join } from "node:path"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { Linter, LinterFailed, LinterUnavailable, type Problem } from "../../services/Linter.ts"
import { pylintProgram } from "./pylint-program.ts"

/** A single state takes pylint a tenth of a second; one that takes this long hangs. */
const answerLimit = "60 seconds"

const startLimit = "30 seconds"

const missing =
  "pylint is not installed; install it (apt-get install pylint, or pip install pylint), or leave out --linter"

/** There is no Python here, or it has no pylint. */
class NotInstalled extends Data.TaggedError("NotInstalled") {}

type PylintFault = LinterFailed | NotInstalled

interface Pylint {
  /** Sends a line and waits for the next one. */
  readonly ask: (line: string) => Effect.Effect<string, PylintFault>
  readonly stop: () => void
}

const failed = (detail: string) => new LinterFailed({ linter: "pylint", detail })

/** The Python that pylint's own command runs on. */
const pythonOfPylint = (searchPath: string, otherwise: string): string => {
  for (const folder of searchPath.split(delimiter)) {
    const path = join(folder, "pylint")
    try {
      accessSync(path, constants.X_OK)
      const interpreter = /^#!\s*(\S*python\S*)\s*$/m.exec(readFileSync(path, "utf8").slice(0, 200))?.[1]
      if (interpreter !== undefined) return interpreter
    } catch {
      // Not here.
    }
  }
  return otherwise
}

/** Python loads modules from the folder that it is started in, so it is not started in one with somebody's code. */
const start = (python: string, searchPath: string): Effect.Effect<Pylint> =>
  Effect.sync(() =>
    spawn(python, ["-u", "-X", "utf8", "-c", pylintProgram], {
      stdio: "pipe",
      cwd: "/",
      env: { ...process.env, PATH: searchPath }
    })
  ).pipe(Effect.map(connect))

/** Talks to the process, line by line. */
const connect = (child: ChildProcessWithoutNullStreams): Pylint => {
  let text = ""
  let waiting: ((answer: Effect.Effect<string, PylintFault>) => void) | undefined
  let ended: PylintFault | undefined
  const answer = (value: Effect.Effect<string, PylintFault>) => {
    const resume = waiting
    waiting = undefined
    resume?.(value)
  }
  const end = (why: PylintFault) => {
    ended ??= why
    answer(ended)
  }
  child.stdout.setEncoding("utf8")
  child.stdout.on("data", (piece: string) => {
    text += piece
    for (let stop = text.indexOf("\n"); stop !== -1; stop = text.indexOf("\n")) {
      const line = text.slice(0, stop)
      text = text.slice(stop + 1)
      answer(Effect.succeed(line))
    }
  })
  child.stderr.resume()
  child.stdin.on("error", () => undefined)
  child.on(
    "error",
    (cause: NodeJS.ErrnoException) => end(cause.code === "ENOENT" ? new NotInstalled() : failed(cause.message))
  )
  child.on("close", (code) => end(failed(`its process ended with code ${code}`)))
  return {
    ask: (line) =>
      Effect.async((resume) => {
        if (ended !== undefined) return resume(ended)
        waiting = resume
        if (line !== "") child.stdin.write(`${line}\n`)
      }),
    stop: () => {
      child.kill("SIGKILL")
    }
  }
}

const Hello = Schema.parseJson(Schema.Struct({
  version: Schema.optional(Schema.String),
  missing: Schema.optional(Schema.Boolean),
  failure: Schema.optional(Schema.String)
}))
const Answer = Schema.parseJson(Schema.Array(Schema.Tuple(Schema.String, Schema.String, Schema.Number)))

const make = (searchPath: string, python: string): Effect.Effect<Linter["Type"], never, Scope.Scope> =>
  Effect.gen(function*() {
    const turn = yield* Effect.makeSemaphore(1)
    let running: Pylint | undefined

    const ready = Effect.gen(function*() {
      const pylint = yield* start(pythonOfPylint(searchPath, python), searchPath)
      const hello = yield* pylint.ask("").pipe(
        Effect.timeoutFail({ duration: startLimit, onTimeout: () => failed(`it did not start in ${startLimit}`) }),
        Effect.flatMap((line) => Effect.mapError(Schema.decode(Hello)(line), () => failed(line))),
        Effect.onError(() => Effect.sync(pylint.stop))
      )
      if (hello.missing === true) return yield* new NotInstalled()
      if (hello.version === undefined) return yield* failed(hello.failure ?? "it did not start")
      running = pylint
      return pylint
    })

    const check = (source: string): Effect.Effect<ReadonlyArray<Problem>, LinterFailed> =>
      turn.withPermits(1)(Effect.gen(function*() {
        const pylint = running ?? (yield* ready)
        const line = yield* pylint.ask(JSON.stringify(source)).pipe(
          Effect.timeoutFail({ duration: answerLimit, onTimeout: () => failed("it gave no answer in 60 s") }),
          Effect.onError(() =>
            Effect.sync(() => {
              pylint.stop()
              running = undefined
            })
          )
        )
        const found = yield* Effect.mapError(
          Schema.decode(Answer)(line),
          () => failed(`it answered "${line.slice(0, 80)}"`)
        )
        return found.map(([rule, message, row]) => problemOf(rule, message, row))
      })).pipe(Effect.catchTag("NotInstalled", () => failed(missing)))

    yield* Effect.addFinalizer(() => Effect.sync(() => running?.stop()))

    const open: Linter["Type"]["open"] = Effect.fn("Linter.open")(function*(language) {
      const unavailable = (detail: string) => new LinterUnavailable({ linter: "pylint", language, detail })
      if (language !== "python") return yield* unavailable("it reads Python only")
      if (running === undefined) {
        yield* turn.withPermits(1)(Effect.suspend(() => (running === undefined ? ready : Effect.succeed(running))))
          .pipe(
            Effect.mapError((fault) => unavailable(fault._tag === "NotInstalled" ? missing : fault.detail))
          )
      }
      return { _tag: "waiting", takes: () => true, check }
    })

    return Linter.of({ open })
  })

const problemOf = (rule: string, message: string, row: number): Problem => {
  const opener = /after .* on line (\d+)/.exec(message)?.[1]
  return {
    rule,
    message: message.replace(/\(<unknown>, line \d+\)/, "").replace(/\b(?:on|at) line \d+/g, "").trim(),
    line: Math.max(0, (opener === undefined ? row : Number(opener)) - 1),
    isSyntax: rule === "E0001"
  }
}

/**
 * `searchPath` says where to look for the command of pylint, as the environment's PATH does; without one, `python`
 * is looked for there.
 */
export const layer = (searchPath: string, python = "python3"): Layer.Layer<Linter> =>
  Layer.scoped(Linter, make(searchPath, python))
