/**
 * Parser over web-tree-sitter. Positions are UTF-16 units, as everywhere; trees live in WebAssembly memory,
 * which no collector sees, so each is released by its owner.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Edit, Language, Parser as TreeSitter, type Point, type Tree, type TreeCursor } from "web-tree-sitter"
import { GrammarUnavailable, type LanguageParser, Parser, type SyntaxNodes, type SyntaxTree, type TextEdit } from "../../services/Parser.ts"
import { lineAt, lineStartsOf, type Span } from "../../services/span.ts"
import { grammarFile } from "./grammars.ts"

const make = Effect.sync(() => {
  let started: Promise<void> | undefined
  const opened = new Map<string, Promise<LanguageParser>>()

  const load = async (file: string): Promise<LanguageParser> => {
    await (started ??= TreeSitter.init())
    return languageParser(await Language.load(file))
  }

  const open: Parser["Type"]["open"] = Effect.fn("Parser.open")(function*(language) {
    const known = opened.get(language)
    const unavailable = (detail: string) => new GrammarUnavailable({ language, detail })
    const loading = known ?? (yield* Effect.try({
      try: () => {
        const file = grammarFile(language)
        return file === undefined ? undefined : load(file)
      },
      catch: (cause) => unavailable(`its package is not installed (${cause})`)
    }))
    if (loading === undefined) return yield* unavailable("there is none; the language is cut by lines")
    opened.set(language, loading)
    return yield* Effect.tryPromise({ try: () => loading, catch: (cause) => unavailable(String(cause)) })
  })

  return Parser.of({ open })
})

export const layer: Layer.Layer<Parser> = Layer.effect(Parser, make)

const languageParser = (language: Language): LanguageParser => {
  const parser = new TreeSitter()
  parser.setLanguage(language)
  const grammar: Grammar = {
    types: Array.from({ length: language.nodeTypeCount }, (_, id) => language.nodeTypeForId(id) ?? "ERROR"),
    fields: Array.from({ length: language.fieldCount + 1 }, (_, id) => id === 0 ? null : language.fieldNameForId(id))
  }
  const parse = (source: string, old: Tree | null = null): Tree => {
    const tree = parser.parse((index) => source.slice(index, index + pieceLength), old)
    if (tree === null) throw new Error("the parser gave no tree although it has a language and no deadline")
    return tree
  }
  const handle = (tree: Tree, source: string): SyntaxTree => {
    let lineStarts: ReadonlyArray<number> | undefined
    const pointAt = (offset: number): Point => {
      lineStarts ??= lineStartsOf(source)
      const row = lineAt(lineStarts, offset)
      return { row, column: offset - (lineStarts[row] ?? 0) }
    }
    return {
      source,
      errorCount: () => countErrors(tree),
      nodes: (span) => collectNodes(tree, span, grammar),
      edit: (next, edits) => {
        const old = tree.copy()
        try {
          applyEdits(old, next, edits, pointAt)
          return handle(parse(next, old), next)
        } finally {
          old.delete()
        }
      },
      errorCountWith: (span, replacement) => {
        const next = spliced(source, span, replacement)
        const old = tree.copy()
        let parsed: Tree | undefined
        try {
          const end = span.start + replacement.length
          old.edit(editOf(span, end, pointAt(span.start), pointAt(span.end), pointIn(replacement, pointAt(span.start))))
          parsed = parser.parse(next, old) ?? undefined
          return parsed === undefined ? 1 : countErrors(parsed)
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

/** Edits from the last to the first, so that each is told in positions of a text that starts like the old one. */
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

/** The point at the end of a text that starts at `start`. */
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
  const visit = () => {
    const node = cursor.currentNode
    if (node.isError || node.isMissing) errors++
    if (!node.hasError || !cursor.gotoFirstChild()) return
    do visit()
    while (cursor.gotoNextSibling())
    cursor.gotoParent()
  }
  visit()
  cursor.delete()
  return errors
}

/** One pass of a cursor over what touches the span. */
const collectNodes = (tree: Tree, span: Span, grammar: Grammar): SyntaxNodes => {
  const cursor = tree.walk()
  const type: Array<string> = []
  const field: Array<string | null> = []
  const start: Array<number> = []
  const end: Array<number> = []
  const parent: Array<number> = []
  const flags: Array<number> = []
  const visit = (above: number): void => {
    const row = type.length
    const typeId = cursor.nodeTypeId
    const isError = typeId === 0xffff
    type.push(isError ? "ERROR" : grammar.types[typeId] ?? "ERROR")
    field.push(grammar.fields[cursor.currentFieldId] ?? null)
    start.push(cursor.startIndex)
    end.push(cursor.endIndex)
    parent.push(above)
    flags.push(flagsOf(cursor, isError))
    if (!enterAt(cursor, span.start)) {
      flags[row] = (flags[row] ?? 0) | 4
      return
    }
    do {
      if (cursor.startIndex > span.end) break
      if (cursor.endIndex >= span.start) visit(row)
    } while (cursor.gotoNextSibling())
    cursor.gotoParent()
  }
  visit(-1)
  cursor.delete()
  const bit = (mask: number) => Uint8Array.from(flags, (flag) => (flag & mask) === 0 ? 0 : 1)
  return {
    count: type.length,
    type,
    field,
    start: Int32Array.from(start),
    end: Int32Array.from(end),
    parent: Int32Array.from(parent),
    isNamed: bit(1),
    isBroken: bit(2),
    isLeaf: bit(4)
  }
}

const enterAt = (cursor: TreeCursor, offset: number): boolean =>
  offset === 0 ? cursor.gotoFirstChild() : cursor.gotoFirstChildForIndex(offset) || cursor.gotoFirstChild()

const flagsOf = (cursor: TreeCursor, isError: boolean): number =>
  (cursor.nodeIsNamed ? 1 : 0) | (isError || cursor.nodeIsMissing ? 2 : 0)
