/**
 * All places where a file may be cut, by kind: along its syntax tree, or along its lines where it has none.
 * With a focus, only cuts that share text with it count.
 */
import type { SyntaxNodes } from "../Parser.ts"
import type { Random } from "../text/random.ts"
import { endOfLine, isOverlapping, type Span, startOfLine, trimSpan } from "../text/span.ts"
import { type Cut, type CutKind, type CutLimits, isFitting } from "./cut.ts"
import { isBody, isComment, isList, isRoot, isStatementType } from "./node-roles.ts"

/** Cuts by kind, each span once, in the order of their nodes. */
export type Candidates = ReadonlyMap<CutKind, ReadonlyArray<Cut>>

/** What to look for cuts in. */
export interface CandidateRequest {
  readonly text: string
  readonly nodes: SyntaxNodes
  /** Spans that a cut must share some text with; null for the whole file. */
  readonly focus: ReadonlyArray<Span> | null
  readonly limits: CutLimits
}

/** Returns the cuts along a syntax tree. Linear in the nodes, but for runs of siblings, which are bounded. */
export const syntaxCandidates = (request: CandidateRequest): Candidates => {
  const { limits, nodes, text } = request
  const found = new Map<CutKind, Array<Cut>>()
  const seen = new Set<number>()
  const offer = (kind: CutKind, raw: Span, isCommentText = false): void => {
    // Most nodes are far too long or miss the focus: those are dropped first, before any text is read.
    if (raw.end - raw.start > limits.maxChars + slack || !touches(request.focus, raw)) return
    const span = trimSpan(text, raw)
    const key = span.start * 0x4000000 + span.end
    if (seen.has(key) || !isFitting(text, span, limits) || !touches(request.focus, span)) return
    seen.add(key)
    const cuts = found.get(kind)
    const cut = { kind, span, isComment: isCommentText }
    if (cuts === undefined) found.set(kind, [cut])
    else cuts.push(cut)
  }
  const children = childrenOfHolders(nodes)
  // Blocks and statements are offered first: a span that is two things counts as the larger of them.
  for (let row = 0; row < nodes.count; row++) {
    if (isBody(typeAt(nodes, row)) && nodes.isBroken[row] === 0) offer("block", insideOf(text, spanAt(nodes, row)))
  }
  for (const [holder, items] of children) {
    if (isList(typeAt(nodes, holder))) continue
    for (const item of items) offer("statement", spanAt(nodes, item))
  }
  for (let row = 0; row < nodes.count; row++) if (isExpression(nodes, row)) offer("expression", spanAt(nodes, row))
  for (const items of children.values()) offerRuns(nodes, items, limits, offer)
  for (let row = 0; row < nodes.count; row++) {
    if (nodes.isLeaf[row] === 1) offerLineEnd(text, nodes, row, limits, offer)
  }
  return found
}

/** How much longer than the limit a span may be, because white space at its ends is trimmed. */
const slack = 200

type Offer = (kind: CutKind, span: Span, isCommentText?: boolean) => void

const typeAt = (nodes: SyntaxNodes, row: number): string => nodes.type[row] ?? ""
const spanAt = (nodes: SyntaxNodes, row: number): Span => ({ start: nodes.start[row] ?? 0, end: nodes.end[row] ?? 0 })

const touches = (focus: ReadonlyArray<Span> | null, span: Span): boolean =>
  focus === null || focus.some((part) => isOverlapping(part, span))

/** Returns the rows of the statements or items of each body, root and list, in order. */
const childrenOfHolders = (nodes: SyntaxNodes): ReadonlyMap<number, ReadonlyArray<number>> => {
  const children = new Map<number, Array<number>>()
  for (let row = 1; row < nodes.count; row++) {
    if (nodes.isNamed[row] === 0 || nodes.isBroken[row] === 1 || !isStatementType(typeAt(nodes, row))) continue
    const parent = nodes.parent[row] ?? 0
    const type = typeAt(nodes, parent)
    if (!isBody(type) && !isRoot(type) && !isList(type)) continue
    if (isBody(typeAt(nodes, row))) continue
    const rows = children.get(parent)
    if (rows === undefined) children.set(parent, [row])
    else rows.push(row)
  }
  return children
}

/** The text between the braces of a body, or all of one that has none. */
const insideOf = (text: string, span: Span): Span =>
  text[span.start] === "{" && text[span.end - 1] === "}" ? { start: span.start + 1, end: span.end - 1 } : span

/** The shortest name that is worth asking for, in UTF-16 units. */
const shortestLeaf = 6

/** Whether a node is a statement: it stands in a body or at the top of the file, and is not a body itself. */
export const isStatement = (nodes: SyntaxNodes, row: number): boolean => {
  const parent = nodes.parent[row] ?? -1
  const type = typeAt(nodes, row)
  if (parent < 0 || nodes.isNamed[row] === 0 || nodes.isBroken[row] === 1 || !isStatementType(type)) return false
  const holder = typeAt(nodes, parent)
  return (isBody(holder) || isRoot(holder)) && !isBody(type)
}

const isExpression = (nodes: SyntaxNodes, row: number): boolean => {
  const parent = nodes.parent[row] ?? -1
  const type = typeAt(nodes, row)
  if (parent < 0 || nodes.isNamed[row] === 0 || nodes.isBroken[row] === 1) return false
  if (isBody(type) || isRoot(type) || isComment(type) || !isStatementType(type)) return false
  const holder = typeAt(nodes, parent)
  if (isBody(holder) || isRoot(holder)) return false
  if (nodes.field[row] === null && !isList(holder)) return false
  const { end, start } = spanAt(nodes, row)
  return nodes.isLeaf[row] === 0 || end - start >= shortestLeaf
}

/** The longest run of siblings that is offered. */
const longestRun = 6

const offerRuns = (nodes: SyntaxNodes, rows: ReadonlyArray<number>, limits: CutLimits, offer: Offer): void => {
  for (let first = 0; first < rows.length; first++) {
    const start = nodes.start[rows[first] ?? 0] ?? 0
    for (let last = first + 1; last < Math.min(rows.length, first + longestRun); last++) {
      const end = nodes.end[rows[last] ?? 0] ?? 0
      if (end - start > limits.maxChars) break
      offer("siblings", { start, end })
    }
  }
}

/** Tokens after which people pause and wait for a completion. */
const cursorTokens = new Set([
  "=",
  ":=",
  "+=",
  "(",
  "[",
  "{",
  ".",
  "->",
  "=>",
  "::",
  "?.",
  "return",
  "if",
  "while",
  "for",
  "in",
  "new",
  "throw",
  "raise",
  "import",
  "from",
  "extends",
  "&&",
  "||",
  "and",
  "or"
])

const commentMark = /^(?:\/\/+!?|#+!?|--+|\/\*+|<!--)\s?/

/** Returns the end of the line of `offset`, or undefined when it is further away than a middle may reach. */
const nearLineEnd = (text: string, offset: number, limits: CutLimits): number | undefined => {
  const window = text.slice(offset, offset + limits.maxChars + slack)
  const end = window.indexOf("\n")
  if (end !== -1) return offset + end
  return offset + window.length === text.length ? text.length : undefined
}

const offerLineEnd = (text: string, nodes: SyntaxNodes, row: number, limits: CutLimits, offer: Offer): void => {
  const type = typeAt(nodes, row)
  const span = spanAt(nodes, row)
  if (isComment(type)) {
    const mark = commentMark.exec(text.slice(span.start, Math.min(span.end, span.start + 8)))
    if (mark === null) return
    const start = span.start + mark[0].length
    const end = nearLineEnd(text, start, limits)
    if (end !== undefined) offer("line-end", { start, end: Math.min(span.end, end) }, true)
  } else if (nodes.isNamed[row] === 0 && cursorTokens.has(type)) {
    const end = nearLineEnd(text, span.end, limits)
    if (end !== undefined && /[\p{L}\p{N}_$]/u.test(text.slice(span.end, end))) {
      offer("line-end", { start: span.end, end })
    }
  }
}

/** The most lines that a cut takes in a file without a grammar. */
const mostLines = 8

/** Returns cuts of 1 to 8 whole lines, starting at each line that is not blank. */
export const lineCandidates = (request: Omit<CandidateRequest, "nodes">): Candidates => {
  const { focus, limits, text } = request
  const cuts: Array<Cut> = []
  const seen = new Set<string>()
  for (const part of focus ?? [{ start: 0, end: text.length }]) {
    let start = startOfLine(text, part.start)
    while (start < part.end) {
      const lineEnd = endOfLine(text, start)
      let end = lineEnd
      for (let lines = 1; lines <= Math.min(mostLines, limits.maxLines); lines++) {
        const span = trimSpan(text, { start, end })
        const key = `${span.start}-${span.end}`
        if (!seen.has(key) && span.start >= start && span.start <= lineEnd && isFitting(text, span, limits)) {
          seen.add(key)
          if (touches(focus, span)) cuts.push({ kind: "lines", span, isComment: false })
        }
        if (end >= text.length) break
        end = endOfLine(text, end + 1)
      }
      start = lineEnd + 1
    }
  }
  return new Map([["lines", cuts]])
}

/** Draws one span of the text, or of the focus and what surrounds it; undefined when the draw does not fit. */
export const drawCharacters = (
  request: Omit<CandidateRequest, "nodes">,
  random: Random
): Cut | undefined => {
  const { focus, limits, text } = request
  const part = focus === null ? { start: 0, end: text.length } : random.pick(focus)
  if (part === undefined) return undefined
  // The logarithm of the length is spread evenly, so that there are short and long ones.
  const length = Math.round(Math.exp(random.next() * Math.log(limits.maxChars)))
  const from = Math.max(0, part.start - (focus === null ? 0 : length - 1))
  const start = from + random.below(Math.max(1, part.end - from - (focus === null ? length : 0)))
  const span = { start, end: Math.min(text.length, start + length) }
  return isFitting(text, span, limits) && touches(focus, span)
    ? { kind: "characters", span, isComment: false }
    : undefined
}
