/** Linter of Python over ruff, compiled to WebAssembly: about 0.1 ms for a program of 100 lines. */
import { createRequire } from "node:module"
import { setFlagsFromString } from "node:v8"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type LanguageLinter, Linter, LinterUnavailable, type Problem } from "../../services/Linter.ts"

/**
 * Rules that only broken code violates: formats that do not fit their arguments, misplaced statements, undefined names,
 * and what pylint calls errors. Three are left out because they fire on code that runs: comparing constants with "is"
 * (F632), and two on "%" formats that depend on values (F507, F523). So are the rules on single characters (PLE25),
 * which removing a line cannot violate, and which take a tenth of the time.
 */
const rules = {
  select: ["F50", "F52", "F62", "F63", "F70", "F82", "F901", "PLE", "B002"],
  ignore: ["F632", "F507", "F523", "PLE25"]
}

/** What of the package is used. */
interface RuffModule {
  readonly Workspace: new(options: unknown, encoding: number) => { readonly check: (source: string) => unknown }
  readonly PositionEncoding: { readonly Utf16: number }
}

const require = createRequire(import.meta.url)
const packageName = "@astral-sh/ruff-wasm-nodejs"

/** Starts another instance of the WebAssembly: one that broke on a text keeps the stack that it had then. */
const startRuff = () => {
  const path = require.resolve(packageName)
  delete require.cache[path]
  // V8 would spend five seconds of processor time and 280 MB to make these ten megabytes a third faster.
  setFlagsFromString("--liftoff-only")
  try {
    const { PositionEncoding, Workspace }: RuffModule = require(path)
    return new Workspace({ "target-version": "py313", lint: rules }, PositionEncoding.Utf16)
  } finally {
    setFlagsFromString("--no-liftoff-only")
  }
}

const make = Effect.sync(() => {
  let opened: LanguageLinter | undefined

  const start = (): LanguageLinter => {
    let workspace = startRuff()
    return {
      _tag: "immediate",
      // What is too much for WebAssembly ends there.
      takes: () => true,
      check: (source) => {
        let found: ReadonlyArray<Diagnostic>
        try {
          found = readDiagnostics(workspace.check(source))
        } catch (cause) {
          workspace = startRuff()
          return [{ rule: "ruff", message: `ruff gave up (${String(cause).slice(0, 60)})`, line: 0, isSyntax: true }]
        }
        return found.length === 0 ? [] : problemsOf(source, found)
      }
    }
  }

  const open: Linter["Type"]["open"] = Effect.fn("Linter.open")(function*(language) {
    const unavailable = (detail: string) => new LinterUnavailable({ linter: "ruff", language, detail })
    if (language !== "python") return yield* unavailable("it reads Python only")
    opened ??= yield* Effect.try({ try: start, catch: (cause) => unavailable(String(cause)) })
    return opened
  })

  return Linter.of({ open })
})

export const layer: Layer.Layer<Linter> = Layer.effect(Linter, make)

/** The package gives plain objects, which its own glue code builds as its type declarations say. */
const readDiagnostics = (value: unknown): ReadonlyArray<Diagnostic> => (Array.isArray(value) ? value : [])

interface Diagnostic {
  readonly code: string | null
  readonly message: string
  readonly start_location: { readonly row: number; readonly column: number }
}

const problemsOf = (source: string, found: ReadonlyArray<Diagnostic>): ReadonlyArray<Problem> => {
  const lines = source.split("\n")
  const lineOfRow = rowsOf(source)
  return found.map(({ code, message, start_location }) => {
    const line = lineOfRow(start_location.row)
    return {
      rule: code ?? "invalid-syntax",
      message: message.replace(/\b(?:on|at|from) line \d+/g, ""),
      line: code === null || code === "invalid-syntax" ? blamed(lines, line, message) : line,
      isSyntax: code === null || code === "invalid-syntax"
    }
  })
}

/** Ruff's rows, from 1, also end at a lone "\r"; ours do not. */
const rowsOf = (source: string): (row: number) => number => {
  if (!/\r(?!\n)/.test(source)) return (row) => row - 1
  const lines: Array<number> = []
  let line = 0
  for (const piece of source.split(/(\r\n|\r|\n)/)) {
    if (piece === "\r\n" || piece === "\n") line++
    else if (piece !== "\r") lines.push(line)
  }
  return (row) => lines[row - 1] ?? line
}

const keywords: ReadonlyArray<readonly [RegExp, RegExp]> = [
  [/after function definition/, /^\s*(?:async\s+)?def\b/],
  [/after class definition/, /^\s*class\b/]
]

/**
 * Returns the line to blame for broken syntax. Ruff points at the token that it did not expect; what lacks its block,
 * its handler or its definition stands above.
 */
const blamed = (lines: ReadonlyArray<string>, line: number, message: string): number => {
  if (!/^Expected (?:an indented block|`except` or|class, function)/.test(message)) {
    return Math.min(line, lines.length - 1)
  }
  const keyword = /after `(\w+)`/.exec(message)?.[1]
  const opener = keywords.find(([said]) => said.test(message))?.[1] ??
    (keyword === undefined ? /^\s*@/ : new RegExp(`^\\s*(?:async\\s+)?${keyword}\\b`))
  let nearest = -1
  for (let above = Math.min(line, lines.length) - (/\S/.test(lines[line] ?? "") ? 1 : 0); above >= 0; above--) {
    const text = lines[above] ?? ""
    if (/^\s*(?:#|$)/.test(text)) continue
    if (opener.test(text)) return above
    if (nearest === -1) nearest = above
  }
  return nearest === -1 ? Math.max(0, Math.min(line, lines.length - 1)) : nearest
}
