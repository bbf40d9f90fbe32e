/** A text as rows with what each costs a model, and ranges of rows that grow until a budget is spent. */
import { lineAt, lineStartsOf, type Span, utf8Length } from "../text/span.ts"

/** Rows [from, to) of a text. */
export interface RowRange {
  readonly from: number
  readonly to: number
}

/** A text cut into rows. A text that ends with a line end has an empty last row, as editors count. */
export interface Rows {
  readonly text: string
  readonly starts: ReadonlyArray<number>
  readonly count: number
  /** Tokens that a row takes: a third of its bytes, its line end left out, and one at the least. */
  readonly cost: (row: number) => number
}

/** UTF-8 bytes that count as one token (the estimate of Zed's prompts). */
const bytesPerToken = 3

/** Returns the estimate of the tokens of a text. */
export const tokensByBytes = (text: string): number => Math.floor(utf8Length(text) / bytesPerToken)

/** Returns the rows of a text. */
export const rowsOf = (text: string): Rows => {
  const starts = lineStartsOf(text)
  const costs = new Map<number, number>()
  const cost = (row: number): number => {
    const known = costs.get(row)
    if (known !== undefined) return known
    const start = starts[row] ?? text.length
    const end = row + 1 < starts.length ? (starts[row + 1] ?? 0) - 1 : text.length
    const tokens = Math.max(1, Math.floor(utf8Length(text, start, end) / bytesPerToken))
    costs.set(row, tokens)
    return tokens
  }
  return { text, starts, count: starts.length, cost }
}

/** Returns the text of whole rows, without the line end of the last one. */
export const textOfRows = (rows: Rows, range: RowRange): string => {
  const { end, start } = spanOfRows(rows, range)
  return rows.text.slice(start, end)
}

/** Returns the row of an offset. */
export const rowAt = ({ starts }: Rows, offset: number): number => lineAt(starts, offset)

/** Returns the offsets of whole rows, without the line end of the last one. */
export const spanOfRows = ({ count, starts, text }: Rows, { from, to }: RowRange): Span => ({
  start: starts[from] ?? text.length,
  end: to < count ? (starts[to] ?? text.length) - 1 : text.length
})

/** Returns the rows that a span of a text touches. */
export const rowsOfSpan = (rows: Rows, { end, start }: Span): RowRange => ({
  from: rowAt(rows, start),
  to: rowAt(rows, Math.max(start, end)) + 1
})

const costOf = (rows: Rows, { from, to }: RowRange): number => {
  let sum = 0
  for (let row = from; row < to; row++) sum += rows.cost(row)
  return sum
}

/** A range, and what is left of its budget. */
export interface Grown extends RowRange {
  readonly left: number
}

/** Adds a row below and a row above in turn; ends with the first one that does not fit, or when there is none left. */
export const grownByTurns = (rows: Rows, from: RowRange, budget: number): Grown => {
  let range = from
  let left = budget
  for (let isBelow = true;; isBelow = !isBelow) {
    const canBelow = range.to < rows.count
    const canAbove = range.from > 0
    if (!canBelow && !canAbove) return { ...range, left }
    if (isBelow ? !canBelow : !canAbove) continue
    const row = isBelow ? range.to : range.from - 1
    if (rows.cost(row) > left) return { ...range, left }
    left -= rows.cost(row)
    range = isBelow ? { from: range.from, to: range.to + 1 } : { from: range.from - 1, to: range.to }
  }
}

/** Takes in the ranges that lie around, one after another, as long as the rows that they add fit. */
export const grownByRanges = (
  rows: Rows,
  from: RowRange,
  around: ReadonlyArray<RowRange>,
  budget: number
): Grown => {
  let range = from
  let left = budget
  for (const outer of around) {
    const joined = { from: Math.min(range.from, outer.from), to: Math.max(range.to, outer.to) }
    if (joined.from === range.from && joined.to === range.to) continue
    const added = costOf(rows, { from: joined.from, to: range.from }) + costOf(rows, { from: range.to, to: joined.to })
    if (added > left) break
    left -= added
    range = joined
  }
  return { ...range, left }
}

/** Adds row after row while one fits: on the preferred side, and on the other one where that has none that fits. */
export const grownLinewise = (rows: Rows, from: RowRange, budget: number, isUpFirst: boolean): Grown => {
  let range = from
  let left = budget
  const takes = (isUp: boolean): boolean => {
    const row = isUp ? range.from - 1 : range.to
    if (row < 0 || row >= rows.count || rows.cost(row) > left) return false
    left -= rows.cost(row)
    range = isUp ? { from: row, to: range.to } : { from: range.from, to: row + 1 }
    return true
  }
  for (let isUp = isUpFirst;; isUp = !isUp) {
    if (!takes(isUp) && !takes(!isUp)) return { ...range, left }
  }
}
