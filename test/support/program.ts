/** Starts the program as users do: node, the bundle, arguments. */
import { spawn, type SpawnOptions } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { inject } from "vitest"

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export const startProgram = (args: ReadonlyArray<string>, options: SpawnOptions = {}) => {
  const child = spawn(process.execPath, [join(inject("bundleFolder"), "main.mjs"), ...args], {
    ...options,
    stdio: ["ignore", "pipe", "pipe"]
  })
  let stdout = ""
  let stderr = ""
  child.stdout?.on("data", (data) => stdout += data)
  child.stderr?.on("data", (data) => stderr += data)
  const ended = new Promise<Ended>((resolve) =>
    child.on("close", (code, signal) => resolve({ code, signal, stdout, stderr }))
  )
  return { child, ended }
}

export const runProgram = (args: ReadonlyArray<string>, options: SpawnOptions = {}): Promise<Ended> =>
  startProgram(args, options).ended

/** All files of a folder by name, as text. */
export const folderContents = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(readdirSync(folder).sort().map((name) => [name, readFileSync(join(folder, name), "utf8")]))

/** The rows of a JSON Lines text. */
export const rowsIn = (text: string | undefined): ReadonlyArray<any> =>
  (text ?? "").split("\n").filter((line) => line !== "").map((line) => JSON.parse(line))
