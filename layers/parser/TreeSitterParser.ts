/**
 * Parser over web-tree-sitter. Positions are UTF-16 units, as everywhere. Trees live in WebAssembly memory, which no
 * garbage collector sees, so each is released by its owner.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Edit, Language, Parser as TreeSitter, type Point, type Range, type Tree } from "web-tree-sitter"
import {
  GrammarUnavailable,
  type LanguageParser,
  Parser,
  ParserGaveUp,
  type SyntaxTree,
  type TextEdit
} from "../../services/Parser.ts"
import { lineAt, lineStartsOf, type Span } from "../../services/text/span.ts"
import type { Grammar } from "./columns.ts"
import { grammarFile } from "./grammars.ts"
import { collectNodes, countErrors, startTreeSitter } from "./tree-memory.ts"

const make = (longestParseMillis: number) =>
  Effect.sync(() => {
    const opened = new Map<string, Promise<LanguageParser>>()

    const load = async (file: string): Promise<LanguageParser> =>
      languageParser(await loadLanguage(file), longestParseMillis)

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

/** Grammars by their files: what one takes of the library's memory is never given back, so each is loaded once. */
const loaded = new Map<string, Promise<Language>>()

const loadLanguage = (file: string): Promise<Language> => {
  const loading = loaded.get(file) ?? startTreeSitter().then(() => Language.load(file))
  loaded.set(file, loading)
  return loading
}

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
  const parseFrom = (read: (index: number) => string, old: Tree | null, includedRanges: Array<Range> = []): Tree => {
    try {
      const end = performance.now() + longestParseMillis
      const tree = parser.parse(read, old, { includedRanges, progressCallback: () => performance.now() > end })
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
  const parse = (source: string, old: Tree | null = null, ranges?: Array<Range>): Tree =>
    parseFrom((index) => source.slice(index, index + pieceLength), old, ranges)
  const handle = (tree: Tree, source: string): SyntaxTree => {
    let knownErrors: number | undefined
    const pointAt = pointsOf(source)
    return {
      source,
      errorCount: () => (knownErrors ??= countErrors(tree)),
      nodes: (span) => collectNodes(tree, span, grammar),
      outline: (enters) =>
        collectNodes(tree, wholeText, grammar, ({ type }, row, above) => enters(type[row] ?? "", type[above] ?? "")),
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
  return {
    parse: (source) => handle(parse(source), source),
    parseParts: (source, parts) => handle(parse(source, null, rangesOf(source, parts)), source),
    errorsIn: (source) => {
      const tree = parse(source)
      try {
        return countErrors(tree)
      } finally {
        tree.delete()
      }
    }
  }
}

/** Returns what tells the line and column of an offset; the lines are found when it is first asked. */
const pointsOf = (source: string) => {
  let lineStarts: ReadonlyArray<number> | undefined
  return (offset: number): Point => {
    lineStarts ??= lineStartsOf(source)
    const row = lineAt(lineStarts, offset)
    return { row, column: offset - (lineStarts[row] ?? 0) }
  }
}

const rangesOf = (source: string, parts: ReadonlyArray<Span>): Array<Range> => {
  const pointAt = pointsOf(source)
  return parts.map(({ end, start }) => ({
    startIndex: start,
    endIndex: end,
    startPosition: pointAt(start),
    endPosition: pointAt(end)
  }))
}

/** Text goes to the parser in pieces, so that an incremental parse copies only what it reads. */
const pieceLength = 1024

const wholeText: Span = { start: 0, end: Number.MAX_SAFE_INTEGER }

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
