/**
 * Which rows around the cursor Zed's models may rewrite, and which they see beside them: most of the budget is spent row
 * by row, the rest on the syntax around. Source of the figures: Zed's edit prediction, excerpt ranges, July 2026.
 */
import type { EditMoment } from "./example.ts"
import {
  grownByRanges,
  grownByTurns,
  grownLinewise,
  rowAt,
  type RowRange,
  type Rows,
  rowsOf,
  rowsOfSpan
} from "./rows.ts"

/** Rows that may be rewritten, within rows that are seen. */
export interface ZetaRanges {
  readonly rows: Rows
  readonly region: RowRange
  readonly context: RowRange
}

/** Tokens of the rows that may be rewritten, and of those that are seen beside them. */
const regionTokens = 350
const contextTokens = 150

/** What of the region's tokens is spent row by row around the cursor. */
const firstTokens = Math.floor(regionTokens * 0.75)

/** Returns the ranges around the cursor of a moment. A row that alone is longer than the budget is the region. */
export const zetaRanges = ({ ancestors, cursor, file }: EditMoment): ZetaRanges => {
  const rows = rowsOf(file.text)
  const row = rowAt(rows, cursor)
  const around = ancestors.map((span) => rowsOfSpan(rows, span))
  const first = grownByTurns(rows, { from: row, to: row + 1 }, Math.max(0, firstTokens - rows.cost(row)))
  const second = grownByRanges(rows, first, around, first.left + regionTokens - firstTokens)
  const isUpFirst = first.from - second.from <= second.to - first.to
  const region = grownLinewise(rows, second, second.left, isUpFirst)
  const inSyntax = grownByRanges(rows, region, around, contextTokens)
  const isGrown = inSyntax.from !== region.from || inSyntax.to !== region.to
  return { rows, region, context: isGrown ? inSyntax : grownLinewise(rows, region, contextTokens, true) }
}
