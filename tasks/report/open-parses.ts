/** Whether a text parses, for the measures: a grammar is loaded when the first row comes that needs it. */
import * as Effect from "effect/Effect"
import { languageToParse, type ScoreOptions } from "../../services/measures/score.ts"
import { type LanguageParser, orGivenUp, Parser } from "../../services/Parser.ts"
import type { NumberedRow } from "../../services/Reader.ts"
import { languageNamed } from "../../services/text/language.ts"

/** Opens no grammar yet: `load` does, for rows that are about to be scored. */
export const openParses = Effect.gen(function*() {
  const parser = yield* Parser
  const parsers = new Map<string, LanguageParser | null>()
  const load = Effect.fnUntraced(function*(rows: ReadonlyArray<NumberedRow>) {
    for (const { row } of rows) {
      const language = row._tag === "row" ? languageToParse(row.value) : null
      if (language === null || parsers.has(language)) continue
      parsers.set(language, languageNamed(language)?.hasGrammar === true ? yield* parser.open(language) : null)
    }
  })
  const parses: ScoreOptions["parses"] = (language, text) => {
    const known = parsers.get(language) ?? null
    if (known === null) return undefined
    const errors = orGivenUp(() => {
      const tree = known.parse(text)
      try {
        return tree.errorCount()
      } finally {
        tree.release()
      }
    })
    return typeof errors === "number" ? errors === 0 : undefined
  }
  return { load, parses }
})
