/** The program, as the pages show it. */
import { execFile } from "node:child_process"
import { join } from "node:path"
import { CannotMake } from "./regions.ts"

/** `pnpm format` and `pnpm check` run in the root. */
export const root = process.cwd()

/** The program says so itself when a tool is missing. */
const unavailable = 69

export interface Call {
  readonly folder: string
  readonly args: ReadonlyArray<string>
  /** What it is sent on standard input. */
  readonly input?: string
}

export interface Said {
  readonly stdout: string
  readonly stderr: string
}

/** Runs a task in a folder; any end but a good one is an error. */
export const retrace = ({ args, folder, input = "" }: Call): Promise<Said> =>
  new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [join(root, "tasks/launch.mjs"), ...args],
      { cwd: folder, encoding: "utf8" },
      (error, stdout, stderr) => {
        if (error === null) resolve({ stdout, stderr })
        else reject(error.code === unavailable ? new CannotMake(stderr.trim()) : error)
      }
    )
    // Who refuses a call does not read on.
    child.stdin?.on("error", () => undefined).end(input)
  })
