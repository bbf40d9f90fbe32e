/**
 * Runs a task in this process: the same command line as the program's, its streams kept as texts. For all but what only a
 * process can show; a start of the program takes a third of a second, this takes none.
 */
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"
import { inject } from "vitest"
import { version } from "../../package.json" with { type: "json" }
import { commandEndingOf, runCall } from "../../tasks/command-line.ts"
import { jobTable } from "../../tasks/job-table.ts"
import { Screen } from "../../tasks/shared/terminal.ts"
import { Tool } from "../../tasks/shared/tool.ts"
import type { Ended } from "./program.ts"
import { makeScreen } from "./screen.ts"

/** What a test may want of the machine: a PATH of its own, a terminal with colours. */
interface Machine {
  readonly searchPath?: string
  readonly hasColour?: boolean
}

export const runTask = async (
  args: ReadonlyArray<string>,
  { hasColour = false, searchPath = process.env["PATH"] ?? "" }: Machine = {}
): Promise<Ended> => {
  const { screen, stderr, stdout } = makeScreen({ hasColour })
  const tool = Tool.of({
    version,
    workerEntry: pathToFileURL(join(inject("bundleFolder"), "worker.mjs")),
    cores: availableParallelism(),
    searchPath,
    cacheFolder: null,
    command: { node: process.execPath, nodeOptions: [], args: ["tasks/launch.mjs", ...args], environment: process.env },
    jobs: jobTable
  })
  const exit = await Effect.runPromiseExit(
    runCall(args, { program: "retrace", version, columns: 80 }).pipe(
      Effect.provideService(Screen, screen),
      Effect.provideService(Tool, tool)
    )
  )
  const { code, text } = commandEndingOf(exit)
  return { code, signal: null, stdout: stdout(), stderr: text === "" ? stderr() : `${stderr()}${text}\n` }
}
