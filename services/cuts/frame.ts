/**
 * What stands around a middle on the way up to the whole file, without what stands beside it: of every body only the
 * statement that holds the middle, and of the innermost one the next. A middle is judged in its frame at a cost that follows its declaration and not its
 * file.
 */
import type { SyntaxNodes } from "../Parser.ts"
import type { Span } from "../text/span.ts"
import { firstStartingAt } from "./nodes-near.ts"
import { isBody, isComment, isRoot } from "./node-roles.ts"

/** A text before the middle and one behind it. */
export interface MiddleFrame {
  readonly before: string
  readonly after: string
}

/** Frames up to this length are always worth while, longer ones where they are at most half of the file. UTF-16 units. */
const short = 2000

/**
 * Returns the frame of a middle, or undefined where there is none or it is hardly less than the file. `nodes` hold the
 * middle's nodes and all their ancestors, and `textOf` gives the text of what was parsed between two offsets.
 */
export const frameAround = (
  text: string,
  nodes: SyntaxNodes,
  middle: Span,
  language: string,
  textOf: (start: number, end: number) => string
): MiddleFrame | undefined => {
  // What stands outside of the tags of PHP is text, where nothing is an error.
  const opening = language === "php" ? "<?php\n" : ""
  if (!text.startsWith(opening.trimEnd())) return undefined
  let before = ""
  let after = ""
  /** What is kept so far, from the inside out. */
  let kept = middle
  let isInnermost = true
  let child = -1
  for (let row = deepestAround(nodes, middle); row >= 0; child = row, row = nodes.parent[row] ?? -1) {
    const type = nodes.type[row] ?? ""
    const body = spanAt(nodes, row)
    if (!isBody(type) && !isRoot(type) && !isLongConditional(type, body)) continue
    const hasBraces = text[body.start] === "{" && text[body.end - 1] === "}"
    // A middle that takes a brace away is no item of what stands between them.
    if (hasBraces && (kept.start <= body.start || kept.end >= body.end)) continue
    const items = child === -1 ? itemsAround(nodes, row, middle) : spanAt(nodes, child)
    const { end, start } = isInnermost ? withNext(nodes, row, items) : items
    // The mark that ends it may stand beside a declaration, or the label of those that follow.
    const inside = { start, end: text[end] === ";" || text[end] === ":" ? end + 1 : end }
    isInnermost = false
    before = textOf(inside.start, kept.start) + before
    after = after + textOf(kept.end, inside.end)
    if (before.length + after.length > short && 2 * (before.length + after.length) > text.length) return undefined
    if (isRoot(type)) return { before: opening + before, after: `${after}\n` }
    if (hasBraces) {
      before = `{\n${before}`
      after = `${after}\n}`
    }
    kept = body
  }
  return undefined
}

/** Whether the preprocessor decides on most of a file, as on that of a header. */
const isLongConditional = (type: string, { end, start }: Span): boolean =>
  end - start > 4 * short && (type.startsWith("preproc_if") || type.startsWith("preproc_el"))

const spanAt = (nodes: SyntaxNodes, row: number): Span => ({ start: nodes.start[row] ?? 0, end: nodes.end[row] ?? 0 })

/** The deepest node that holds all of a span. */
const deepestAround = (nodes: SyntaxNodes, { end, start }: Span): number => {
  // What holds the span starts before it, or with it and ends no earlier.
  let row = firstStartingAt(nodes, start)
  while (row < nodes.count && nodes.start[row] === start && (nodes.end[row] ?? 0) >= end) row++
  for (row--; row > 0; row = nodes.parent[row] ?? -1) if ((nodes.end[row] ?? 0) >= end) return row
  return 0
}

/** A span, and all of the children of a node that it touches. */
const itemsAround = (nodes: SyntaxNodes, holder: number, span: Span): Span => {
  let { end, start } = span
  for (let row = holder + 1; row < nodes.count && (nodes.start[row] ?? 0) < span.end; row++) {
    if (nodes.parent[row] !== holder || (nodes.end[row] ?? 0) <= span.start) continue
    start = Math.min(start, nodes.start[row] ?? start)
    end = Math.max(end, nodes.end[row] ?? end)
  }
  return { start, end }
}

/** The longest neighbour that is kept: one that follows a statement may complete what is left of it. UTF-16 units. */
const longNeighbour = 600

/** A span of a node's children with the one that follows. */
const withNext = (nodes: SyntaxNodes, holder: number, span: Span): Span => {
  for (let row = firstStartingAt(nodes, span.end); row < nodes.count; row++) {
    if ((nodes.end[row] ?? 0) > span.end + longNeighbour || (nodes.parent[row] ?? -1) < holder) return span
    if (nodes.parent[row] !== holder || nodes.isNamed[row] === 0 || isComment(nodes.type[row] ?? "")) continue
    return { start: span.start, end: nodes.end[row] ?? 0 }
  }
  return span
}
