/** The command line: the list of tasks, the platform, and how the program ends. */
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { setFlagsFromString } from "node:v8"
import * as CliConfig from "@effect/cli/CliConfig"
import * as Command from "@effect/cli/Command"
import * as HelpDoc from "@effect/cli/HelpDoc"
import * as ValidationError from "@effect/cli/ValidationError"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as NodeTerminal from "@effect/platform-node/NodeTerminal"
import * as Cause from "effect/Cause"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import packageJson from "../package.json" with { type: "json" }
import { ExitCode } from "../services/faults/exit-code.ts"
import { declarations } from "./declarations.ts"
import { command as demo } from "./demo.ts"
import { command as doctor } from "./doctor.ts"
import { command as generate } from "./generate.ts"
import { command as keys } from "./keys.ts"
import { command as lintseq } from "./lintseq.ts"
import { command as record } from "./record.ts"
import { command as report } from "./report.ts"
import { command as serveContext } from "./serve-context.ts"
import { command as serveReward } from "./serve-reward.ts"
import { readCall } from "./shared/asked/call.ts"
import { calledAs } from "./shared/called-as.ts"
import { Screen } from "./shared/terminal.ts"
import { Tool } from "./shared/tool.ts"
import { command as view } from "./view.ts"
import { command as vimLoop } from "./vim-loop.ts"

// Work comes in bounded pieces, so garbage is most of every heap: collecting it sooner costs little and keeps
// the peak flat. Threads that start later take this over.
setFlagsFromString("--heap-growing-percent=20")

const root = Command.make("retrace").pipe(
  Command.withSubcommands([
    generate,
    lintseq,
    keys,
    record,
    vimLoop,
    view,
    report,
    serveContext,
    serveReward,
    demo,
    doctor
  ])
)

const isInteractive = process.stderr.isTTY === true
const hasColour = process.env["NO_COLOR"] === undefined &&
  (process.stdout.isTTY === true || process.env["FORCE_COLOR"] !== undefined)

const write = (stream: NodeJS.WriteStream, text: string): Effect.Effect<void> =>
  Effect.async<void>((resume) => {
    stream.write(text, () => resume(Effect.void))
  })

const screen = Screen.of({
  note: (text) => write(process.stderr, text),
  print: (text) => write(process.stdout, text),
  isInteractive,
  hasColour,
  columns: process.stderr.columns ?? 80
})

/** By the rules of freedesktop.org, where an empty value is none. */
const cacheFolder = (): string | null => {
  const { HOME, XDG_CACHE_HOME } = process.env
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, "retrace")
  return HOME ? join(HOME, ".cache", "retrace") : null
}

const tool = Tool.of({
  version: packageJson.version,
  workerEntry: new URL("./worker.mjs", import.meta.url),
  cores: availableParallelism(),
  searchPath: process.env["PATH"] ?? "",
  cacheFolder: cacheFolder(),
  jobs: Effect.flatMap(Effect.promise(() => import("./job-table.ts")), ({ jobTable }) => jobTable)
})

/** Usage errors are told once, at the end, in our own words. */
const silentConsole: Console.Console = {
  ...Console.consoleWith((current) => Effect.succeed(current)).pipe(Effect.runSync),
  log: () => Effect.void,
  error: () => Effect.void
}

const environment = Layer.mergeAll(
  NodeFileSystem.layer,
  NodePath.layer,
  NodeTerminal.layer,
  CliConfig.layer({ showBuiltIns: false, isCaseSensitive: true }),
  Logger.replace(Logger.defaultLogger, Logger.withConsoleError(Logger.logfmtLogger)),
  Layer.succeed(Screen, screen),
  Layer.succeed(Tool, tool)
)

const runTask = Command.run(root, { name: "retrace", version: packageJson.version })
const program = Effect.gen(function*() {
  const call = yield* readCall(process.argv.slice(2), declarations, {
    program: calledAs,
    version: packageJson.version,
    columns: process.stdout.columns ?? (Number(process.env["COLUMNS"]) || 80)
  })
  if (call._tag === "page") return yield* screen.print(call.text)
  return yield* runTask(["node", "retrace", ...call.arguments]).pipe(
    Effect.withConsole(silentConsole),
    Effect.provide(environment)
  )
})

/** One line for an expected failure, the whole cause for a bug. */
const endingOf = (cause: Cause.Cause<unknown>): { readonly code: number; readonly text: string } => {
  if (Cause.isInterruptedOnly(cause)) return { code: ExitCode.Interrupted, text: "" }
  const failure = Cause.failureOption(cause)
  if (failure._tag === "Some") {
    const { value } = failure
    if (ValidationError.isValidationError(value)) {
      // Flags are checked before they come here, so this is what only the parser can see.
      const text = HelpDoc.toAnsiText(value.error).replace(/\s+/g, " ").trim()
      return { code: ExitCode.Usage, text: `Cannot read the arguments: ${text}` }
    }
    if (value instanceof Error && "exitCode" in value && typeof value.exitCode === "number") {
      const isBug = value.exitCode === ExitCode.Bug
      return { code: value.exitCode, text: isBug ? Cause.pretty(cause) : value.message }
    }
  }
  return { code: ExitCode.Bug, text: Cause.pretty(cause) }
}

const fiber = Effect.runFork(program)
let signalCode: number | undefined
const interrupt = (code: number) => () => {
  // A second signal does not wait for anything to be put in order.
  if (signalCode !== undefined) process.exit(code)
  signalCode = code
  fiber.unsafeInterruptAsFork(fiber.id())
}
process.on("SIGINT", interrupt(ExitCode.Interrupted))
process.on("SIGTERM", interrupt(ExitCode.Terminated))
// Whoever reads our output may stop reading: that is the end of the work, and no failure.
process.stdout.on("error", (cause: NodeJS.ErrnoException) => {
  if (cause.code === "EPIPE") process.exit(ExitCode.Done)
})
process.stderr.on("error", () => undefined)

fiber.addObserver((exit) => {
  const ending = Exit.isSuccess(exit) ? { code: ExitCode.Done, text: "" } : endingOf(exit.cause)
  const code = signalCode ?? ending.code
  if (ending.text !== "" && signalCode === undefined) process.stderr.write(`${ending.text}\n`)
  process.exitCode = code
  // What is written is taken before the end, and no handle that a library left open may hold it up.
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)))
})
