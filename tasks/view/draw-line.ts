/** What the lines of all sections have in common: heads, gutters, folds, and how they are wrapped. */
import type { Tone } from "../../services/rows/picture.ts"
import type { Span } from "../../services/text/span.ts"
import { cellsOf, type Line, shown, type Style, type SyntaxKind, type TextRun, wrap } from "../shared/cells.ts"
import type { Coat, Look } from "./look.ts"

export const toneStyles: Readonly<Record<Tone, Style>> = { plain: "", wanted: "wanted", unwanted: "unwanted" }

/** What stands before the lines of a section, and says without colour what its colour says. */
export const gutters: Readonly<Record<Tone, TextRun>> = {
  plain: { text: "  ", style: "" },
  wanted: { text: "+ ", style: "wanted" },
  unwanted: { text: "- ", style: "unwanted" }
}

/** What stands before the rest of a line that was wrapped. */
const wrapSign = "↳ "

/** Returns the head of a section. */
export const headLine = (text: string, { columns }: Pick<Look, "columns">): Line =>
  wrap([{ text: `── ${shown(text)} `, style: "title" }], columns, 1)[0] ?? []

/** Returns the line that stands for those that are folded away. */
export const foldedLine = (lines: number): Line => [{ text: `  ⋯ ${lines} lines`, style: "dim" }]

/** Returns a line with its gutter, wrapped to the columns; the rest of a line that does not fit has a sign before it. */
export const wrappedLine = (gutter: TextRun, line: Line, { columns }: Pick<Look, "columns">): ReadonlyArray<Line> => {
  const width = cellsOf(gutter.text)
  const room = Math.max(1, columns - width)
  return wrap(line, room).map((part, index) => [
    index === 0 ? gutter : { text: wrapSign.padStart(width).slice(0, width), style: "dim" },
    ...part
  ])
}

/** Returns tokens in full colour inside a span, and dim around it. */
export const placedTokens = (
  tokens: ReadonlyArray<Coat<SyntaxKind>> = [],
  inside: Span | null
): ReadonlyArray<Coat> =>
  tokens.flatMap(({ end, start, style }) => {
    const from = Math.min(end, Math.max(start, inside?.start ?? end))
    const to = Math.max(from, Math.min(end, inside?.end ?? from))
    const parts: ReadonlyArray<Coat> = [
      { start, end: from, style: `dim ${style}` },
      { start: from, end: to, style },
      { start: to, end, style: `dim ${style}` }
    ]
    return parts.filter((part) => part.start < part.end)
  })
