/** Takes the nodes near a span out of a table of nodes, without asking the parser again. */
import type { SyntaxNodes } from "../Parser.ts"
import type { Span } from "../text/span.ts"

/**
 * Returns the nodes that reach into `span`, with all their ancestors, as a table of their own. Takes time logarithmic
 * in the table and linear in the result, because the starts of nodes in pre-order never decrease.
 */
export const nodesNear = (nodes: SyntaxNodes, span: Span): SyntaxNodes => {
  const first = firstStartingAt(nodes, span.start)
  let last = first
  while (last < nodes.count && (nodes.start[last] ?? 0) <= span.end) last++
  // What began before the span and reaches into it holds the start of the span: a chain of parents.
  const chain: Array<number> = []
  for (let row = first - 1; row >= 0; row = nodes.parent[row] ?? -1) {
    if (row === 0 || (nodes.end[row] ?? 0) > span.start) chain.push(row)
  }
  chain.reverse()
  const above = chain.length
  const count = above + last - first
  const gather = <A extends Int32Array | Uint8Array>(from: A, to: A): A => {
    for (let place = 0; place < above; place++) to[place] = from[chain[place] ?? 0] ?? 0
    to.set(from.subarray(first, last), above)
    return to
  }
  const parent = gather(nodes.parent, new Int32Array(count))
  for (let place = 0; place < count; place++) {
    const row = parent[place] ?? -1
    parent[place] = row >= first ? row - first + above : chain.lastIndexOf(row)
  }
  return {
    count,
    type: chain.map((row) => nodes.type[row] ?? "").concat(nodes.type.slice(first, last)),
    field: chain.map((row) => nodes.field[row] ?? null).concat(nodes.field.slice(first, last)),
    start: gather(nodes.start, new Int32Array(count)),
    end: gather(nodes.end, new Int32Array(count)),
    parent,
    isNamed: gather(nodes.isNamed, new Uint8Array(count)),
    isBroken: gather(nodes.isBroken, new Uint8Array(count)),
    isLeaf: gather(nodes.isLeaf, new Uint8Array(count))
  }
}

/**
 * Returns the first row, the root aside, whose node starts at `offset` or behind it; the number of rows where there is
 * none. Logarithmic in the table.
 */
export const firstStartingAt = (nodes: SyntaxNodes, offset: number): number => {
  let low = 1
  let high = nodes.count
  while (low < high) {
    const middle = (low + high) >> 1
    if ((nodes.start[middle] ?? 0) < offset) low = middle + 1
    else high = middle
  }
  return Math.min(low, Math.max(1, nodes.count))
}
