/** Lines that only bring names into a file, as each language writes them. */
import { languageOfPath } from "../text/language.ts"
import { isBlank, type Span } from "../text/span.ts"

const ofScripts = /^\s*(?:import\b|export\s[^=]*\sfrom\s|(?:const|let|var)\s[^=]*=\s*require\s*\()/
const ofC = /^\s*(?:#\s*(?:include|import)\b|using\s+[\w:])/

const patterns: Readonly<Record<string, RegExp>> = {
  python: /^\s*(?:import\s|from\s+\S+\s+import\b)/,
  javascript: ofScripts,
  typescript: ofScripts,
  tsx: ofScripts,
  rust: /^\s*(?:(?:pub(?:\([^)]*\))?\s+)?use\s|extern\s+crate\b)/,
  php: /^\s*(?:use\s+[\w\\]|(?:include|require)(?:_once)?\b)/,
  go: /^\s*(?:import\b|(?:[\w.]+\s+)?"[^"]*"\s*$)/,
  c: ofC,
  cpp: ofC,
  "objective-c": ofC,
  "c-sharp": /^\s*(?:global\s+)?using\s+[\w.]+/,
  ruby: /^\s*require(?:_relative)?\b/
}
const ofOthers = /^\s*import\s/

/** Nothing but names and what parts them, as in an import of many lines, or its end. */
const names = /^\s*\}\s*(?:from\b|=\s*require\s*\()|^\s*[\w$*]+(?:\s+as\s+[\w$]+)?\s*,?\s*(?:#.*|\/\/.*)?$/
const bracket = /^[\s()[\]{};,]*$/

/** Lines above one that may belong to the same import. */
const longestImport = 60

/**
 * Returns what the lines of a span are: imports all of them, something else in part, or nothing but blank lines and
 * brackets. Names between the brackets of an import belong to it.
 */
export const importsIn = (path: string, text: string, { end, start }: Span): "imports" | "other" | "nothing" => {
  const said = text.slice(start, end).split("\n").filter((line) => !bracket.test(line))
  if (said.length === 0) return "nothing"
  const pattern = patterns[languageOfPath(path)?.name ?? ""] ?? ofOthers
  const isImport = (line: string) => pattern.test(line)
  if (said.every(isImport)) return "imports"
  return said.every((line) => isImport(line) || names.test(line)) &&
      (isImport(said[0] ?? "") || isWithinImport(text.slice(0, start), isImport))
    ? "imports"
    : "other"
}

/** Whether a text ends within the brackets of an import. */
const isWithinImport = (above: string, isImport: (line: string) => boolean): boolean => {
  const lines = above.split("\n").slice(-longestImport).toReversed()
  const opening = lines.find((line) => !isBlank(line) && !names.test(line))
  // The const or import of many lines has its word before the bracket, and what it is brought from behind the other one.
  return opening !== undefined && /[({]\s*$/.test(opening) &&
    (isImport(opening) || /^\s*(?:import|export|const|let|var)\s*(?:type\s*)?\{\s*$/.test(opening))
}

/** Returns the names that a line of imports brings, as far as they can be told from it. */
export const broughtNames = (line: string): ReadonlyArray<string> => {
  const said = /^\s*from\s+\S+\s+import\s+(.*)/.exec(line)?.[1] ??
    /^\s*(?:import|export)\s+(?:type\s+)?(.+?)\s+from\s/.exec(line)?.[1] ??
    /^\s*(?:const|let|var)\s+(.+?)=\s*require/.exec(line)?.[1] ??
    (/^\s*#|^\s*(?:include|require)/.test(line) ? "" : lastOfPath(line))
  return said.split(",").flatMap((part) => /([\p{L}_$][\p{L}\p{N}_$]*)\W*$/u.exec(part)?.[1] ?? [])
}

/** "List" of "import java.util.List;", "a, b" of "use x::{a, b};". */
const lastOfPath = (line: string): string => {
  const bare = line.replace(/[\s;"')]+$/, "")
  return /\{([^}]*)\}$/.exec(bare)?.[1] ?? /[^.:\\/\s"]*$/.exec(bare)?.[0] ?? ""
}
