/** Reads a program out of a field that may hold an answer in Markdown: reasoning with code between fences. */
import { languageSpelled } from "../../services/text/language.ts"

/** What people write behind the three backticks, by language. */
const tags: Readonly<Record<string, string>> = {
  python: "python3?|py",
  javascript: "javascript|jsx?|node",
  typescript: "typescript|ts",
  tsx: "tsx",
  go: "go|golang",
  rust: "rust|rs",
  java: "java",
  php: "php",
  ruby: "ruby|rb",
  "c-sharp": "c-sharp|csharp|c#|cs",
  c: "c",
  cpp: "cpp|c\\+\\+|cc"
}

/**
 * Returns the chunks between fences of the language, joined by a line end and stripped; a text without such a fence as
 * it is.
 *
 * @example
 * codeIn("Here:\n```python\nx = 1\n```\nDone.", "python") // "x = 1"
 */
export const codeIn = (field: string, language: string): string => {
  const tag = tags[language]
  if (tag === undefined || !field.includes("```")) return field
  const fence = new RegExp(`\`\`\`(?:${tag})(?![\\w#+-])([\\s\\S]*?)(?:\`\`\`|$)`, "gi")
  const chunks = [...field.matchAll(fence)].map((match) => match[1] ?? "")
  return chunks.length === 0 ? field : chunks.join("\n").trim()
}

/** Returns our name of a language that a dataset names in its own way. */
export const languageSaid = (name: string): string => languageSpelled(name) ?? name.trim().toLowerCase()
