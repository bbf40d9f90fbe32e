/**
 * Reads syntax trees straight from the memory of tree-sitter. A cursor takes five calls into WebAssembly for each node
 * and steps over one sibling after the other; here a node is a few loads, and what misses the span is skipped by whole
 * subtrees, so that the cost follows what is read and not the file.
 *
 * The layout is that of tree-sitter's subtree.h, tree.h and parser.h as web-tree-sitter 0.27.1 compiles them for 32
 * bits. A test compares the nodes of every grammar with those that a cursor gives.
 */
import { Parser as TreeSitter, type Tree } from "web-tree-sitter"
import type { SyntaxNodes } from "../../services/Parser.ts"
import type { Span } from "../../services/text/span.ts"
import { addRow, copyOfColumns, emptyColumns, errorType, type Grammar, type NodeColumns } from "./columns.ts"

/** What the library's module shows of its memory. It sets these anew when the memory grows. */
interface Memory {
  readonly HEAPU8: Uint8Array
  readonly HEAPU16: Uint16Array
  readonly HEAPU32: Uint32Array
}

const shown: Partial<Memory> = {}
let starting: Promise<void> | undefined

/** Starts the library, once for the thread. */
export const startTreeSitter = (): Promise<void> => starting ??= TreeSitter.init(shown)

const memory = (): Memory => {
  const { HEAPU16, HEAPU32, HEAPU8 } = shown
  if (HEAPU16 === undefined || HEAPU32 === undefined || HEAPU8 === undefined) {
    throw new Error("tree-sitter has not been started by this module")
  }
  return { HEAPU8, HEAPU16, HEAPU32 }
}

/** Bytes of the library's text for a UTF-16 unit. */
const unit = 2
/** Bytes of a subtree among its siblings: the subtree itself where it is small, or else its address. */
const stride = 8

/** A subtree that was read last; one for the thread, for there are millions of them. */
const subtree = {
  /** Its address, or 0 where it is small. */
  address: 0,
  /** Bytes of what stands before it, and of itself. */
  padding: 0,
  size: 0,
  symbol: 0,
  children: 0,
  isVisible: false,
  isExtra: false,
  isMissing: false
}

const readSubtree = ({ HEAPU16, HEAPU32, HEAPU8 }: Memory, at: number): void => {
  const word = HEAPU32[at >> 2] ?? 0
  if ((word & 1) === 1) {
    subtree.address = 0
    subtree.padding = HEAPU8[at + 6] ?? 0
    subtree.size = HEAPU8[at + 7] ?? 0
    subtree.symbol = (word >>> 8) & 0xff
    subtree.children = 0
    subtree.isVisible = (word & 0x02) !== 0
    subtree.isExtra = (word & 0x08) !== 0
    subtree.isMissing = (word & 0x20) !== 0
    return
  }
  const flags = HEAPU16[(word + 44) >> 1] ?? 0
  subtree.address = word
  subtree.padding = HEAPU32[(word + 4) >> 2] ?? 0
  subtree.size = HEAPU32[(word + 16) >> 2] ?? 0
  subtree.symbol = HEAPU16[(word + 40) >> 1] ?? 0
  subtree.children = HEAPU32[(word + 36) >> 2] ?? 0
  subtree.isVisible = (flags & 0x001) !== 0
  subtree.isExtra = (flags & 0x004) !== 0
  subtree.isMissing = (flags & 0x200) !== 0
}

/** What is known of a subtree at an address: its errors' cost, the children that are nodes, and its production. */
const errorCostAt = ({ HEAPU32 }: Memory, address: number): number => HEAPU32[(address + 32) >> 2] ?? 0
const visibleChildrenAt = ({ HEAPU32 }: Memory, address: number): number => HEAPU32[(address + 48) >> 2] ?? 0
const productionAt = ({ HEAPU16 }: Memory, address: number): number => HEAPU16[(address + 66) >> 1] ?? 0

/** Where a language keeps what a child of a production is called and which field it fills. */
interface Tables {
  readonly longestProduction: number
  readonly fieldSlices: number
  readonly fieldEntries: number
  readonly publicSymbols: number
  readonly aliases: number
}

/** The tree begins with its root and goes on with its language. */
const tablesOf = ({ HEAPU16, HEAPU32 }: Memory, tree: number): Tables => {
  const language = HEAPU32[(tree + stride) >> 2] ?? 0
  const pointerAt = (offset: number) => HEAPU32[(language + offset) >> 2] ?? 0
  return {
    longestProduction: HEAPU16[(language + 36) >> 1] ?? 0,
    fieldSlices: pointerAt(64),
    fieldEntries: pointerAt(68),
    publicSymbols: pointerAt(76),
    aliases: pointerAt(84)
  }
}

/** The symbol that a production gives its child instead of the child's own, or 0. */
const aliasAt = ({ HEAPU16 }: Memory, tables: Tables, production: number, place: number): number =>
  production === 0 || place >= tables.longestProduction
    ? 0
    : HEAPU16[(tables.aliases >> 1) + production * tables.longestProduction + place] ?? 0

/** The field that a child of a production fills itself, or 0. */
const fieldAt = ({ HEAPU16, HEAPU8 }: Memory, tables: Tables, production: number, place: number): number => {
  if (tables.fieldSlices === 0) return 0
  const slice = tables.fieldSlices + production * 4
  const first = HEAPU16[slice >> 1] ?? 0
  const count = HEAPU16[(slice + 2) >> 1] ?? 0
  for (let entry = tables.fieldEntries + first * 4, end = entry + count * 4; entry < end; entry += 4) {
    const isInherited = HEAPU8[entry + 3] === 1
    if (!isInherited && HEAPU8[entry + 2] === place) return HEAPU16[entry >> 1] ?? 0
  }
  return 0
}

/** The subtrees whose children are being read, from the root down, one column a value; used again by every pass. */
const path = {
  /** Where the next child stands, and how many are left. */
  next: new Int32Array(256),
  left: new Int32Array(256),
  /** Where the text of the next child's padding begins, in bytes. */
  at: new Int32Array(256),
  /** What the subtree is made by, and the place of its next child in that. */
  production: new Int32Array(256),
  place: new Int32Array(256),
  /** Row of the node that the children belong to. */
  row: new Int32Array(256),
  /** The field that a subtree fills which is no node; its children fill it instead. */
  field: new Int32Array(256)
}

const enter = (
  depth: number,
  next: number,
  left: number,
  at: number,
  production: number,
  row: number,
  field: number
) => {
  if (depth >= path.next.length) growPath()
  path.next[depth] = next
  path.left[depth] = left
  path.at[depth] = at
  path.production[depth] = production
  path.place[depth] = 0
  path.row[depth] = row
  path.field[depth] = field
}

const growPath = (): void => {
  const grown = (old: Int32Array) => {
    const fresh = new Int32Array(old.length * 2)
    fresh.set(old)
    return fresh
  }
  path.next = grown(path.next)
  path.left = grown(path.left)
  path.at = grown(path.at)
  path.production = grown(path.production)
  path.place = grown(path.place)
  path.row = grown(path.row)
  path.field = grown(path.field)
}

/** Reads the next child at a depth into `subtree`, and returns its place in what made it; -1 where none is left. */
const readNext = (heap: Memory, depth: number): number => {
  if (path.left[depth] === 0) return -1
  const child = path.next[depth] ?? 0
  path.next[depth] = child + stride
  path.left[depth] = (path.left[depth] ?? 0) - 1
  readSubtree(heap, child)
  const place = path.place[depth] ?? 0
  if (!subtree.isExtra) path.place[depth] = place + 1
  return place
}

/** Whether the children of a named node are read, by its row and that of its parent. */
type Enters = (columns: NodeColumns, row: number, above: number) => boolean

const all: Enters = () => true

/** Collects the nodes that touch a span, in pre-order, and their ancestors. */
export const collectNodes = (tree: Tree, span: Span, grammar: Grammar, enters: Enters = all): SyntaxNodes => {
  const heap = memory()
  const address = tree.rootNode.id
  const tables = tablesOf(heap, address)
  const first = span.start * unit
  const last = span.end * unit
  const columns = emptyColumns()
  let depth = 0
  enter(depth, address, 1, 0, 0, -1, 0)
  while (depth >= 0) {
    const place = readNext(heap, depth)
    if (place === -1) {
      depth--
      continue
    }
    const start = (path.at[depth] ?? 0) + subtree.padding
    const end = start + subtree.size
    path.at[depth] = end
    const above = path.row[depth] ?? -1
    if (above >= 0) {
      // What follows starts later still.
      if (start > last) path.left[depth] = 0
      if (start > last || end < first || isSteppedOver(columns, above, end, first)) continue
    }
    let field = subtree.isExtra ? 0 : path.field[depth] ?? 0
    const production = path.production[depth] ?? 0
    if (!subtree.isExtra && above >= 0) {
      field = fieldAt(heap, tables, production, place) || field
      const alias = aliasAt(heap, tables, production, place)
      if (alias !== 0) {
        subtree.symbol = alias
        subtree.isVisible = true
      }
    }
    const { address: inner, children, isMissing, isVisible, padding, symbol } = subtree
    let row = above
    let isEntered = children > 0
    if (isVisible || above < 0) {
      const type = symbol === errorType ? errorType : heap.HEAPU16[(tables.publicSymbols >> 1) + symbol] ?? 0
      row = addRow(grammar, type, field, above, start / unit, end / unit, isMissing)
      // A token that the grammar does not name is its own text, so it has no children.
      isEntered = children > 0 && visibleChildrenAt(heap, inner) > 0 && columns.isNamed[row] === 1 &&
        (above < 0 || enters(columns, row, above))
      columns.isLeaf[row] = isEntered ? 0 : 1
      field = 0
    }
    if (isEntered) {
      depth++
      enter(depth, inner - children * stride, children, start - padding, productionAt(heap, inner), row, field)
    }
  }
  return copyOfColumns()
}

/** Whether a node ends where the span starts, inside one that starts before it: it is none of the span's. */
const isSteppedOver = (columns: NodeColumns, above: number, end: number, first: number): boolean =>
  end === first && (columns.start[above] ?? 0) * unit < first

/** Counts the nodes of a tree that are errors, or tokens that the parser had to invent. */
export const countErrors = (tree: Tree): number => {
  const heap = memory()
  const address = tree.rootNode.id
  const tables = tablesOf(heap, address)
  let errors = 0
  let depth = 0
  enter(depth, address, 1, 0, 0, -1, 0)
  while (depth >= 0) {
    const place = readNext(heap, depth)
    if (place === -1) {
      depth--
      continue
    }
    const { address: inner, children, isExtra, isMissing, isVisible, symbol } = subtree
    const isNode = isVisible || depth === 0 ||
      !isExtra && aliasAt(heap, tables, path.production[depth] ?? 0, place) !== 0
    if (isNode && (symbol === errorType || isMissing)) errors++
    if (children === 0 || errorCostAt(heap, inner) === 0) continue
    depth++
    enter(depth, inner - children * stride, children, 0, productionAt(heap, inner), -1, 0)
  }
  return errors
}
