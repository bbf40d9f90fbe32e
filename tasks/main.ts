/** The command line: the list of tasks, the platform, and how the program ends. */
import { availableParallelism } from "node:os"
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
import { command as demo } from "./demo.ts"
import { command as doctor } from "./doctor.ts"
import { command as generate } from "./generate.ts"
import { command as keys } from "./keys.ts"
import { command as lintseq } from "./lintseq.ts"
import { command as record } from "./record.ts"
import { command as report } from "./report.ts"
import { command as serveContext } from "./serve-context.ts"
import { command as serveReward } from "./serve-reward.ts"
import { arrangeArguments } from "./shared/arguments.ts"
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

const overview = `retrace ${packageJson.version}: turns the way code was written back into training data

Tasks:
  generate        git history and source trees to fill-in-the-middle, SFT, KTO and DPO data
  lintseq         programs to sequences of edits that build them, each state clean under a linter
  keys            keystrokes typed into a text, in a Vim that can touch nothing else
  record          keystrokes typed while the terminal is recorded, as an asciicast
  vim-loop        edits of a history to verified keystrokes, round by round, by search or by a model
  view            the rows of a dataset, one by one, filtered, searched and counted
  report          a page of figures, a dataset card, and the measures a dataset is judged by
  serve-context   cross-file context for editors over JSON-RPC, from the index that makes training rows
  serve-reward    rewards over HTTP: keystrokes that models answer, tried in that Vim
  demo            every task on a small repository that it builds itself
  doctor          which tools this machine has, and what does not work without the others

pnpm task <task> --help           flags and examples of a task
pnpm task --completions bash      completions for bash, zsh or fish
pnpm task --version               the version
`

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

const tool = Tool.of({
  version: packageJson.version,
  workerEntry: new URL("./worker.mjs", import.meta.url),
  cores: availableParallelism(),
  jobs: Effect.flatMap(Effect.promise(() => import("./job-table.ts")), ({ jobTable }) => jobTable)
})

/** An escape character, which no regular expression literal may hold, and a colour behind it. */
const colourCodes = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g")
const plain = (text: string): string => (hasColour ? text : text.replace(colourCodes, ""))

/** Help goes to standard output as plain text; a usage error is told once, at the end. */
const consoleForHelp: Console.Console = {
  ...Console.consoleWith((current) => Effect.succeed(current)).pipe(Effect.runSync),
  log: (...parts) => write(process.stdout, `${plain(parts.map(String).join(" ")).trimEnd()}\n`),
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

const args = arrangeArguments(process.argv.slice(2))
const run = Command.run(root, { name: "retrace", version: packageJson.version, executable: "pnpm task" })
const isOverview = args.length === 0 || (args.length === 1 && /^(?:--help|-h|help)$/.test(args[0] ?? ""))
const program = isOverview ? screen.print(overview) : run(["node", "retrace", ...args]).pipe(
  Effect.withConsole(consoleForHelp),
  Effect.provide(environment)
)

/** The flag whose value a message complains of, for messages that name the value only. */
const flagOf = (message: string): string => {
  const value = /'([^']*)'/.exec(message)?.[1]
  const flag = value === undefined ? undefined : args[args.indexOf(value) - 1]
  return flag?.startsWith("--") === true && !message.includes(flag) ? `${flag}: ` : ""
}

/** One line for an expected failure, the whole cause for a bug. */
const endingOf = (cause: Cause.Cause<unknown>): { readonly code: number; readonly text: string } => {
  if (Cause.isInterruptedOnly(cause)) return { code: ExitCode.Interrupted, text: "" }
  const failure = Cause.failureOption(cause)
  if (failure._tag === "Some") {
    const { value } = failure
    if (ValidationError.isValidationError(value)) {
      const text = HelpDoc.toAnsiText(value.error).replace(colourCodes, "").replace(/\s+/g, " ").trim()
      return { code: ExitCode.Usage, text: `${flagOf(text)}${text}; see "pnpm task ${args[0] ?? ""} --help"` }
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
