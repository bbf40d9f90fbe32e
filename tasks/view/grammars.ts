/**
 * Code as pieces in the colours of themes, by the grammars of editors. Grammars are large: they are loaded when the first
 * text is asked for, and a language when its first text is.
 */
import * as Effect from "effect/Effect"
import type { ThemeRegistrationRaw } from "shiki"

/** Longer texts, or texts with longer lines, would keep a person waiting. UTF-16 units. */
const mostUnits = 60_000
const longestLine = 2000

/** Our names of languages that the grammars know by another one. */
const otherNames: Readonly<Record<string, string>> = { "c-sharp": "csharp" }

/** A theme: one that comes with the grammars by its name, or one of our own. */
export type Theme = "github-light" | "github-dark" | (ThemeRegistrationRaw & { readonly name: string })

/** A piece of a line, with its colour in each theme by the name of the theme; none for the theme's own. */
export interface CodePiece {
  readonly text: string
  readonly colours: Readonly<Record<string, string | undefined>>
}

/** Gives the lines of a text in pieces; undefined for a text in no language that is known, or too long for it. */
export type Grammars = (
  text: string,
  language: string | null
) => Effect.Effect<ReadonlyArray<ReadonlyArray<CodePiece>> | undefined>

const nameOf = (theme: Theme): string => (typeof theme === "string" ? theme : theme.name)

/** Makes grammars for some themes; nothing is loaded yet. */
export const makeGrammars = (themes: ReadonlyArray<Theme>): Grammars => {
  const load = async () => {
    const [{ bundledLanguages, createHighlighter }, { createJavaScriptRegexEngine }] = await Promise.all([
      import("shiki"),
      import("shiki/engine/javascript")
    ])
    const highlighter = await createHighlighter({
      themes: [...themes],
      langs: [],
      engine: createJavaScriptRegexEngine({ forgiving: true })
    })
    return { bundledLanguages, highlighter }
  }
  const named = Object.fromEntries(themes.map((theme) => [nameOf(theme), theme]))
  let loading: ReturnType<typeof load> | undefined
  return (text, language) => {
    const isTooMuch = text.length > mostUnits || text.split("\n").some((line) => line.length > longestLine)
    if (language === null || isTooMuch) return Effect.succeed(undefined)
    return Effect.promise(async () => {
      loading ??= load()
      const { bundledLanguages, highlighter } = await loading
      const name = otherNames[language] ?? language
      if (!isIn(bundledLanguages, name)) return undefined
      await highlighter.loadLanguage(name)
      const opener = openerOf(text, language)
      const lines = highlighter.codeToTokensWithThemes(opener + text, { lang: name, themes: named }).map((line) =>
        line.map(({ content, variants }): CodePiece => ({
          text: content,
          colours: Object.fromEntries(Object.entries(variants).map(([theme, { color }]) => [theme, color]))
        }))
      )
      return opener === "" ? lines : lines.slice(1)
    })
  }
}

/**
 * Returns a line to be put before an excerpt that begins inside a text between three quotes, so that code is not taken
 * for text and text for code; "" for any other.
 */
export const openerOf = (text: string, language: string): string => {
  const quotes = language === "python" ? /"""|'''/.exec(text) : null
  if (quotes === null) return ""
  const above = text.slice(0, quotes.index)
  const before = above.slice(above.lastIndexOf("\n") + 1).trim()
  const behind = /^[^\r\n]*/.exec(text.slice(quotes.index + quotes[0].length))?.[0].trim() ?? ""
  const isAlone = before === "" && behind === "" && above.trim() !== "" && !above.trimEnd().endsWith(":")
  // Behind words a text ends; behind an operator, a bracket or a letter such as "f" one begins.
  const isBehindWords = before !== "" && !/(?:[=([{,:+%]|\breturn|\b[rRfFbBuU]{1,2})$/.test(before)
  return isAlone || isBehindWords ? `${quotes[0]}\n` : ""
}

const isIn = <A extends object>(names: A, name: PropertyKey): name is keyof A => name in names

/** Texts of a conversation are prose with code in it, and so is an answer between fences. */
export const isProseText = ({ name, text }: { readonly name: string; readonly text: string }): boolean =>
  /^(?:system|user|assistant|tool|prompt)$/.test(name) || text.startsWith("```")
