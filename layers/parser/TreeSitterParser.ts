/**
 * Parser over web-tree-sitter. Positions are UTF-16 units, as everywhere. Trees live in WebAssembly memory, which no
 * garbage collector sees, so each is released by its owner.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Edit, Language, Parser as TreeSitter, type Point, type Tree, type TreeCursor } from "web-tree-sitter"
import {
  GrammarUnavailable,
  type LanguageParser,
  Parser,
  ParserGaveUp,
  type SyntaxNodes,
  type SyntaxTree,
  type TextEdit
} from "../../services/Parser.ts"
import { lineAt, lineStartsOf, type Span } from "../../services/text/span.ts"
import { grammarFile } from "./grammars.ts"

const make = (longestParseMillis: number) =>
  Effect.sync(() => {
    let started: Promise<void> | undefined
    const opened = new Map<string, Promise<LanguageParser>>()

    const load = async (file: string): Promise<LanguageParser> => {
      await (started ??= TreeSitter.init())
      return languageParser(await Language.load(file), longestParseMillis)
    }

    const open: Parser["Type"]["open"] = Effect.fn("Parser.open")(function*(language) {
      const unavailable = (detail: string) => new GrammarUnavailable({ language, detail })
      const file = yield* Effect.try({
        try: () => grammarFile(language),
        catch: (cause) => unavailable(`its package is not installed (${String(cause)})`)
      })
      if (file === undefined) return yield* unavailable("there is none; the language is cut by lines")
      const loading = opened.get(language) ?? load(file)
      opened.set(language, loading)
      return yield* Effect.tryPromise({ try: () => loading, catch: (cause) => unavailable(String(cause)) })
    })

    return Parser.of({ open })
  })

/**
 * A layer that gives a text up after so many milliseconds. The recovery from errors takes time that grows with the square
 * of what is no program: "case a:" forty thousand times takes hours, a megabyte of code less than a second.
 */
export const layerWithin = (longestParseMillis: number): Layer.Layer<Parser> =>
  Layer.effect(Parser, make(longestParseMillis))

export const layer: Layer.Layer<Parser> = layerWithin(20_000)

const languageParser = (language: Language, longestParseMillis: number): LanguageParser => {
  const parser = new TreeSitter()
  parser.setLanguage(language)
  const grammar: Grammar = {
    types: Array.from({ length: language.nodeTypeCount }, (_, id) => language.nodeTypeForId(id) ?? "ERROR"),
    isNamed: Uint8Array.from({ length: language.nodeTypeCount }, (_, id) => (language.nodeTypeIsNamed(id) ? 1 : 0)),
    fields: Array.from({ length: language.fieldCount + 1 }, (_, id) => id === 0 ? null : language.fieldNameForId(id))
  }
  const parseFrom = (read: (index: number) => string, old: Tree | null): Tree => {
    try {
      const end = performance.now() + longestParseMillis
      const tree = parser.parse(read, old, { progressCallback: () => performance.now() > end })
      if (tree !== null) return tree
    } catch (cause) {
      // A trap in WebAssembly leaves the parser stuck in this text.
      parser.reset()
      throw new ParserGaveUp({ detail: String(cause) })
    }
    // It would go on with this text.
    parser.reset()
    throw new ParserGaveUp({ detail: "it gave no tree in time" })
  }
  const parse = (source: string, old: Tree | null = null): Tree =>
    parseFrom((index) => source.slice(index, index + pieceLength), old)
  const handle = (tree: Tree, source: string): SyntaxTree => {
    let lineStarts: ReadonlyArray<number> | undefined
    let knownErrors: number | undefined
    const pointAt = (offset: number): Point => {
      lineStarts ??= lineStartsOf(source)
      const row = lineAt(lineStarts, offset)
      return { row, column: offset - (lineStarts[row] ?? 0) }
    }
    return {
      source,
      errorCount: () => (knownErrors ??= countErrors(tree)),
      nodes: (span) => collectNodes(tree, span, grammar),
      outline: (enters) => collectOutline(tree, grammar, enters),
      edit: (next, edits) => {
        const old = tree.copy()
        try {
          applyEdits(old, next, edits, pointAt)
          return handle(parse(next, old), next)
        } finally {
          old.delete()
        }
      },
      parsesAsWellWith: (span, replacement) => {
        const errors = (knownErrors ??= countErrors(tree))
        const next = spliced(source, span, replacement)
        const old = tree.copy()
        let parsed: Tree | undefined
        try {
          const end = span.start + replacement.length
          old.edit(editOf(span, end, pointAt(span.start), pointAt(span.end), pointIn(replacement, pointAt(span.start))))
          parsed = parseFrom(next, old)
          return countErrors(parsed) <= errors
        } finally {
          parsed?.delete()
          old.delete()
        }
      },
      release: () => tree.delete()
    }
  }
  return { parse: (source) => handle(parse(source), source) }
}

/** Text goes to the parser in pieces, so that an incremental parse copies only what it reads. */
const pieceLength = 1024

interface Grammar {
  readonly types: ReadonlyArray<string>
  readonly isNamed: Uint8Array
  readonly fields: ReadonlyArray<string | null>
}

/** Reads the text with `span` replaced, piece by piece, without building it. */
const spliced = (source: string, span: Span, replacement: string) => {
  const middleEnd = span.start + replacement.length
  return (index: number): string => {
    if (index < span.start) return source.slice(index, Math.min(index + pieceLength, span.start))
    if (index < middleEnd) return replacement.slice(index - span.start, index - span.start + pieceLength)
    const at = index - middleEnd + span.end
    return source.slice(at, at + pieceLength)
  }
}

/** Applies edits from the last to the first, so that the positions of each are those of the old text. */
const applyEdits = (
  tree: Tree,
  next: string,
  edits: ReadonlyArray<TextEdit>,
  pointAt: (offset: number) => Point
): void => {
  for (let index = edits.length - 1; index >= 0; index--) {
    const edit = edits[index]
    if (edit === undefined) continue
    const start = pointAt(edit.old.start)
    const text = next.slice(edit.new.start, edit.new.end)
    tree.edit(editOf(edit.old, edit.old.start + text.length, start, pointAt(edit.old.end), pointIn(text, start)))
  }
}

const editOf = (old: Span, newEnd: number, start: Point, oldEnd: Point, newEndPoint: Point) =>
  new Edit({
    startIndex: old.start,
    oldEndIndex: old.end,
    newEndIndex: newEnd,
    startPosition: start,
    oldEndPosition: oldEnd,
    newEndPosition: newEndPoint
  })

/** Returns the point at the end of a text that starts at `start`. */
const pointIn = (text: string, start: Point): Point => {
  let row = start.row
  let last = -1
  for (let index = text.indexOf("\n"); index !== -1; index = text.indexOf("\n", index + 1)) {
    row++
    last = index
  }
  return { row, column: last === -1 ? start.column + text.length : text.length - last - 1 }
}

const countErrors = (tree: Tree): number => {
  if (!tree.rootNode.hasError) return 0
  const cursor = tree.walk()
  let errors = 0
  for (let depth = 0; depth >= 0;) {
    const node = cursor.currentNode
    if (node.isError || node.isMissing) errors++
    if (node.hasError && cursor.gotoFirstChild()) {
      depth++
      continue
    }
    while (depth >= 0 && !cursor.gotoNextSibling()) {
      cursor.gotoParent()
      depth--
    }
  }
  cursor.delete()
  return errors
}

/** Returns what writes the rows of one pass into the columns of the thread. */
const collector = (tree: Tree, grammar: Grammar) => {
  const cursor = tree.walk()
  const mayBeBroken = tree.rootNode.hasError
  const columns = scratch
  columns.count = 0
  const type: Array<string> = []
  const field: Array<string | null> = []
  /** Writes the node of the cursor into a row, and tells whether the grammar names it. */
  const take = (above: number, start: number, end: number): boolean => {
    const row = columns.count++
    if (row >= columns.capacity) growColumns(columns)
    const typeId = cursor.nodeTypeId
    const isError = typeId === errorTypeId
    const isNamed = isError || grammar.isNamed[typeId] === 1
    type.push(isError ? "ERROR" : grammar.types[typeId] ?? "ERROR")
    field.push(grammar.fields[cursor.currentFieldId] ?? null)
    columns.start[row] = start
    columns.end[row] = end
    columns.parent[row] = above
    columns.isNamed[row] = isNamed ? 1 : 0
    columns.isBroken[row] = isError || (mayBeBroken && cursor.nodeIsMissing) ? 1 : 0
    columns.isLeaf[row] = 1
    return isNamed
  }
  const finish = (): SyntaxNodes => {
    cursor.delete()
    const { count } = columns
    return {
      count,
      type,
      field,
      start: columns.start.slice(0, count),
      end: columns.end.slice(0, count),
      parent: columns.parent.slice(0, count),
      isNamed: columns.isNamed.slice(0, count),
      isBroken: columns.isBroken.slice(0, count),
      isLeaf: columns.isLeaf.slice(0, count)
    }
  }
  return { columns, cursor, type, take, finish }
}

/** Collects nodes in one pass of a cursor over the children of the nodes that are entered. */
const collectOutline = (
  tree: Tree,
  grammar: Grammar,
  enters: (type: string, parentType: string) => boolean
): SyntaxNodes => {
  const { columns, cursor, finish, take, type } = collector(tree, grammar)
  let above = -1
  for (;;) {
    const row = columns.count
    const isNamed = take(above, cursor.startIndex, cursor.endIndex)
    const isEntered = row === 0 || (isNamed && enters(type[row] ?? "", type[above] ?? ""))
    if (isEntered && cursor.gotoFirstChild()) {
      columns.isLeaf[row] = 0
      above = row
      continue
    }
    while (above >= 0 && !cursor.gotoNextSibling()) {
      cursor.gotoParent()
      above = columns.parent[above] ?? -1
    }
    if (above < 0) return finish()
  }
}

/**
 * Collects nodes in one pass of a cursor over what touches the span. Every call into WebAssembly costs time here, so
 * none is made twice.
 */
const collectNodes = (tree: Tree, span: Span, grammar: Grammar): SyntaxNodes => {
  const { columns, cursor, finish, take: takeRow } = collector(tree, grammar)
  let depth = 0
  /** Writes the node of the cursor into a row, and tells whether the cursor went down to its first child. */
  const take = (above: number, start: number, end: number): boolean => {
    const row = columns.count
    const isNamed = takeRow(above, start, end)
    // A token that the grammar does not name is its own text, so it has no children.
    const hasChildren = isNamed && (start < span.start ? enterNear(cursor, span.start, depth) : cursor.gotoFirstChild())
    columns.isLeaf[row] = hasChildren ? 0 : 1
    return hasChildren
  }
  // A loop, not a recursion: a file may nest deeper than the stack.
  let above = -1
  let isInside = take(above, cursor.startIndex, cursor.endIndex)
  if (isInside) {
    above = 0
    depth = 1
  }
  while (isInside) {
    const start = cursor.startIndex
    let isPast = start > span.end
    if (!isPast) {
      const end = cursor.endIndex
      const row = columns.count
      if (end >= span.start && take(above, start, end)) {
        above = row
        depth++
        continue
      }
    }
    while (isPast || !cursor.gotoNextSibling()) {
      cursor.gotoParent()
      above = columns.parent[above] ?? -1
      depth--
      isPast = false
      if (above < 0) {
        isInside = false
        break
      }
    }
  }
  return finish()
}

/**
 * Enters the first child that reaches past `offset`, or the first child of all where every one ends before it. The
 * cursor's own way of skipping children may stay where it is but claim to have moved, or land a level too deep
 * (web-tree-sitter 0.27.1), so its depth is checked.
 */
const enterNear = (cursor: TreeCursor, offset: number, depth: number): boolean => {
  // Telling its depth takes the cursor as many steps as it is deep.
  if (depth > deepest) return cursor.gotoFirstChild()
  cursor.gotoFirstChildForIndex(offset)
  let now = cursor.currentDepth
  if (now === depth) return cursor.gotoFirstChild()
  for (; now > depth + 1; now--) cursor.gotoParent()
  return true
}

/** Below this depth the cursor steps over children one by one. */
const deepest = 200

/** The type id of error nodes, which no grammar lists. */
const errorTypeId = 0xffff

/** Columns that every pass of this thread fills before it copies what it needs. */
const scratch = {
  capacity: 0,
  count: 0,
  start: new Int32Array(0),
  end: new Int32Array(0),
  parent: new Int32Array(0),
  isNamed: new Uint8Array(0),
  isBroken: new Uint8Array(0),
  isLeaf: new Uint8Array(0)
}

const growColumns = (columns: typeof scratch): void => {
  const capacity = Math.max(4096, columns.capacity * 2)
  const grown = <A extends Int32Array | Uint8Array>(fresh: A, old: A): A => {
    fresh.set(old)
    return fresh
  }
  columns.capacity = capacity
  columns.start = grown(new Int32Array(capacity), columns.start)
  columns.end = grown(new Int32Array(capacity), columns.end)
  columns.parent = grown(new Int32Array(capacity), columns.parent)
  columns.isNamed = grown(new Uint8Array(capacity), columns.isNamed)
  columns.isBroken = grown(new Uint8Array(capacity), columns.isBroken)
  columns.isLeaf = grown(new Uint8Array(capacity), columns.isLeaf)
}
