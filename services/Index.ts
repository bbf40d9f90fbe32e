/**
 * Index: what a project holds besides the file at hand, ready to be asked at every cut or keystroke. Training and
 * serving ask the same `context`. It is synchronous, because it is called in the innermost loops of worker threads.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { JobFailed, WorkerLost } from "./Compute.ts"
import type { ContextStyle } from "./formats/context-style.ts"
import type { Ledger } from "./rows/ledger.ts"
import type { GrammarUnavailable } from "./Parser.ts"

export class Index extends Context.Tag("retrace/Index")<Index, {
  /** Makes an index of no files. Each call makes another one. */
  readonly make: (options: IndexOptions) => Effect.Effect<ProjectIndex>
}>() {}

export interface IndexOptions {
  /**
   * How BM25 weighs terms: as Lucene does, never below zero, or as rank_bm25's Okapi class, where a term that most
   * chunks hold weighs a quarter of the mean.
   */
  readonly weighting: "lucene" | "okapi"
}

/** One file of a project; `path` is relative to its root, with "/". */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/**
 * The index of one project. What it answers depends on the files it holds and on nothing else: neither the order in
 * which they came, nor what they were before.
 */
export interface ProjectIndex {
  readonly size: () => { readonly files: number; readonly chunks: number }
  /**
   * Takes many files in, on all threads of Compute. A path that it holds is replaced, or left as it is when its text is
   * the same. The ledger counts "files".
   */
  readonly add: (
    files: ReadonlyArray<SourceFile>,
    onProgress?: (done: number, of: number) => Effect.Effect<void>
  ) => Effect.Effect<Ledger, JobFailed | WorkerLost>
  /** Takes one file in, or out again when it is no source file; in time linear in the file. */
  readonly update: (file: SourceFile) => Effect.Effect<void, GrammarUnavailable>
  /** Forgets a file; a path that it does not hold is none to forget. */
  readonly remove: (path: string) => void
  readonly context: (request: ContextRequest) => ContextAnswer
  /** Merges what updates left in the lexical index. Answers stay the same; for idle moments. */
  readonly compact: () => void
  /** All that the index holds, to be read back by `restore`; about twice the size of the sources. */
  readonly save: () => Uint8Array
  /** Fills an empty index from `save`; false, and still empty, when the bytes are not whole or of another version. */
  readonly restore: (bytes: Uint8Array) => boolean
  readonly has: (path: string) => boolean
  /** The path of the file that most likely holds this text around a cursor, for who does not know; or undefined. */
  readonly locate: (prefix: string, suffix: string) => string | undefined
  /** Paths of all it holds, configuration files among them, in order. */
  readonly paths: () => ReadonlyArray<string>
}

/** Signatures of what the file imports, inherits and mentions; or stretches of code like that at the cursor. */
export type ContextSource = "signatures" | "chunks"

/** UTF-16 units of a context where nobody says otherwise: the same in training and serving. */
export const defaultContextBudget = 4096

/** A place in a file. The text between prefix and suffix, the answer, is not part of the question. */
export interface ContextRequest {
  readonly path: string
  /** Other paths of the same file, such as the one before a rename; nothing is taken from them either. */
  readonly aliases: ReadonlyArray<string>
  /** All of the file before the place, and all behind it. */
  readonly prefix: string
  readonly suffix: string
  /** UTF-16 units of the context at the most, headers counted. */
  readonly budget: number
  readonly sources: ReadonlyArray<ContextSource>
  readonly style: ContextStyle
}

export interface ContextAnswer {
  /** "" when nothing fits, otherwise whole snippets, each file under its header, ending with a line end. */
  readonly text: string
  /** What the text is made of, in its order. */
  readonly snippets: ReadonlyArray<ContextSnippet>
}

export interface ContextSnippet {
  readonly path: string
  readonly source: ContextSource
  /** First and last line in the file, from 1. */
  readonly startLine: number
  readonly endLine: number
  readonly text: string
  readonly score: number
  /** Why it is there, in words. */
  readonly reason: string
}
