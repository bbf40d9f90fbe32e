/** Linter of JavaScript and TypeScript over oxc's parser: syntax, and what the language's own early errors forbid. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type LanguageLinter, Linter, LinterUnavailable, type Problem } from "../../services/Linter.ts"
import { hasTokensUpTo, mostTokens } from "./recursion.ts"
import { lineAt, lineStartsOf } from "../../services/text/span.ts"

/** Every script may hold JSX; in TypeScript an old cast would look like it. */
const dialects: Readonly<Record<string, "jsx" | "ts" | "tsx">> = { javascript: "jsx", typescript: "ts", tsx: "tsx" }

const takes = (source: string): boolean => hasTokensUpTo(source, mostTokens)

const make = Effect.sync(() => {
  const open: Linter["Type"]["open"] = Effect.fn("Linter.open")(function*(language) {
    const unavailable = (detail: string) => new LinterUnavailable({ linter: "oxc", language, detail })
    const lang = dialects[language]
    if (lang === undefined) return yield* unavailable("it reads JavaScript and TypeScript only")
    const { parseSync } = yield* Effect.tryPromise({
      try: () => import("oxc-parser"),
      catch: (cause) => unavailable(`its binary for this system is not installed (${String(cause).slice(0, 80)})`)
    })
    const errorsOf = (source: string, showSemanticErrors: boolean) =>
      parseSync("state", source, { lang, sourceType: "unambiguous", showSemanticErrors }).errors
    const linter: LanguageLinter = {
      _tag: "immediate",
      takes,
      check: (source) => {
        if (!takes(source)) return [{ rule: "oxc", message: "too many tokens", line: 0, isSyntax: true }]
        const errors = errorsOf(source, true)
        if (errors.length === 0) return []
        const isSyntax = errorsOf(source, false).length > 0
        const starts = lineStartsOf(source)
        return errors.map(({ labels, message }): Problem => ({
          rule: isSyntax ? "syntax" : "semantics",
          message,
          // The last place is the one that does not fit with what comes before it.
          line: lineAt(starts, Math.min(labels[labels.length - 1]?.start ?? 0, Math.max(0, source.length - 1))),
          isSyntax
        }))
      }
    }
    return linter
  })
  return Linter.of({ open })
})

export const layer: Layer.Layer<Linter> = Layer.effect(Linter, make)
