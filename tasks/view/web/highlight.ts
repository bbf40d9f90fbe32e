/** Code in colour, by the grammars of editors; a text in no language, or too long for it, stays plain. */
import * as Effect from "effect/Effect"
import type { Token, TokenLine } from "./protocol.ts"

/** Longer texts, or texts with longer lines, would keep the page waiting. */
const mostUnits = 60_000
const longestLine = 2000

/** Our names of languages that the grammars know by another one. */
const otherNames: Readonly<Record<string, string>> = { "c-sharp": "csharp" }

export type Highlight = (text: string, language: string | null) => Effect.Effect<ReadonlyArray<TokenLine>>

export const plainLines = (text: string): ReadonlyArray<TokenLine> =>
  text.split("\n").map((line) => (line === "" ? [] : [{ text: line, light: null, dark: null }]))

/** Loads the highlighter when the first text is asked for. */
export const makeHighlight: Effect.Effect<Highlight> = Effect.sync(() => {
  const load = async () => {
    const [{ bundledLanguages, createHighlighter }, { createJavaScriptRegexEngine }] = await Promise.all([
      import("shiki"),
      import("shiki/engine/javascript")
    ])
    const highlighter = await createHighlighter({
      themes: ["github-light", "github-dark"],
      langs: [],
      engine: createJavaScriptRegexEngine({ forgiving: true })
    })
    return { bundledLanguages, highlighter }
  }
  let loading: ReturnType<typeof load> | undefined
  return (text, language) => {
    const isTooMuch = text.length > mostUnits || text.split("\n").some((line) => line.length > longestLine)
    if (language === null || isTooMuch) return Effect.succeed(plainLines(text))
    return Effect.promise(async () => {
      loading ??= load()
      const { bundledLanguages, highlighter } = await loading
      const name = otherNames[language] ?? language
      if (!(name in bundledLanguages)) return plainLines(text)
      const known = name as keyof typeof bundledLanguages
      await highlighter.loadLanguage(known)
      const lines = highlighter.codeToTokensWithThemes(text, {
        lang: known,
        themes: { light: "github-light", dark: "github-dark" }
      })
      return lines.map((line): TokenLine =>
        line.map(({ content, variants }): Token => ({
          text: content,
          light: variants["light"]?.color ?? null,
          dark: variants["dark"]?.color ?? null
        }))
      )
    })
  }
})

/** Returns lines in which the units [start, end) of the text are marked; tokens are cut where the mark begins and ends. */
export const markSpan = (lines: ReadonlyArray<TokenLine>, start: number, end: number): ReadonlyArray<TokenLine> => {
  let at = 0
  return lines.map((line) => {
    const marked: Array<Token> = []
    for (const token of line) {
      const cuts = [0, start - at, end - at, token.text.length].map((cut) =>
        Math.min(Math.max(cut, 0), token.text.length)
      )
      for (const [index, from] of cuts.slice(0, -1).entries()) {
        const text = token.text.slice(from, cuts[index + 1])
        if (text !== "") marked.push({ ...token, text, ...(index === 1 ? { isMarked: true } : {}) })
      }
      at += token.text.length
    }
    // The line end.
    at++
    return marked
  })
}
