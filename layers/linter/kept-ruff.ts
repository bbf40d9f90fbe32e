/** Ruff's compiled code in a folder, and the process that makes it. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"

/** Where ruff's compiled code is kept, and what is done where it is missing and worth having. */
export interface KeptRuff {
  readonly folder: string
  /**
   * Has it made, for the runs to come, by a process that ends by itself after some seconds. Nobody waits for it, and
   * nobody misses it: what ends the group of this process ends it too.
   */
  readonly make: () => void
}

/** Keeps the code in a folder; `program` is what makes it there. */
export const keptRuff = (folder: string, program: URL): KeptRuff => ({
  folder,
  make: () => {
    spawn(process.execPath, [...process.execArgv, fileURLToPath(program), folder], {
      cwd: "/",
      stdio: "ignore"
    }).on("error", () => undefined).unref()
  }
})
