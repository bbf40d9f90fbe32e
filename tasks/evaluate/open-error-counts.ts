/** How many errors the syntax of a text has: the grammar of each language is opened once, before answers are scored. */
import * as Effect from "effect/Effect"
import { type LanguageParser, orGivenUp, Parser } from "../../services/Parser.ts"
import { languageNamed } from "../../services/text/language.ts"
import type { CountErrors } from "./score-answer.ts"

/** Opens the grammars of some languages, as far as there are any. */
export const openErrorCounts = Effect.fnUntraced(function*(languages: ReadonlySet<string>) {
  const parser = yield* Parser
  const parsers = new Map<string, LanguageParser>()
  for (const language of languages) {
    if (languageNamed(language)?.hasGrammar === true) parsers.set(language, yield* parser.open(language))
  }
  const countErrors: CountErrors = (language, text) => {
    const known = parsers.get(language)
    if (known === undefined) return undefined
    const errors = orGivenUp(() => {
      const tree = known.parse(text)
      try {
        return tree.errorCount()
      } finally {
        tree.release()
      }
    })
    return typeof errors === "number" ? errors : undefined
  }
  return countErrors
})
