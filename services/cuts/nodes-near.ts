/** A part of a node table: the nodes near a span, without asking the parser again. */
import type { SyntaxNodes } from "../Parser.ts"
import type { Span } from "../span.ts"

/**
 * Returns the nodes that reach into `span`, and all their ancestors, as a table of their own. Logarithmic in the table,
 * linear in what it returns: in pre-order the starts of nodes never decrease.
 */
export const nodesNear = (nodes: SyntaxNodes, span: Span): SyntaxNodes => {
  const first = firstStartingAt(nodes, span.start)
  const rows: Array<number> = []
  // What began before the span and reaches into it holds the place where the span starts: a chain of parents.
  for (let row = first - 1; row >= 0; row = nodes.parent[row] ?? -1) {
    if (row === 0 || (nodes.end[row] ?? 0) > span.start) rows.push(row)
  }
  rows.reverse()
  for (let row = first; row < nodes.count && (nodes.start[row] ?? 0) <= span.end; row++) rows.push(row)
  const places = new Map(rows.map((row, place) => [row, place]))
  return {
    count: rows.length,
    type: rows.map((row) => nodes.type[row] ?? ""),
    field: rows.map((row) => nodes.field[row] ?? null),
    start: Int32Array.from(rows, (row) => nodes.start[row] ?? 0),
    end: Int32Array.from(rows, (row) => nodes.end[row] ?? 0),
    parent: Int32Array.from(rows, (row) => places.get(nodes.parent[row] ?? -1) ?? -1),
    isNamed: Uint8Array.from(rows, (row) => nodes.isNamed[row] ?? 0),
    isBroken: Uint8Array.from(rows, (row) => nodes.isBroken[row] ?? 0),
    isLeaf: Uint8Array.from(rows, (row) => nodes.isLeaf[row] ?? 0)
  }
}

/** The first row, but for the root, whose node starts at `offset` or behind it. */
const firstStartingAt = (nodes: SyntaxNodes, offset: number): number => {
  let low = 1
  let high = nodes.count
  while (low < high) {
    const middle = (low + high) >> 1
    if ((nodes.start[middle] ?? 0) < offset) low = middle + 1
    else high = middle
  }
  return Math.min(low, Math.max(1, nodes.count))
}
