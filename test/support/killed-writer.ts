/** A program that does one scenario of a writer in a folder; it is killed on its way by the file that it is started with. */
import * as Effect from "effect/Effect"
import { scenarios } from "./writer-scenarios.ts"

const [name = "", folder = "", flag = ""] = process.argv.slice(2)
const scenario = scenarios[name]
if (scenario === undefined) throw new Error(`there is no scenario "${name}"`)
await Effect.runPromise(
  scenario.does({ folder, resume: flag === "resume", overwrite: flag === "" && scenario.after !== undefined })
)
