/** What the text before a place says about the type of a name: its parameter, its assignment, a test of its type. */
import type { TypeText } from "./type-text.ts"

/** UTF-16 units above that are read, and how many of the lines there that hold a name. */
const above = 12_000
const mostLines = 24

const escaped = (name: string): string => name.replace(/[$]/g, "\\$&")

/**
 * Returns what is said about the type of a local name, the nearest first. `name` has no "$" in PHP. The texts are not
 * checked: some of them name no type.
 */
export const localTypesOf = (language: string, name: string, before: string): ReadonlyArray<TypeText> => {
  const text = before.slice(-above)
  const found: Array<TypeText> = []
  let lines = 0
  for (let at = text.lastIndexOf(name); at !== -1 && lines < mostLines; lines++) {
    const start = text.lastIndexOf("\n", at) + 1
    const newline = text.indexOf("\n", at)
    const line = text.slice(start, Math.min(newline === -1 ? text.length : newline, start + longestLine))
    for (const { give, pattern } of patternsFor(language, name)) {
      const told = pattern.exec(line)?.[1]?.trim() ?? ""
      if (told === "") continue
      found.push(give === "type" ? { annotation: told, expression: "" } : { annotation: "", expression: told })
    }
    at = start === 0 ? -1 : text.lastIndexOf(name, start - 1)
  }
  return found
}

/** Longer lines are data. UTF-16 units. */
const longestLine = 400

interface Pattern {
  readonly give: "type" | "value"
  readonly pattern: RegExp
}

const cached = new Map<string, ReadonlyArray<Pattern>>()

/** Patterns are kept for the names that come again and again. */
const mostCached = 500

const patternsFor = (language: string, name: string): ReadonlyArray<Pattern> => {
  const key = `${language} ${name}`
  const known = cached.get(key)
  if (known !== undefined) return known
  if (cached.size >= mostCached) cached.clear()
  const made = makePatterns(language, escaped(name))
  cached.set(key, made)
  return made
}

const type = (source: string): Pattern => ({ give: "type", pattern: new RegExp(source, "u") })
const value = (source: string): Pattern => ({ give: "value", pattern: new RegExp(source, "u") })

/** The type that stands before a name, as in "Foo<Bar> name". */
const beforeName = "([\\p{L}_][\\w.:\\\\|?]*(?:<[^;(){}=]*>)?(?:\\[\\])*)"

const makePatterns = (language: string, name: string): ReadonlyArray<Pattern> => {
  switch (language) {
    case "python":
      return [
        type(`(?<![\\w.])${name}[ \\t]*:[ \\t]*([^=,)\\n]+(?:\\[[^\\]\\n]*\\])?[^=,)\\n]*)`),
        value(`(?<![\\w.])${name}[ \\t]*:?=(?!=)[ \\t]*([^\\n]+)`),
        value(`\\bwith[ \\t]+([^\\n]+?)[ \\t]+as[ \\t]+${name}\\b`),
        type(`\\bexcept[ \\t]+([^\\n]+?)[ \\t]+as[ \\t]+${name}\\b`),
        type(`\\bisinstance\\([ \\t]*${name}[ \\t]*,[ \\t]*([^)\\n]+)\\)`),
        type(`:type[ \\t]+${name}:[ \\t]*([^\\n]+)`)
      ]
    case "go":
      return [
        type(`(?:[(,]|^)[ \\t]*(?:\\w+,[ \\t]*)*${name}(?:,[ \\t]*\\w+)*[ \\t]+([*\\[\\]\\w.]+)`),
        type(`\\bvar[ \\t]+${name}[ \\t]+([*\\[\\]\\w.]+)`),
        value(`(?<![\\w.])${name}(?:,[ \\t]*\\w+)*[ \\t]*:?=(?!=)[ \\t]*([^\\n]+)`)
      ]
    case "rust":
      return [
        type(`(?<![\\w.:])${name}[ \\t]*:[ \\t]*([^=,)\\n]+(?:<[^=\\n]*>)?)`),
        value(`\\blet[ \\t]+(?:mut[ \\t]+)?${name}[ \\t]*=[ \\t]*([^\\n]+)`),
        value(`\\bSome\\((?:mut[ \\t]+)?${name}\\)[ \\t]*=[ \\t]*([^\\n{]+)`)
      ]
    case "php":
      return [
        type(`[(,|?][ \\t]*${beforeName}[ \\t]+&?(?:\\.\\.\\.)?\\$${name}\\b`),
        type(
          `^[ \\t]+(?:(?:public|protected|private|readonly)[ \\t]+)*\\??${beforeName}[ \\t]+&?\\$${name}\\b[ \\t]*[,)=\\n]`
        ),
        type(`@(?:param|var)[ \\t]+([^\\s$]+)[ \\t]+\\$${name}\\b`),
        value(`\\$${name}[ \\t]*=(?!=)[ \\t]*([^;\\n]+)`),
        type(`\\$${name}[ \\t]+instanceof[ \\t]+([\\w\\\\]+)`)
      ]
    case "ruby":
      return [value(`(?<![\\w.])${name}[ \\t]*(?:\\|\\|)?=(?!=)[ \\t]*([^\\n]+)`)]
    case "javascript":
    case "typescript":
    case "tsx":
    case "vue":
    case "svelte":
      return [
        type(`(?<![\\w.$])${name}\\??[ \\t]*:[ \\t]*([^=,;)\\n]+(?:<[^=;\\n]*>)?)(?=[ \\t]*(?:[=,;)]|$))`),
        value(`(?<![\\w.$])${name}[ \\t]*(?::[^=\\n]+)?=(?![=>])[ \\t]*([^;\\n]+)`),
        type(`@(?:param|type)[ \\t]+\\{([^}\\n]+)\\}[ \\t]+\\[?${name}\\b`),
        type(`\\b${name}[ \\t]+instanceof[ \\t]+([\\w$.]+)`),
        type(`\\b${name}[ \\t]+as[ \\t]+([\\w$.<>]+)`)
      ]
    default:
      return [
        type(`(?<![\\w.])${beforeName}[ \\t]*[&*]*[ \\t]+[&*]*${name}[ \\t]*(?:[=;,):]|$)`),
        type(`(?<![\\w.])${name}[ \\t]*:[ \\t]*([\\w.<>?\\[\\], ]+)`),
        value(`\\b(?:var|val|auto|let|final|auto&)[ \\t]+[&*]?${name}[ \\t]*=[ \\t]*([^;\\n]+)`),
        value(`(?<![\\w.>])${name}[ \\t]*=(?!=)[ \\t]*([^;\\n]+)`),
        type(`\\binstanceof[ \\t]+(?:final[ \\t]+)?([\\w.<>]+)[ \\t]+${name}\\b`)
      ]
  }
}
