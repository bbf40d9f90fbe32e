/** The syntax around the cursor: what a region grows along. */
import type { SyntaxNodes } from "../Parser.ts"
import { languageOfPath, refineByText } from "../text/language.ts"
import type { Span } from "../text/span.ts"
import type { EditMoment, NamedFile } from "./example.ts"

/** Regions of longer texts grow along no syntax: typing would wait for it. UTF-16 units. */
const longestParsed = 256 * 1024

/** Returns the language whose grammar a file is parsed with for its ancestors; undefined where it has none. */
export const grammarOf = ({ path, text }: NamedFile): string | undefined => {
  const known = languageOfPath(path)
  if (known?.hasGrammar !== true || text.length > longestParsed) return undefined
  return refineByText(known, text).name
}

/**
 * Returns the span of which a tree is to be asked for its nodes, so that all that hold a cursor are among them: those that
 * end at the cursor do, too.
 */
export const spanAround = (cursor: number): Span => ({ start: Math.max(0, cursor - 1), end: cursor })

/**
 * Returns the spans of the named nodes that hold a cursor, or that it stands at an end of, the innermost first. Nodes
 * elsewhere may be in the table and change nothing, so that a table of the whole file gives the same as one of
 * `spanAround`.
 */
export const ancestorsAt = (nodes: SyntaxNodes, cursor: number): EditMoment["ancestors"] => {
  const spans: Array<Span> = []
  for (let row = nodes.count - 1; row >= 0; row--) {
    const start = nodes.start[row] ?? 0
    const end = nodes.end[row] ?? 0
    if (start <= cursor && cursor <= end && nodes.isNamed[row] === 1) spans.push({ start, end })
  }
  // The sort keeps the order of spans of one length: children stand before their parents.
  return spans.sort((a, b) => a.end - a.start - (b.end - b.start))
}
