/**
 * The trees of a path's versions, one after the other. Of a long version only the window around its change is parsed;
 * any other is parsed again only where it differs from the last.
 */
import { windowAround } from "../../services/cuts/window.ts"
import type { LanguageParser, SyntaxNodes, SyntaxTree, TextEdit } from "../../services/Parser.ts"
import type { Span } from "../../services/text/span.ts"
import { type FileParser, wholeFileParser } from "./judge.ts"

/** One version of a file. */
export interface Version {
  /** Ids of what was there before, or null, and of what is there now. */
  readonly oldBlob: string | null
  readonly newBlob: string
  readonly language: string
  readonly before: string
  readonly after: string
  readonly edits: ReadonlyArray<TextEdit>
}

/** What is seen of a version, until the next one is looked at. */
export interface VersionView {
  /** The nodes that reach into a span, which must lie in one that was asked for, and all their ancestors. */
  readonly nodes: (span: Span) => SyntaxNodes
  readonly parser: FileParser
}

/** The versions of one path. Release them when the last one was looked at. */
export interface Versions {
  /** Looks at some spans of a version, which are in order. */
  readonly look: (version: Version, parser: LanguageParser, spans: ReadonlyArray<Span>) => VersionView
  readonly release: () => void
}

/** From this length on a version is seen through a window, in UTF-16 units; below, its tree costs no more than that. */
const long = 24_000

export const openVersions = (): Versions => {
  let last: { readonly blob: string; readonly language: string; readonly tree: SyntaxTree } | undefined
  /** Released when the next version is looked at. */
  const shown: Array<{ readonly release: () => void }> = []
  const releaseShown = () => {
    for (const tree of shown.splice(0)) tree.release()
  }

  const lookThrough = ({ after, language }: Version, parser: LanguageParser, spans: ReadonlyArray<Span>) => {
    const parts = after.length < long ? undefined : windowAround(after, spans, language)
    if (parts === undefined) return undefined
    const tree = parser.parseParts(after, parts)
    shown.push(tree)
    // An error says that the window, or the file, is not what it looks like.
    if (tree.errorCount() > 0) return undefined
    let whole: SyntaxTree | undefined
    const parsesAsWellWith: FileParser["parsesAsWellWith"] = (span, replacement) => {
      if (whole === undefined) shown.push(whole = parser.parse(after))
      return whole.parsesAsWellWith(span, replacement)
    }
    const { errorsIn } = parser
    const textOf = (start: number, end: number) => textWithin(after, parts, start, end)
    const view: VersionView = { nodes: tree.nodes, parser: { errorsIn, parsesAsWellWith, textOf } }
    return view
  }

  const advance = (version: Version, parser: LanguageParser): VersionView => {
    const { after, before, edits, language, newBlob, oldBlob } = version
    const known = last !== undefined && last.blob === oldBlob && last.language === language &&
        last.tree.source === before
      ? last.tree
      : undefined
    let tree = known?.edit(after, edits) ?? parser.parse(after)
    if (known !== undefined && isSampled(newBlob)) {
      const fresh = parser.parse(after)
      if (fresh.errorCount() === tree.errorCount()) fresh.release()
      else {
        tree.release()
        tree = fresh
      }
    }
    last?.tree.release()
    last = { blob: newBlob, language, tree }
    return { nodes: tree.nodes, parser: wholeFileParser(parser, tree) }
  }

  return {
    look: (version, parser, spans) => {
      releaseShown()
      return lookThrough(version, parser, spans) ?? advance(version, parser)
    },
    release: () => {
      releaseShown()
      last?.tree.release()
      last = undefined
    }
  }
}

/** One re-parsed version in 64 is compared with a fresh parse; a chain that went astray starts again from that. */
const isSampled = (blob: string): boolean => Number.parseInt(blob.slice(0, 2), 16) < 4

/** What lies between two offsets of a text and in one of its parts. */
const textWithin = (text: string, parts: ReadonlyArray<Span>, start: number, end: number): string => {
  let within = ""
  for (const part of parts) {
    if (part.start < end && part.end > start) within += text.slice(Math.max(start, part.start), Math.min(end, part.end))
  }
  return within
}
