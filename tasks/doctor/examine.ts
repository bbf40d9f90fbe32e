/** Tries each tool. Only what every task needs makes the answer a failure. */
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ExitCode } from "../../services/faults/exit-code.ts"
import type { AnswersTo } from "../shared/asked/asked.ts"
import { Screen } from "../shared/terminal.ts"
import { Tool } from "../shared/tool.ts"
import type { asked } from "./asked.ts"
import { endpoint, grammars } from "./examine-inside.ts"
import { type MachineTool, tools } from "./tools.ts"
import { type Finding, tryTools } from "./try-tools.ts"

/** A tool that every task needs is not there. */
export class ToolMissing extends Schema.TaggedError<ToolMissing>()("ToolMissing", { names: Schema.String }) {
  readonly exitCode = ExitCode.Unavailable
  override get message() {
    return `Cannot do without ${this.names}: install what is missing`
  }
}

const told = ({ advice, neededFor }: MachineTool, finding: Finding): string => {
  if (finding._tag === "works") return finding.said
  const state = finding._tag === "missing" ? "missing" : `does not work (${finding.detail})`
  return `${state}: needed for ${neededFor}; ${advice}`
}

export const examine = ({ endpoint: address }: AnswersTo<typeof asked>) =>
  Effect.gen(function*() {
    const screen = yield* Screen
    const { searchPath } = yield* Tool
    const row = (name: string, text: string) => screen.print(`${name.padEnd(14)}${text}\n`)
    const found = Arr.zip(tools, yield* tryTools(tools, searchPath))
    for (const [tool, finding] of found) yield* row(tool.name, told(tool, finding))
    yield* row("grammars", yield* grammars)
    if (address !== undefined) yield* row("endpoint", yield* endpoint(address))
    const missing = found.filter(([tool, finding]) => tool.isRequired && finding._tag !== "works")
    if (missing.length > 0) return yield* new ToolMissing({ names: missing.map(([{ name }]) => name).join(", ") })
  })
