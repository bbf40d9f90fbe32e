/**
 * Atoms: the least sets of lines that an edit adds. Parts that share a line are one atom; each comment and blank line
 * has an owner that it comes and goes with, so that no edit consists of them alone.
 */
import { lineAt, lineStartsOf } from "../../../services/span.ts"
import type { SyntaxNodes } from "../../../services/Parser.ts"
import type { Needs } from "./needs.ts"
import type { Parts } from "./parts.ts"
import type { Shape } from "./shape.ts"

export interface Atoms {
  /** Lines with their ends; joined they are the program. */
  readonly lines: ReadonlyArray<string>
  readonly ofLine: Int32Array
  readonly ofPart: Int32Array
  /** The atom around each atom; -1 for the program and for blank lines. */
  readonly parent: Int32Array
  /** What each atom needs of the tree; the numbers past the atoms stand for no lines. */
  readonly needs: Needs
  /** How likely each atom is drawn: deeper ones more, blank lines and the program itself never. */
  readonly weights: Float64Array
}

/** Splits a text into lines with their ends; the last one may have none. */
export const linesWithEnds = (text: string): ReadonlyArray<string> => {
  const lines: Array<string> = []
  let start = 0
  for (let index = text.indexOf("\n"); index !== -1; index = text.indexOf("\n", start)) {
    lines.push(text.slice(start, index + 1))
    start = index + 1
  }
  if (start < text.length) lines.push(text.slice(start))
  return lines
}

export const atomsOf = (source: string, nodes: SyntaxNodes, parts: Parts, shape: Shape): Atoms => {
  const lines = linesWithEnds(source)
  const touched = partsOnLines(source, nodes, parts, lines.length)
  const rootOf = mergeParts(parts, touched.pairs)
  const numbers = new Map<number, number>()
  const ofPart = new Int32Array(parts.count)
  for (let part = 0; part < parts.count; part++) {
    const root = rootOf(part)
    if (!numbers.has(root)) numbers.set(root, numbers.size)
    ofPart[part] = numbers.get(root) ?? 0
  }
  const parent: Array<number> = Array.from({ length: numbers.size }, () => -1)
  /** The first part of each atom, which says where it stands. */
  const head: Array<number> = Array.from({ length: numbers.size }, () => -1)
  for (let part = 0; part < parts.count; part++) {
    const atom = ofPart[part] ?? 0
    if (head[atom] === -1) {
      head[atom] = part
      const up = parts.parent[part] ?? -1
      if (up !== -1 && ofPart[up] !== atom) parent[atom] = ofPart[up] ?? -1
    }
  }
  const ofLine = new Int32Array(lines.length).fill(-1)
  for (let line = 0; line < lines.length; line++) {
    const part = touched.partOf[line] ?? -1
    if (part !== -1) ofLine[line] = ofPart[part] ?? 0
  }
  const needing: Array<number> = []
  const oneOf: Array<ReadonlyArray<number>> = []
  const need = (atom: number, choices: ReadonlyArray<number>): void => {
    if (choices.length === 0 || choices.includes(atom)) return
    needing.push(atom)
    oneOf.push(choices)
  }
  for (const [atom, up] of parent.entries()) if (up !== -1) need(atom, [up])
  const siblings = siblingsOf(parts, ofPart)
  for (const { atoms, owner } of siblings.groups) need(ofPart[owner] ?? 0, atoms)
  needClauses(nodes, parts, shape, ofPart, need)
  const owners = ownComments({ lines, ofLine, parent, head, parts, nodes, source })
  const tree: Tree = { parent, place: siblings.place, groups: siblings.groups }
  let count = numbers.size
  count = ownBlanks(lines, ofLine, owners, tree, count, need)
  const weights = weightsOf(lines, ofLine, touched.partOf, count)
  weights[0] = 0
  const parentOf = new Int32Array(count).fill(-1)
  for (const [atom, up] of parent.entries()) parentOf[atom] = up
  return { lines, ofLine, ofPart, parent: parentOf, needs: { count, needing, oneOf }, weights }
}

interface Touched {
  /** A part with code on each line; -1 for none. */
  readonly partOf: Int32Array
  /** Parts that share a line, two by two. */
  readonly pairs: ReadonlyArray<readonly [number, number]>
}

const partsOnLines = (source: string, nodes: SyntaxNodes, parts: Parts, lineCount: number): Touched => {
  const starts = lineStartsOf(source)
  const partOf = new Int32Array(lineCount).fill(-1)
  const pairs: Array<readonly [number, number]> = []
  let line = 0
  for (let row = 0; row < nodes.count; row++) {
    const part = parts.ofLeaf[row] ?? -1
    if (part === -1) continue
    const start = nodes.start[row] ?? 0
    let end = nodes.end[row] ?? 0
    // A token may hold the end of its line; it does not touch the next one.
    while (end > start + 1 && (source[end - 1] === "\n" || source[end - 1] === "\r")) end--
    if (start < (starts[line] ?? 0)) line = lineAt(starts, start)
    while (line + 1 < starts.length && (starts[line + 1] ?? 0) <= start) line++
    if (source.charCodeAt(start) === 10) continue
    for (let at = line; at < lineCount && (starts[at] ?? 0) < end; at++) {
      const other = partOf[at] ?? -1
      if (other === -1) partOf[at] = part
      else if (other !== part) pairs.push([other, part])
    }
  }
  return { partOf, pairs }
}

/** Joins parts that share lines, and what lies between them in the tree. Returns the way to each one's first. */
const mergeParts = (parts: Parts, pairs: ReadonlyArray<readonly [number, number]>) => {
  const first = Int32Array.from({ length: parts.count }, (_, part) => part)
  const rootOf = (part: number): number => {
    let root = part
    while (first[root] !== root) root = first[root] ?? root
    for (let now = part; first[now] !== root;) {
      const next = first[now] ?? root
      first[now] = root
      now = next
    }
    return root
  }
  const join = (a: number, b: number): void => {
    const [low, high] = [rootOf(a), rootOf(b)].sort((x, y) => x - y)
    first[high ?? 0] = low ?? 0
  }
  for (const [a, b] of pairs) {
    if (rootOf(a) === rootOf(b)) continue
    // Parts are numbered in pre-order: climbing from the later one reaches the common ancestor first.
    let low = Math.min(a, b)
    let high = Math.max(a, b)
    const isAround = (outer: number, inner: number): boolean => {
      let now = inner
      while (now > outer) now = parts.parent[now] ?? -1
      return now === outer
    }
    if (isAround(low, high)) {
      for (; high !== low; high = parts.parent[high] ?? low) join(high, low)
      continue
    }
    join(low, high)
    for (let up = parts.parent[high] ?? 0; !isAround(up, low); up = parts.parent[up] ?? 0) join(up, high)
    const top = high
    for (let up = parts.parent[low] ?? 0; !isAround(up, top); up = parts.parent[up] ?? 0) join(up, low)
  }
  return rootOf
}

interface Siblings {
  /** The atoms of each container, in order, and the part that the container stands in. */
  readonly groups: ReadonlyArray<{ readonly owner: number; readonly atoms: ReadonlyArray<number> }>
  /** For each atom its group and its place there. */
  readonly place: ReadonlyMap<number, readonly [group: number, index: number]>
}

const siblingsOf = (parts: Parts, ofPart: Int32Array): Siblings => {
  const byContainer = new Map<number, { readonly owner: number; readonly atoms: Array<number> }>()
  for (let part = 1; part < parts.count; part++) {
    const container = parts.container[part] ?? -1
    if (container === -1) continue
    const owner = parts.ofRow[container] ?? 0
    const atom = ofPart[part] ?? 0
    const group = byContainer.get(container) ?? { owner, atoms: [] }
    byContainer.set(container, group)
    if (atom !== ofPart[owner] && group.atoms[group.atoms.length - 1] !== atom) group.atoms.push(atom)
  }
  const groups = [...byContainer.values()]
  const place = new Map<number, readonly [number, number]>()
  for (const [group, { atoms }] of groups.entries()) {
    for (const [index, atom] of atoms.entries()) if (!place.has(atom)) place.set(atom, [group, index])
  }
  return { groups, place }
}

/** A try needs one of its handlers. */
const needClauses = (
  nodes: SyntaxNodes,
  parts: Parts,
  shape: Shape,
  ofPart: Int32Array,
  need: (atom: number, choices: ReadonlyArray<number>) => void
): void => {
  if (shape.clauseGroups.size === 0) return
  const groups = new Map<number, Array<number>>()
  for (let part = 1; part < parts.count; part++) {
    const row = parts.row[part] ?? 0
    const up = nodes.parent[row] ?? 0
    if (shape.clauseGroups.get(nodes.type[up] ?? "")?.has(nodes.type[row] ?? "") !== true) continue
    const group = groups.get(up) ?? []
    groups.set(up, group)
    group.push(ofPart[part] ?? 0)
  }
  for (const [row, atoms] of groups) need(ofPart[parts.ofRow[row] ?? 0] ?? 0, atoms)
}

/** Comments that say of the whole file how it is run, decoded or checked. */
const directive =
  /^(?:#!|#.*coding[:=]|\s*(?:\/[/*]|#)\s*(?:globals?|eslint|jshint|@ts-|@flow|pylint:|mypy:|ruff:|flake8:|frozen_string_literal:)\b)/

interface CommentInput {
  readonly lines: ReadonlyArray<string>
  readonly ofLine: Int32Array
  readonly parent: ReadonlyArray<number>
  readonly head: ReadonlyArray<number>
  readonly parts: Parts
  readonly nodes: SyntaxNodes
  readonly source: string
}

const isBlank = (line: string): boolean => line.trim() === ""

const indentOf = (line: string): number => line.length - line.trimStart().length

/**
 * Gives every line of comments its atom: that of the code below where it stands above a part at its own depth, that of
 * the code above where it ends a block. What opens the file apart from its code belongs to the program.
 * Returns for each line whether it is the first of a part, comments included.
 */
const ownComments = ({ head, lines, nodes, ofLine, parent, parts, source }: CommentInput): Uint8Array => {
  const starts = lineStartsOf(source)
  const firstLine = new Map<number, number>()
  for (const [atom, part] of head.entries()) {
    // The node's own start; a clause may take a brace from the line that it starts on, which is the same line.
    firstLine.set(atom, lineAt(starts, nodes.start[parts.row[part] ?? 0] ?? 0))
  }
  const opens = new Uint8Array(lines.length)
  for (let line = 0; line < lines.length; line++) {
    const atom = ofLine[line] ?? -1
    if (atom > 0 && (line === 0 || ofLine[line - 1] !== atom) && (firstLine.get(atom) ?? -1) === line) opens[line] = 1
  }
  let line = 0
  let above = -1
  while (line < lines.length) {
    if (ofLine[line] !== -1) {
      above = line++
      continue
    }
    // A run of comments and blank lines between two lines of code.
    let below = line
    while (below < lines.length && ofLine[below] === -1) below++
    const next = below < lines.length ? below : -1
    ownRun(line, below, above, next)
    line = below
  }
  return opens

  function ownRun(from: number, to: number, above: number, next: number): void {
    const before = above === -1 ? 0 : ofLine[above] ?? 0
    const after = next === -1 ? 0 : ofLine[next] ?? 0
    if (above !== -1 && next !== -1 && before === after && opens[next] === 0) {
      for (let at = from; at < to; at++) ofLine[at] = before
      return
    }
    let lastOwned = -1
    for (let at = to - 1; at >= from; at--) {
      const text = lines[at] ?? ""
      if (isBlank(text)) continue
      const belongsBelow = next !== -1 && opens[next] === 1 && indentOf(text) <= indentOf(lines[next] ?? "")
      if (!belongsBelow || (above === -1 && isApart(at, next))) {
        ofLine[at] = above === -1 ? 0 : enclosing(before, indentOf(text), next === -1 ? 0 : after)
        continue
      }
      ofLine[at] = after
      // Blank lines between a comment and its code, or between two of its comments, move with it.
      for (let blank = at + 1; blank < (lastOwned === -1 ? next : lastOwned); blank++) ofLine[blank] = after
      lastOwned = at
    }
    if (lastOwned !== -1) {
      opens[next] = 0
      opens[lastOwned] = 1
    }
  }

  /** Whether a comment that opens the file stands apart from the code below it, or speaks to tools. */
  function isApart(at: number, next: number): boolean {
    if (directive.test(lines[at] ?? "")) return true
    for (let line = at + 1; line < next; line++) if (isBlank(lines[line] ?? "")) return true
    return false
  }

  /** The part above whose depth the comment has, not further out than the part that goes on below. */
  function enclosing(atom: number, indent: number, limit: number): number {
    let now = atom
    while (now > 0 && now !== limit) {
      const line = firstLine.get(now) ?? 0
      if (indentOf(lines[line] ?? "") <= indent) return now
      const up = parent[now] ?? -1
      if (up <= 0 || up === limit) return now
      now = up
    }
    return now
  }
}

interface Tree {
  readonly parent: ReadonlyArray<number>
  readonly place: Siblings["place"]
  readonly groups: Siblings["groups"]
}

/**
 * Makes each run of blank lines an atom of its own, which needs what stands below it and something above it: no state
 * begins with a gap. Returns the number of things there are then.
 */
const ownBlanks = (
  lines: ReadonlyArray<string>,
  ofLine: Int32Array,
  opens: Uint8Array,
  tree: Tree,
  atoms: number,
  need: (atom: number, choices: ReadonlyArray<number>) => void
): number => {
  let count = atoms
  /** For each group the thing that stands while one of its first parts does. */
  const heads = new Map<number, Array<number>>()
  const headBefore = (group: number, index: number): number => {
    const known = heads.get(group) ?? []
    heads.set(group, known)
    const members = tree.groups[group]?.atoms ?? []
    for (let next = known.length; next <= index; next++) {
      const member = members[next] ?? 0
      if (next === 0) {
        known.push(member)
        continue
      }
      need(count, [known[next - 1] ?? 0, member])
      known.push(count)
      count++
    }
    return known[index] ?? 0
  }
  /** The ancestor of an atom, or itself, that stands directly in `outer`. */
  const childOf = (outer: number, atom: number): number => {
    let now = atom
    while (now > 0 && tree.parent[now] !== outer) now = tree.parent[now] ?? -1
    return now
  }
  /** What opens the file always stands above its parts. */
  const opening = ofLine.indexOf(0)
  for (let line = 0; line < lines.length; line++) {
    if (ofLine[line] !== -1) continue
    let below = line
    while (below < lines.length && ofLine[below] === -1) below++
    const isBelowOpening = opening !== -1 && opening < line && tree.parent[ofLine[below] ?? 0] === 0
    const before = line === 0 ? -1 : ofLine[line - 1] ?? 0
    const after = below === lines.length ? 0 : ofLine[below] ?? 0
    const blank = count++
    if (below < lines.length && opens[below] === 1) {
      need(blank, [after])
      const place = tree.place.get(after)
      if (place !== undefined && place[1] > 0 && !isBelowOpening) need(blank, [headBefore(place[0], place[1] - 1)])
    } else if (before === after || before === -1) need(blank, [after])
    else {
      const last = childOf(after, before)
      need(blank, [last > 0 ? last : after])
    }
    for (let at = line; at < below; at++) ofLine[at] = blank
    line = below - 1
  }
  return count
}

/** The weight of a line is its depth (the first indent of the program is one level), and 1 at the margin. */
const weightsOf = (
  lines: ReadonlyArray<string>,
  ofLine: Int32Array,
  partOf: Int32Array,
  count: number
): Float64Array => {
  const weights = new Float64Array(count)
  let width = 0
  for (let line = 0; line < lines.length; line++) {
    if (partOf[line] === -1) continue
    const indent = indentOf(lines[line] ?? "")
    if (width === 0) width = indent
    const atom = ofLine[line] ?? 0
    if (weights[atom] === 0) weights[atom] = indent === 0 ? 1 : indent / width
  }
  return weights
}
