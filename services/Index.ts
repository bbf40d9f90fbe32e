/**
 * Index: knows what a project holds besides the file at hand, and answers at every cut or keystroke. Training and
 * serving call the same `context`, which is synchronous, because it is called in the innermost loops of worker threads.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { JobFailed, WorkerLost } from "./Compute.ts"
import type { ContextStyle } from "./formats/context-style.ts"
import type { Ledger } from "./rows/ledger.ts"
import type { GrammarUnavailable } from "./Parser.ts"

/** Makes indexes of projects. */
export class Index extends Context.Tag("retrace/Index")<Index, {
  /** Makes an index that holds no files. Each call makes another one. */
  readonly make: (options: IndexOptions) => Effect.Effect<ProjectIndex>
}>() {}

/** How an index ranks what it finds. */
export interface IndexOptions {
  /**
   * How BM25 weighs terms: as Lucene does, never below zero, or as rank_bm25's Okapi class does, which gives a term
   * that most chunks hold a quarter of the mean weight.
   */
  readonly weighting: "lucene" | "okapi"
}

/** One file of a project; `path` is relative to its root, with "/". */
export interface SourceFile {
  readonly path: string
  readonly text: string
}

/**
 * The index of one project. Its answers depend only on the files that it holds, neither on the order in which they came
 * nor on what they were before.
 */
export interface ProjectIndex {
  readonly size: () => { readonly files: number; readonly chunks: number }
  /** How much was done since the index was made. */
  readonly work: () => IndexWork
  /**
   * Adds many files, using all threads of Compute. A file that is there already is replaced, or left alone when its
   * text is the same. The ledger counts "files".
   */
  readonly add: (
    files: ReadonlyArray<SourceFile>,
    onProgress?: (done: number, of: number) => Effect.Effect<void>
  ) => Effect.Effect<Ledger, JobFailed | WorkerLost>
  /**
   * Adds or replaces one file, or removes it when it is not a source file; in time linear in the file, of which only
   * what differs is counted anew. A version, such as the id of its blob, is what `recall` knows the text by.
   */
  readonly update: (file: SourceFile, version?: string) => Effect.Effect<void, GrammarUnavailable>
  /**
   * Does what `update` did with a path and version, in time linear in what differs from what is there now; returns
   * false, and does nothing, when it was not told of the version, or let go of it for the room.
   */
  readonly recall: (path: string, version: string) => boolean
  /** Removes a file; a path that is not there changes nothing. */
  readonly remove: (path: string) => void
  /** Returns the code of other files that matters most at a place. */
  readonly context: (request: ContextRequest) => ContextAnswer
  /** Merges what updates left behind in the lexical index. Answers stay the same; call it in idle moments. */
  readonly compact: () => void
  /** Returns all that the index holds, for `restore` to read back; about twice the size of the sources. */
  readonly save: () => Uint8Array
  /**
   * Fills an empty index with what `save` gave; false, and still empty, when the bytes are damaged or of another
   * version.
   */
  readonly restore: (bytes: Uint8Array) => boolean
  readonly has: (path: string) => boolean
  /**
   * Returns the path of the file that most likely holds this text around a cursor, or undefined; for clients that send
   * none.
   */
  readonly locate: (prefix: string, suffix: string) => string | undefined
  /**
   * Returns the definitions of a name by path and place. What is written before it, as in `Basket.add` or `shop::Basket`,
   * counts where it names what holds one of them.
   */
  readonly definitions: (name: string) => ReadonlyArray<DefinedCode>
  /** Returns what a file defines, in the order of its places, or undefined for a file that it does not hold. */
  readonly outline: (path: string) => ReadonlyArray<DefinedName> | undefined
  /** Returns how many lines a file has, or undefined for a file that it does not hold; linear in the file. */
  readonly lines: (path: string) => number | undefined
  /**
   * Returns the stretches of code that share most with some words by BM25, best first, `most` of them at the most. The
   * words may be parts of identifiers; those that no file has find nothing.
   */
  readonly search: (words: string, most: number) => ReadonlyArray<FoundText>
  /** Returns the paths of all files that it holds, configuration files among them, in order. */
  readonly paths: () => ReadonlyArray<string>
}

/** Work that an index has done; what is done once for several files or versions counts once. */
export interface IndexWork {
  /** Versions of files that were read: parsed, and cut into chunks. */
  readonly read: number
  /** Chunks whose terms were counted. */
  readonly counted: number
  /** Versions that came back without being read. */
  readonly recalled: number
}

/** Signatures of what the file imports, inherits and mentions, or stretches of code like that around the cursor. */
export type ContextSource = "signatures" | "chunks"

/** UTF-16 units of a context where nobody asks for another size; the same in training and serving. */
export const defaultContextBudget = 4096

/**
 * UTF-16 units of a file that a prompt is taken to hold beside its context where nobody says so; the same in training and
 * serving.
 */
export const defaultPromptHolds = 4096

/** A place in a file. The text between prefix and suffix is the answer, and not part of the question. */
export interface ContextRequest {
  readonly path: string
  /** Other paths of the same file, such as the one before a rename; nothing is taken from those either. */
  readonly aliases: ReadonlyArray<string>
  /** All text of the file before the place, and all behind it. */
  readonly prefix: string
  readonly suffix: string
  /** The most UTF-16 units that the context may have, headers included. */
  readonly budget: number
  /**
   * UTF-16 units of prefix and suffix together for which the prompt has room beside a context of that length, the answer
   * not counted. Of what lies further away the context shows an outline.
   */
  readonly holds: number
  readonly sources: ReadonlyArray<ContextSource>
  readonly style: ContextStyle
}

/** A context, and what it consists of. */
export interface ContextAnswer {
  /** "" when nothing fits, otherwise whole snippets, each file under its header, ending with a line end. */
  readonly text: string
  /** What the text is made of, in its order. */
  readonly snippets: ReadonlyArray<ContextSnippet>
}

/** A part of a context: lines of one file. */
export interface ContextSnippet {
  readonly path: string
  readonly source: ContextSource
  /** First and last line in the file, from 1. */
  readonly startLine: number
  readonly endLine: number
  readonly text: string
  readonly score: number
  /** Why it is part of the context, in words. */
  readonly reason: string
}

/** A name that a file defines. */
export interface DefinedName {
  readonly path: string
  readonly name: string
  /** "type": has members. "module": only groups. "function" and "value": the rest. */
  readonly kind: "type" | "module" | "function" | "value"
  /** Name of the type or module that holds it, or "". */
  readonly container: string
  /** First and last line in the file, from 1. */
  readonly startLine: number
  readonly endLine: number
  /** Its text up to its body, on one line; a long one is cut. */
  readonly signature: string
}

/** A declaration with all its code, from the start of its first line. */
export interface DefinedCode extends DefinedName {
  readonly text: string
}

/** Lines of a file that were searched for. */
export interface FoundText {
  readonly path: string
  /** First and last line in the file, from 1. */
  readonly startLine: number
  readonly endLine: number
  readonly text: string
  readonly score: number
}
