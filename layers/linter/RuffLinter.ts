/** Linter of Python over ruff, compiled to WebAssembly: about 0.1 ms for a program of 100 lines. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type LanguageLinter, Linter, LinterUnavailable, type Problem } from "../../services/Linter.ts"
import type { KeptRuff } from "./kept-ruff.ts"
import { startRuff } from "./ruff-package.ts"

/** Whoever has so many texts checked is likely to come back with more. */
const checksWorthKeeping = 512

const make = (kept: KeptRuff | null) =>
  Effect.sync(() => {
    let opened: LanguageLinter | undefined

    const start = (): LanguageLinter => {
      const folder = kept?.folder ?? null
      const { isKept, ruff: first } = startRuff(folder)
      let ruff = first
      let checks = 0
      return {
        _tag: "immediate",
        // What is too much for WebAssembly ends there.
        takes: () => true,
        check: (source) => {
          if (++checks === checksWorthKeeping && !isKept) kept?.make()
          let found: ReadonlyArray<Diagnostic>
          try {
            found = readDiagnostics(ruff.check(source))
          } catch (cause) {
            ruff = startRuff(folder).ruff
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

/** Compiles ruff for itself. */
export const layer: Layer.Layer<Linter> = Layer.effect(Linter, make(null))

/** Starts ruff as it was compiled once. */
export const layerKept = (kept: KeptRuff): Layer.Layer<Linter> => Layer.effect(Linter, make(kept))

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
