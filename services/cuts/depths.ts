/**
 * Edits cut at several depths: what an edit did to the smallest expression around it, to its statement, block, function
 * and class, and to the file. A cut is a pair of spans, one in the old text and one in the new, that differ by the edit
 * alone. Both are whole nodes of one kind, so that either side reads as code.
 */
import { differingMiddle, type Hunk } from "../text/diff.ts"
import type { SyntaxNodes, TextEdit } from "../Parser.ts"
import { endOfLine, isBlank, lineStartsOf, type Span, startOfLine } from "../text/span.ts"
import { isStatement } from "./candidates.ts"
import { isBody } from "./node-roles.ts"

/** From the smallest to the largest. A block is an if, a loop, a try or the like with all its branches. */
export const depths = ["expression", "statement", "block", "function", "class", "file"] as const
/** How much of the code around an edit a cut takes in. */
export type Depth = typeof depths[number]

/** What an edit did at one depth. */
export interface DepthPair {
  readonly depth: Depth
  /** UTF-16 offsets in the old text and in the new one. */
  readonly before: Span
  readonly after: Span
}

/** A text with its tree. */
export interface ParsedSide {
  readonly text: string
  readonly nodes: SyntaxNodes
}

/**
 * Returns what the hunks of a change did, from the smallest depth to the largest, each span once. There is no pair for
 * a depth at which no node holds the edit on both sides, as when an expression became a statement. A file that is a
 * single function counts as a function.
 */
export const depthPairs = (
  before: ParsedSide,
  after: ParsedSide,
  hunks: ReadonlyArray<Hunk>
): ReadonlyArray<DepthPair> => {
  const edits = editsIn(before.text, after.text, hunks)
  if (edits.length === 0) return []
  const kindsAfter = new Map<string, Set<Depth>>()
  for (let row = 0; row < after.nodes.count; row++) {
    const kinds = kindsOf(after, row)
    if (kinds.length === 0) continue
    const key = keyOf(spanAt(after.nodes, row))
    const known = kindsAfter.get(key) ?? new Set()
    for (const kind of kinds) known.add(kind)
    kindsAfter.set(key, known)
  }
  const pairs = new Map<string, DepthPair>()
  const smallest = smallestAround(before, edits, (span, kind) => {
    const image = imageOf(span, edits)
    return image !== undefined && kindsAfter.get(keyOf(image))?.has(kind) === true ? image : undefined
  })
  // From small to large: what is two things, as an "if" is a statement and a block, counts as the larger of them.
  for (const depth of depths) {
    for (const found of smallest) {
      const pair = found.get(depth)
      if (pair === undefined) continue
      const cut = depth === "expression" ? pair : asLines(pair, before.text, after.text)
      pairs.set(keyOf(cut.before), cut)
    }
  }
  const file: DepthPair = {
    depth: "file",
    before: { start: 0, end: before.text.length },
    after: { start: 0, end: after.text.length }
  }
  if (!pairs.has(keyOf(file.before))) pairs.set(keyOf(file.before), file)
  return [...pairs.values()].toSorted((a, b) => depths.indexOf(a.depth) - depths.indexOf(b.depth))
}

const keyOf = ({ end, start }: Span): string => `${start}:${end}`
const spanAt = (nodes: SyntaxNodes, row: number): Span => ({ start: nodes.start[row] ?? 0, end: nodes.end[row] ?? 0 })

/** Returns, for each edit and depth, the smallest node that holds the edit and has an image in the new text. */
const smallestAround = (
  side: ParsedSide,
  edits: ReadonlyArray<TextEdit>,
  imageIn: (span: Span, kind: Depth) => Span | undefined
): ReadonlyArray<ReadonlyMap<Depth, DepthPair>> => {
  const { nodes } = side
  const found = edits.map(() => new Map<Depth, DepthPair>())
  for (let row = 0; row < nodes.count; row++) {
    const span = spanAt(nodes, row)
    const held = edits.flatMap(({ old }, index) => (span.start <= old.start && old.end <= span.end ? [index] : []))
    if (held.length === 0) continue
    for (const depth of kindsOf(side, row)) {
      const image = imageIn(span, depth)
      if (image === undefined) continue
      // Parents come before their children: the last node that holds an edit is the smallest.
      for (const index of held) found[index]?.set(depth, { depth, before: span, after: image })
    }
  }
  return found
}

const blockType =
  /^(?:if|unless|for|foreach|enhanced_for|for_in|while|until|do|loop|try|with|switch|match|select|case|begin|using|lock|synchronized|expression_switch|type_switch)(?:_|$)/
const functionType =
  /^(?:function|generator_function|method|singleton_method|constructor|destructor|local_function)(?:_definition|_declaration|_statement|_item)?$/
const classType =
  /^(?:class|struct|interface|trait|impl|enum|module|mod|record|union|namespace|type)(?:_definition|_declaration|_specifier|_item|_alias_declaration)?$/

const expressionType =
  /expression|call|literal|operator|invocation|subscript|attribute|access|array|object|dictionary|hash|list|tuple|set|lambda|closure|template|conditional|comparison|comprehension|string|member|argument|selector|index|slice|pair|assignment|binary|unary/

/** Expressions of more than one word; `kindsOf` leaves out lists of arguments and needless parentheses. */
const isExpression = (nodes: SyntaxNodes, row: number): boolean => {
  const type = nodes.type[row] ?? ""
  return nodes.isLeaf[row] === 0 && expressionType.test(type) && !blockType.test(type) && !isStatement(nodes, row) &&
    !/(?:_statement|_body|_clause|declaration|definition)$/.test(type) && !isBody(type)
}

const kindsOf = ({ nodes, text }: ParsedSide, row: number): ReadonlyArray<Depth> => {
  if (nodes.isNamed[row] === 0 || nodes.isBroken[row] === 1 || (nodes.parent[row] ?? -1) < 0) return []
  const type = nodes.type[row] ?? ""
  const kinds: Array<Depth> = []
  if (isExpression(nodes, row) && text[nodes.start[row] ?? 0] !== "(") kinds.push("expression")
  if (isStatement(nodes, row)) kinds.push("statement")
  if (nodes.isLeaf[row] === 1) return kinds
  if (blockType.test(type)) kinds.push("block")
  if (functionType.test(type)) kinds.push("function")
  if (classType.test(type)) kinds.push("class")
  return kinds
}

/**
 * Returns the span of the new text that a span of the old one has become; undefined where an edit crosses its border.
 */
const imageOf = (span: Span, edits: ReadonlyArray<TextEdit>): Span | undefined => {
  let shiftBefore = 0
  let shiftInside = 0
  for (const { new: added, old } of edits) {
    const shift = added.end - added.start - (old.end - old.start)
    if (span.start <= old.start && old.end <= span.end) shiftInside += shift
    else if (old.end <= span.start) shiftBefore += shift
    else if (old.start < span.end) return undefined
  }
  return { start: span.start + shiftBefore, end: span.end + shiftBefore + shiftInside }
}

/** Returns what really differs: the middles of the lines in a hunk with as many on both sides, else the whole hunk. */
const editsIn = (before: string, after: string, hunks: ReadonlyArray<Hunk>): ReadonlyArray<TextEdit> =>
  hunks.flatMap((hunk): ReadonlyArray<TextEdit> => {
    const oldLines = lineSpansIn(before, hunk.old)
    const newLines = lineSpansIn(after, hunk.new)
    if (oldLines.length !== newLines.length) return [narrowed(before, after, hunk.old, hunk.new)]
    return oldLines.flatMap((old, index) => {
      const added = newLines[index] ?? hunk.new
      const edit = narrowed(before, after, old, added)
      return edit.old.start === edit.old.end && edit.new.start === edit.new.end ? [] : [edit]
    })
  })

const narrowed = (before: string, after: string, old: Span, added: Span): TextEdit => {
  const { head, tail } = differingMiddle(before.slice(old.start, old.end), after.slice(added.start, added.end))
  return {
    old: { start: old.start + head, end: old.end - tail },
    new: { start: added.start + head, end: added.end - tail }
  }
}

const lineSpansIn = (text: string, { end, start }: Span): ReadonlyArray<Span> => {
  const starts = lineStartsOf(text.slice(start, end)).filter((offset) => start + offset < end)
  return starts.map((offset, index) => ({
    start: start + offset,
    end: start + (starts[index + 1] ?? end - start)
  }))
}

/** Widens a pair to whole lines, with their indentation and ends, where nothing else stands on them. */
const asLines = (pair: DepthPair, before: string, after: string): DepthPair => {
  const oldLines = linesAround(before, pair.before)
  const newLines = linesAround(after, pair.after)
  return oldLines === undefined || newLines === undefined ? pair : { ...pair, before: oldLines, after: newLines }
}

const linesAround = (text: string, { end, start }: Span): Span | undefined => {
  const lineStart = startOfLine(text, start)
  // A node that ends with a line end has nothing of its own on the next line.
  const lineEnd = end > start && text[end - 1] === "\n" ? end - 1 : endOfLine(text, end)
  if (!isBlank(text.slice(lineStart, start)) || !isBlank(text.slice(Math.min(end, lineEnd), lineEnd))) return undefined
  return { start: lineStart, end: Math.min(text.length, lineEnd + 1) }
}
