/** The command line without a process around it: the list of tasks, how a call is read, and how it ends. */
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
import { ExitCode } from "../services/faults/exit-code.ts"
import { showable } from "../services/text/showable.ts"
import { commands, declarations } from "./all-tasks.ts"
import { type Called, readCall } from "./shared/asked/call.ts"
import { Screen } from "./shared/terminal.ts"

const root = Command.make("retrace").pipe(Command.withSubcommands(commands))

/** Usage errors are told once, at the end, in our own words. */
const silentConsole: Console.Console = {
  ...Console.consoleWith((current) => Effect.succeed(current)).pipe(Effect.runSync),
  log: () => Effect.void,
  error: () => Effect.void
}

const platform = Layer.mergeAll(
  NodeFileSystem.layer,
  NodePath.layer,
  NodeTerminal.layer,
  CliConfig.layer({ showBuiltIns: false, isCaseSensitive: true }),
  Logger.replace(Logger.defaultLogger, Logger.withConsoleError(Logger.map(Logger.logfmtLogger, showable)))
)

/** Does what the arguments behind the program's name ask for. */
export const runCall = (args: ReadonlyArray<string>, called: Called) =>
  Effect.gen(function*() {
    const call = yield* readCall(args, declarations, called)
    if (call._tag === "page") {
      const screen = yield* Screen
      return yield* screen.print(call.text)
    }
    const runTask = Command.run(root, { name: "retrace", version: called.version })
    return yield* runTask(["node", "retrace", ...call.arguments]).pipe(
      Effect.withConsole(silentConsole),
      Effect.provide(platform)
    )
  })

export interface CommandEnding {
  readonly code: number
  /** What is told of a failure, showable: one line for an expected one, the whole cause for a bug. */
  readonly text: string
}

export const commandEndingOf = (exit: Exit.Exit<void, unknown>): CommandEnding => {
  if (Exit.isSuccess(exit)) return { code: ExitCode.Done, text: "" }
  const { cause } = exit
  if (Cause.isInterruptedOnly(cause)) return { code: ExitCode.Interrupted, text: "" }
  const failure = Cause.failureOption(cause)
  if (failure._tag === "Some") {
    const { value } = failure
    if (ValidationError.isValidationError(value)) {
      // Flags are checked before they come here, so this is what only the parser can see.
      const text = HelpDoc.toAnsiText(value.error).replace(/\s+/g, " ").trim()
      return { code: ExitCode.Usage, text: showable(`Cannot read the arguments: ${text}`) }
    }
    if (value instanceof Error && "exitCode" in value && typeof value.exitCode === "number") {
      const isBug = value.exitCode === ExitCode.Bug && !("isExpected" in value)
      return { code: value.exitCode, text: showable(isBug ? Cause.pretty(cause) : value.message) }
    }
  }
  return { code: ExitCode.Bug, text: showable(Cause.pretty(cause)) }
}
