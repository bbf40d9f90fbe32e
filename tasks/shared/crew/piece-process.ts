/**
 * Makes a piece in a process of its own: the same command, told by its environment that it is to make one piece. What
 * the piece does to its process is a reason that it failed for, and does not touch the one that shares the run.
 *
 * The process ends when its input does, which is when the other one has ended, however that came. It gives nothing its
 * name: whoever started it does.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { constants, setPriority } from "node:os"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ExitCode } from "../../../services/faults/exit-code.ts"
import { systemWords } from "../../../services/faults/system-words.ts"
import type { WorkPiece, WorkStage } from "../../../services/Crew.ts"
import type { OwnCommand } from "./own-command.ts"

export interface PieceProcessOptions {
  readonly command: OwnCommand
  /** What JavaScript may take of the memory, in mebibytes. */
  readonly heapMebibytes: number
}

/** What a process for a piece is asked to make. */
export interface AskedPiece {
  readonly stage: string
  readonly piece: string
  /** Folder that it is made in: it is empty, and belongs to this process. */
  readonly folder: string
}

/** Variables of the environment that say it. */
export const pieceVariables = { piece: "RETRACE_PIECE", folder: "RETRACE_PIECE_FOLDER" } as const

/** Returns what this process is asked to make, or undefined where it is a whole run. */
export const askedPiece = (environment: OwnCommand["environment"]): AskedPiece | undefined => {
  const [, stage, piece] = /^([a-z]+)\/([a-z\d-]+)$/.exec(environment[pieceVariables.piece] ?? "") ?? []
  const folder = environment[pieceVariables.folder]
  return stage === undefined || piece === undefined || folder === undefined ? undefined : { stage, piece, folder }
}

/** The process that made a piece did not end well. */
export class PieceFailed extends Schema.TaggedError<PieceFailed>()("PieceFailed", {
  /** Why, as in "it ended with code 1: Cannot read …". */
  reason: Schema.String,
  /** The exit code of the process where it is one of ours. */
  exitCode: Schema.Literal(...Object.values(ExitCode))
}) {
  override get message() {
    return this.reason
  }
}

/** Makes a piece of a stage in a process, which is ended where this is interrupted. */
export const makeInProcess =
  (options: PieceProcessOptions) =>
  (stage: Pick<WorkStage<never, never>, "name">, piece: WorkPiece, folder: string): Effect.Effect<void, PieceFailed> =>
    Effect.flatMap(
      Effect.try({
        try: () => startProcess(options, { stage: stage.name, piece: piece.name, folder }),
        catch: (cause) => notStarted(cause)
      }),
      (child) =>
        Effect.async((resume) => {
          // A process that ends while we hold its input tells by its exit.
          child.stdin?.on("error", () => undefined)
          const lastLine = keepLastLine(child)
          const ended = new Promise<void>((resolve) => child.on("close", () => resolve()))
          child.on("error", (cause) => resume(Effect.fail(notStarted(cause))))
          child.on("close", (code, signal) => {
            resume(code === 0 ? Effect.void : Effect.fail(failureOf(code, signal, lastLine())))
          })
          return Effect.promise(() => endChild(child, ended))
        })
    )

/** Starts it in a group of its own: what is typed into a terminal is for this process, which ends that one in good order. */
const startProcess = ({ command, heapMebibytes }: PieceProcessOptions, asked: AskedPiece): ChildProcess => {
  const { args, environment, node, nodeOptions } = command
  const child = spawn(node, [...nodeOptions, `--max-old-space-size=${heapMebibytes}`, ...args], {
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
    env: {
      ...environment,
      [pieceVariables.piece]: `${asked.stage}/${asked.piece}`,
      [pieceVariables.folder]: asked.folder
    }
  })
  yieldToOthers(child)
  return child
}

const notStarted = (cause: unknown): PieceFailed =>
  new PieceFailed({ reason: `its process could not be started: ${systemWords(cause)}`, exitCode: ExitCode.Unavailable })

/** How long a process gets for putting things in order. */
const graceMillis = 5000

const endChild = async (child: ChildProcess, ended: Promise<void>): Promise<void> => {
  if (child.pid === undefined) return
  signalGroup(child, "SIGTERM")
  const timer = setTimeout(() => signalGroup(child, "SIGKILL"), graceMillis)
  await ended
  clearTimeout(timer)
}

const signalGroup = ({ pid }: ChildProcess, signal: NodeJS.Signals): void => {
  try {
    if (pid !== undefined) process.kill(process.platform === "win32" ? pid : -pid, signal)
  } catch {
    // All of them have ended.
  }
}

/** Lets other programs of the machine go first, and the process that shares the run, which has to give signs in time. */
const yieldToOthers = ({ pid }: ChildProcess): void => {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW)
  } catch {
    // It has ended, or the system does not let us.
  }
}

/** So many characters of a line are worth telling. */
const longestLine = 500

const keepLastLine = ({ stderr }: ChildProcess): () => string => {
  let said = ""
  stderr?.setEncoding("utf8")
  stderr?.on("data", (text: string) => {
    said = (said + text).slice(-8000)
  })
  return () => said.trimEnd().split("\n").at(-1)?.trim().slice(0, longestLine) ?? ""
}

/** Signals by which somebody asks a process to end, and often all processes of a job at once. */
const asks: ReadonlySet<NodeJS.Signals> = new Set(["SIGTERM", "SIGINT", "SIGHUP"])

const isOurs = (code: number | null): code is ExitCode => Object.values(ExitCode).some((ours) => ours === code)

const failureOf = (code: number | null, signal: NodeJS.Signals | null, lastLine: string): PieceFailed => {
  if (signal !== null) {
    const exitCode = asks.has(signal) ? ExitCode.Terminated : ExitCode.Unavailable
    return new PieceFailed({ reason: `its process was ended by ${signal}`, exitCode })
  }
  const reason = `it ended with code ${code}${lastLine === "" ? "" : `: ${lastLine}`}`
  return new PieceFailed({ reason, exitCode: isOurs(code) ? code : ExitCode.Bug })
}

/** Ends this process when its input ends: nobody waits for the piece any more. For a process that makes a piece. */
export const endingWithInput: Effect.Effect<never> = Effect.async((resume) => {
  const end = () => resume(Effect.sync(() => process.exit(ExitCode.Terminated)))
  process.stdin.on("end", end).on("error", end).on("close", end).resume()
  return Effect.sync(() => process.stdin.pause().off("end", end).off("error", end).off("close", end))
})
