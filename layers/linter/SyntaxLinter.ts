/** Linter of every language with a grammar: it complains of what cannot be parsed, and of nothing else. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type LanguageLinter, Linter, LinterUnavailable, type Problem } from "../../services/Linter.ts"
import { orGivenUp, Parser, type SyntaxNodes } from "../../services/Parser.ts"
import { lineAt, lineStartsOf } from "../../services/text/span.ts"

const make = Effect.gen(function*() {
  const parser = yield* Parser
  const open: Linter["Type"]["open"] = Effect.fn("Linter.open")(function*(language) {
    const parse = yield* Effect.mapError(
      parser.open(language),
      ({ detail }) => new LinterUnavailable({ linter: "syntax", language, detail })
    )
    const check = (source: string): ReadonlyArray<Problem> => {
      const nodes = orGivenUp(() => {
        const tree = parse.parse(source)
        try {
          return tree.errorCount() === 0 ? null : tree.nodes({ start: 0, end: source.length })
        } finally {
          tree.release()
        }
      })
      if (nodes === null) return []
      if (typeof nodes === "string") return [{ rule: "syntax", message: nodes, line: 0, isSyntax: true }]
      return problemsOf(source, nodes)
    }
    const linter: LanguageLinter = { _tag: "immediate", takes: () => true, check }
    return linter
  })
  return Linter.of({ open })
})

const problemsOf = (source: string, nodes: SyntaxNodes): ReadonlyArray<Problem> => {
  const starts = lineStartsOf(source)
  const problems: Array<Problem> = []
  for (let row = 0; row < nodes.count; row++) {
    if (nodes.isBroken[row] !== 1) continue
    // An error may reach to the end of the text: what it starts with, or where a token is missing, is to blame.
    const at = Math.min(nodes.start[row] ?? 0, Math.max(0, source.length - 1))
    problems.push({ rule: "syntax", message: "unexpected or missing text", line: lineAt(starts, at), isSyntax: true })
  }
  return problems
}

export const layer: Layer.Layer<Linter, never, Parser> = Layer.effect(Linter, make)
