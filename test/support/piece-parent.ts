/** A process that has a piece made in a process of its own: `parent.mjs CHILD FOLDER`. */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { makeInProcess } from "../../tasks/shared/crew/piece-process.ts"

const [script = "", folder = ""] = process.argv.slice(2)
const command = {
  node: process.execPath,
  nodeOptions: process.execArgv,
  args: [script, join(folder, "ended")],
  environment: process.env
}
void Effect.runPromise(
  makeInProcess({ command, heapMebibytes: 64 })({ name: "mine" }, { name: "waits", weight: 1 }, folder)
)
