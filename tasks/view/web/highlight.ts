/** Code in colour, by the grammars of editors; a text in no language, or too long for it, stays plain. */
import * as Effect from "effect/Effect"
import type { Token, TokenLine } from "./protocol.ts"

/** Longer texts, or texts with longer lines, would keep the page waiting. */
const mostUnits = 60_000
const longestLine = 2000

/** Themes whose colours can be read on the grounds that mark lines. */
const themes = { light: "github-light-high-contrast", dark: "github-dark-high-contrast" } as const
/** Comments, and what these themes barely show, can be read on the ground of a changed line too. */
const colorReplacements = {
  [themes.light]: { "#66707b": "#545d68", "#e7ecf0": "#545d68", "#ffffff": "#545d68" },
  [themes.dark]: { "#272b33": "#bdc4cc" }
}

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
      themes: [themes.light, themes.dark],
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
        themes,
        colorReplacements
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

/** What can be said of a part of a line. */
export type TokenMark = Pick<Token, "isInside" | "isMarked">

/** Returns a line in which the units [start, end) are marked; tokens are cut where the mark begins and ends. */
export const markSpan = (line: TokenLine, start: number, end: number, mark: TokenMark): TokenLine => {
  const marked: Array<Token> = []
  let at = 0
  for (const token of line) {
    const cuts = [0, start - at, end - at, token.text.length].map((cut) =>
      Math.min(Math.max(cut, 0), token.text.length)
    )
    for (const [index, from] of cuts.slice(0, -1).entries()) {
      const text = token.text.slice(from, cuts[index + 1])
      if (text !== "") marked.push({ ...token, text, ...(index === 1 ? mark : {}) })
    }
    at += token.text.length
  }
  return marked
}

/** Returns a line with the cursor before a unit, or behind the last one. */
export const withCursor = (line: TokenLine, unit: number): TokenLine => {
  const placed: Array<Token> = []
  let at = 0
  for (const token of line) {
    const cut = unit - at
    at += token.text.length
    if (cut < 0 || cut >= token.text.length) placed.push(token)
    else {
      if (cut > 0) placed.push({ ...token, text: token.text.slice(0, cut) })
      placed.push({ ...token, text: token.text.slice(cut), isAtCursor: true })
    }
  }
  return unit < at ? placed : [...placed, { text: "", light: null, dark: null, isAtCursor: true }]
}
