/** Asks each tool for its version. Only what every task needs makes the answer a failure. */
import * as PlatformCommand from "@effect/platform/Command"
import * as NodeCommandExecutor from "@effect/platform-node/NodeCommandExecutor"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ExitCode } from "../../services/faults/exit-code.ts"
import type { AnswersTo } from "../shared/asked/asked.ts"
import { Screen } from "../shared/terminal.ts"
import type { asked } from "./asked.ts"
import { endpoint, grammars } from "./examine-inside.ts"

interface Tool {
  readonly name: string
  readonly arguments: ReadonlyArray<string>
  /** What does not work without it. */
  readonly neededFor: string
  readonly isRequired: boolean
  readonly advice: string
}

const tools: ReadonlyArray<Tool> = [
  {
    name: "node",
    arguments: ["--version"],
    neededFor: "everything",
    isRequired: true,
    advice: "install Node 20.19 or newer"
  },
  {
    name: "git",
    arguments: ["--version"],
    neededFor: "everything",
    isRequired: true,
    advice: "install git 2.30 or newer"
  },
  {
    name: "nvim",
    arguments: ["--version"],
    neededFor: "the Neovim recipe of serve-context, and its test",
    isRequired: false,
    advice: "install Neovim 0.7 or newer"
  },
  {
    name: "pylint",
    arguments: ["--version"],
    neededFor: "lintseq --linter pylint and --algorithm pylintseq",
    isRequired: false,
    advice: "install pylint 2.16 or newer"
  },
  {
    name: "vim",
    arguments: ["--version"],
    neededFor: "keys, record, vim-loop and serve-reward",
    isRequired: false,
    advice: "install the package vim (vim-tiny is not enough)"
  },
  {
    name: "bwrap",
    arguments: ["--version"],
    neededFor: "the full sandbox of the Vim tasks; without it Vim runs in restricted mode",
    isRequired: false,
    advice: "install the package bubblewrap"
  },
  {
    name: "chromium",
    arguments: ["--version"],
    neededFor: "the tests of view --web; any browser shows the page",
    isRequired: false,
    advice: "install Chromium"
  },
  {
    name: "llama-server",
    arguments: ["--version"],
    neededFor: "a model behind serve-context --proxy-infill on this machine",
    isRequired: false,
    advice: "install llama.cpp, or name a server elsewhere"
  }
]

/** A tool that every task needs is not there. */
export class ToolMissing extends Schema.TaggedError<ToolMissing>()("ToolMissing", { names: Schema.String }) {
  readonly exitCode = ExitCode.Unavailable
  override get message() {
    return `Cannot do without ${this.names}: install what is missing`
  }
}

/** A version is asked for this long: a tool that waits for something is as good as none. */
const patience = "10 seconds"

const versionOf = (tool: Tool) =>
  PlatformCommand.make(tool.name, ...tool.arguments).pipe(
    PlatformCommand.lines,
    Effect.timeout(patience),
    Effect.map((lines) => lines[0]?.trim() ?? ""),
    Effect.option
  )

const missingTerminals = "missing: needed for the Vim tasks; run pnpm install --force"

/** `address` is that of a model server, or null. */
export const examine = ({ endpoint: address }: AnswersTo<typeof asked>) =>
  Effect.gen(function*() {
    const screen = yield* Screen
    const found = yield* Effect.forEach(
      tools,
      (tool) => Effect.map(versionOf(tool), (version) => ({ tool, version })),
      {
        concurrency: tools.length
      }
    )
    for (const { tool, version } of found) {
      const told = version._tag === "Some" ? version.value : `missing: needed for ${tool.neededFor}; ${tool.advice}`
      yield* screen.print(`${tool.name.padEnd(14)}${told}\n`)
    }
    const terminals = yield* Effect.option(Effect.tryPromise(() => import("node-pty")))
    yield* screen.print(`${"node-pty".padEnd(14)}${terminals._tag === "Some" ? "loads" : missingTerminals}\n`)
    yield* screen.print(`${"grammars".padEnd(14)}${yield* grammars}\n`)
    if (address !== undefined) yield* screen.print(`${"endpoint".padEnd(14)}${yield* endpoint(address)}\n`)
    const missing = found.filter(({ tool, version }) => tool.isRequired && version._tag === "None")
    if (missing.length > 0) {
      return yield* new ToolMissing({ names: missing.map(({ tool }) => tool.name).join(", ") })
    }
  }).pipe(Effect.provide(NodeCommandExecutor.layer))
