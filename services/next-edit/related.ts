/**
 * What other files tell about a place that is edited: one question to the index and one reading of its answer, for rows
 * and for editors alike.
 */
import type { ContextRequest, ContextSnippet } from "../Index.ts"
import type { Dialect } from "./dialect.ts"
import type { EditEvent, NamedFile, RelatedExcerpt } from "./example.ts"

/** UTF-16 units of context that are asked for; dialects take of it what their prompts have room for. */
const relatedBudget = 8192

/**
 * Returns what the index is asked for a cursor in a file. Code that holds marks of the dialect is left out, and so are the
 * files of the events, which tell of themselves: rows know them as they were before the commit, and editors as they are
 * now. `aliases` are other paths of the file.
 */
export const relatedRequest = (
  { controls }: Pick<Dialect, "controls">,
  { path, text }: NamedFile,
  cursor: number,
  events: ReadonlyArray<Pick<EditEvent, "path">>,
  aliases: ReadonlyArray<string> = []
): ContextRequest => ({
  path,
  aliases: [...new Set([...aliases, ...events.map((event) => event.path)])].filter((one) => one !== path),
  prefix: text.slice(0, cursor),
  suffix: text.slice(cursor),
  budget: relatedBudget,
  // Models of next edits see the part of the file that they are to see, and no outline of the rest.
  holds: Number.MAX_SAFE_INTEGER,
  sources: ["signatures", "chunks"],
  style: { before: "", after: "\n", names: "full", forbidden: controls }
})

/**
 * Returns the excerpts of a context, those of the most telling file first, and those of a file in its order. Signatures that
 * follow each other are one excerpt. `fileLinesOf` tells how many lines a file has; where it cannot, the excerpt that
 * reaches furthest is taken to end its file.
 */
export const relatedOf = (
  snippets: ReadonlyArray<ContextSnippet>,
  fileLinesOf: (path: string) => number | undefined
): ReadonlyArray<RelatedExcerpt> => {
  const files = new Map<string, Array<ContextSnippet>>()
  for (const snippet of snippets) {
    const known = files.get(snippet.path)
    if (known === undefined) files.set(snippet.path, [snippet])
    else known.push(snippet)
  }
  // A context has its best at its end, next to the cursor.
  return [...files].reverse().flatMap(([path, all]) => {
    const parts = all.reduce<ReadonlyArray<MergedSnippet>>(withSnippet, [])
    const fileLines = Math.max(fileLinesOf(path) ?? 0, ...parts.map(({ to }) => to))
    return parts.map(({ from, text, to }) => ({ path, text, from, to, fileLines }))
  })
}

interface MergedSnippet {
  readonly source: ContextSnippet["source"]
  readonly text: string
  readonly from: number
  readonly to: number
}

const withSnippet = (parts: ReadonlyArray<MergedSnippet>, snippet: ContextSnippet): ReadonlyArray<MergedSnippet> => {
  const { source, text } = snippet
  const [from, to] = [snippet.startLine - 1, snippet.endLine]
  const last = parts.at(-1)
  return last?.source === "signatures" && source === "signatures"
    ? [
      ...parts.slice(0, -1),
      { source, text: last.text + text, from: Math.min(last.from, from), to: Math.max(last.to, to) }
    ]
    : [...parts, { source, text, from, to }]
}
