/**
 * Parser: turns source text into syntax trees. Opening a language takes time and may fail; the parser that it gives is
 * synchronous, because it is called in the innermost loops of worker threads.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { ExitCode } from "./faults/exit-code.ts"
import type { Span } from "./text/span.ts"

/** Opens parsers of languages. */
export class Parser extends Context.Tag("retrace/Parser")<Parser, {
  /** Opens the parser of a language by its name; later calls give the same parser back. */
  readonly open: (language: string) => Effect.Effect<LanguageParser, GrammarUnavailable>
}>() {}

/** The parser of one language. */
export interface LanguageParser {
  /**
   * Parses a text in time linear in its length. The tree must be released. All of this parser, `edit` and
   * `parsesAsWellWith` throw ParserGaveUp on a text that the parser cannot take, such as one that needs more memory than there is.
   */
  readonly parse: (source: string) => SyntaxTree
  /**
   * Parses parts of a text as if nothing stood between them; they are in order and apart from one another. Offsets are
   * those of the text. It must be released.
   */
  readonly parseParts: (
    source: string,
    parts: ReadonlyArray<Span>
  ) => Pick<SyntaxTree, "errorCount" | "nodes" | "release">
  /** How many errors a text has, as the `errorCount` of its tree. No tree is kept. */
  readonly errorsIn: (source: string) => number
}

/** The tree of one text. Offsets are UTF-16 units. It is valid until it is released; `edit` leaves it as it was. */
export interface SyntaxTree {
  readonly source: string
  /** How many nodes are errors, or tokens that the parser had to invent; 0 for a text that parses. */
  readonly errorCount: () => number
  /**
   * The nodes that reach into `span`, and all their ancestors, in pre-order from the root. Nodes that merely end where
   * the span starts may or may not be among them, and so may children that lie before the span.
   */
  readonly nodes: (span: Span) => SyntaxNodes
  /**
   * The root, and all children of every node whose type `enters` accepts, in pre-order: the declarations of a file
   * without the bodies below them, at a fraction of the cost of all nodes.
   */
  readonly outline: (enters: (type: string, parentType: string) => boolean) => SyntaxNodes
  /** The tree of `source`, which is what `edits` make of this text, re-parsed only where needed. Release both trees. */
  readonly edit: (source: string, edits: ReadonlyArray<TextEdit>) => SyntaxTree
  /** Whether the whole text would have no more errors than now if `span` were replaced. No tree is kept. */
  readonly parsesAsWellWith: (span: Span, replacement: string) => boolean
  readonly release: () => void
}

/** The span `old` of the old text became the span `new` of the new one. Several are in order and do not overlap. */
export interface TextEdit {
  readonly old: Span
  readonly new: Span
}

/** Nodes as columns: row i is one node. Parents come before their children, and siblings are in order. */
export interface SyntaxNodes {
  readonly count: number
  readonly type: ReadonlyArray<string>
  readonly start: Int32Array
  readonly end: Int32Array
  /** Row of the parent; -1 for the root. */
  readonly parent: Int32Array
  /** 1 for a node that the grammar names, 0 for a token such as "(" or "if". */
  readonly isNamed: Uint8Array
  /** 1 where the node is an error or an invented token. */
  readonly isBroken: Uint8Array
  /** 1 where the node has no children, or none that are shown. */
  readonly isLeaf: Uint8Array
  /** Name of the field that the node fills in its parent, or null. */
  readonly field: ReadonlyArray<string | null>
}

/**
 * Returns how deep the deepest of the nodes stands below the root: what walks a tree upwards takes so many steps for a
 * node at the most.
 *
 * Linear in the nodes, however deep they are.
 */
export const nestingOf = ({ count, parent }: SyntaxNodes): number => {
  const depth = new Int32Array(count)
  let deepest = 0
  for (let row = 1; row < count; row++) {
    const here = (depth[parent[row] ?? 0] ?? 0) + 1
    depth[row] = here
    if (here > deepest) deepest = here
  }
  return deepest
}

/** Why a text is left out in which something stands deeper than the user allows. */
export const nestedTooDeeply = "nested too deeply"

/** A text was too much for the parser; others are not affected. It is thrown, because the parser is synchronous. */
export class ParserGaveUp extends Schema.TaggedError<ParserGaveUp>()("ParserGaveUp", { detail: Schema.String }) {
  override get message() {
    return `Cannot parse the text: ${this.detail}`
  }
}

/** Returns what `work` returns or, when the parser gives up, the reason for which the text is left out. */
export const orGivenUp = <A>(work: () => A): A | "parser gave up" => {
  try {
    return work()
  } catch (cause) {
    if (cause instanceof ParserGaveUp) return "parser gave up"
    throw cause
  }
}

/** The grammar of a language cannot be loaded. */
export class GrammarUnavailable extends Schema.TaggedError<GrammarUnavailable>()("GrammarUnavailable", {
  language: Schema.String,
  detail: Schema.String
}) {
  readonly exitCode = ExitCode.Unavailable
  override get message() {
    return `Cannot load the grammar of "${this.language}": ${this.detail}`
  }
}
