/** The program: the process, its streams and signals, around the command line. */
import { availableParallelism, tmpdir } from "node:os"
import { isAbsolute, join } from "node:path"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import packageJson from "../package.json" with { type: "json" }
import { homeOfUser } from "../layers/git/home-of-user.ts"
import { openRunFolder } from "../layers/writer/run-folder.ts"
import { ExitCode } from "../services/faults/exit-code.ts"
import { systemCode, systemWords } from "../services/faults/system-words.ts"
import { CannotWrite } from "../services/Writer.ts"
import { commandEndingOf, runCall } from "./command-line.ts"
import { calledAs } from "./shared/called-as.ts"
import { Screen, screenOver } from "./shared/terminal.ts"
import { Tool } from "./shared/tool.ts"

const isInteractive = process.stderr.isTTY === true
const hasColour = process.env["NO_COLOR"] === undefined &&
  (process.stdout.isTTY === true || process.env["FORCE_COLOR"] !== undefined)

let signalCode: number | undefined
/** What waits for its text to be taken. */
const untaken = new Set<() => void>()

/** Writes, and waits until it is taken: but once a signal has come, nobody who does not read holds up the end. */
const write = (stream: NodeJS.WriteStream, text: string): Effect.Effect<void> =>
  Effect.async<void>((resume) => {
    const taken = () => {
      untaken.delete(taken)
      resume(Effect.void)
    }
    untaken.add(taken)
    stream.write(text, (cause) => {
      if (stream === process.stdout && cause !== undefined && cause !== null) endWithoutOutput(cause)
      taken()
    })
    if (signalCode !== undefined) taken()
  })

/** How long the last output may take once a signal has come. */
const flushMillis = 200

const screen = screenOver({
  err: (text) => write(process.stderr, text),
  out: (text) => write(process.stdout, text),
  isInteractive,
  printsToTerminal: process.stdout.isTTY === true,
  hasColour,
  columns: process.stderr.columns ?? 80
})

/** By the rules of freedesktop.org, where a value that is no absolute path is none. */
const cacheFolder = (): string | null => {
  const { XDG_CACHE_HOME } = process.env
  if (XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, "retrace")
  const home = homeOfUser()
  return home === undefined ? null : join(home, ".cache", "retrace")
}

const cache = cacheFolder()

/** Folders of the cache where files are drafted before they get their names. */
const drafts = cache === null ? [] : ["clones", "indexes", "offsets"].map((name) => join(cache, name))

// All that is temporary, of this process and of those that it starts, lies in one folder.
process.env["TMPDIR"] = openRunFolder(tmpdir(), drafts) ?? tmpdir()

const tool = Tool.of({
  version: packageJson.version,
  // What a worker runs depends on the task, and so does which compiled code it is started with.
  workerEntry: new URL(`./worker.mjs?task=${encodeURIComponent(process.argv[2] ?? "")}`, import.meta.url),
  cores: availableParallelism(),
  searchPath: process.env["PATH"] ?? "",
  cacheFolder: cache,
  command: {
    node: process.execPath,
    nodeOptions: process.execArgv,
    args: process.argv.slice(1),
    environment: process.env
  },
  jobs: Effect.flatMap(Effect.promise(() => import("./job-table.ts")), ({ jobTable }) => jobTable)
})

const program = runCall(process.argv.slice(2), {
  program: calledAs,
  version: packageJson.version,
  columns: process.stdout.columns ?? (Number(process.env["COLUMNS"]) || 80)
}).pipe(
  Effect.provideService(Screen, screen),
  Effect.provideService(Tool, tool)
)

const fiber = Effect.runFork(program)
const interrupt = (code: number) => () => {
  // A second signal does not wait for anything to be put in order.
  if (signalCode !== undefined) process.exit(code)
  signalCode = code
  for (const taken of untaken) taken()
  fiber.unsafeInterruptAsFork(fiber.id())
}
process.on("SIGINT", interrupt(ExitCode.Interrupted))
process.on("SIGTERM", interrupt(ExitCode.Terminated))
let outputFailure: CannotWrite | undefined
function endWithoutOutput(cause: Error): void {
  // Whoever reads our output may stop reading: that is the end of the work, and no failure.
  if (systemCode(cause) === "EPIPE") process.exit(ExitCode.Done)
  outputFailure ??= new CannotWrite({ path: "standard output", detail: systemWords(cause) })
  fiber.unsafeInterruptAsFork(fiber.id())
}
process.stdout.on("error", endWithoutOutput)
process.stderr.on("error", () => undefined)

fiber.addObserver((exit) => {
  const ending = outputFailure === undefined ? commandEndingOf(exit) : commandEndingOf(Exit.fail(outputFailure))
  const code = signalCode ?? ending.code
  if (ending.text !== "" && signalCode === undefined) process.stderr.write(`${ending.text}\n`)
  process.exitCode = code
  // What is written is taken before the end, and no handle that a library left open may hold it up.
  process.stdout.write("", () => process.stderr.write("", () => process.exit(code)))
  // After a signal, only by whoever still reads.
  if (signalCode !== undefined) setTimeout(() => process.exit(code), flushMillis)
})
