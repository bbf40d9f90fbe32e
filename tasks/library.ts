/** The package's one export: the tasks' programs as plain async functions and as Effects. */
import { availableParallelism } from "node:os"
import { resolve } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import packageJson from "../package.json" with { type: "json" }
import * as WorkerCompute from "../layers/compute/WorkerCompute.ts"
import * as SimpleGit from "../layers/git/SimpleGit.ts"
import * as MemoryIndex from "../layers/index/MemoryIndex.ts"
import * as ForkServerSandbox from "../layers/sandbox/ForkServerSandbox.ts"
import * as PtySandbox from "../layers/sandbox/PtySandbox.ts"
import { findProgram } from "../layers/sandbox/vim-program.ts"
import * as TreeSitterParser from "../layers/parser/TreeSitterParser.ts"
import * as JsonlWriter from "../layers/writer/JsonlWriter.ts"
import { renderCast } from "../services/cast.ts"
import type { FormatName } from "../services/formats/format-name.ts"
import { type ContextAnswer, type ContextSource, defaultContextBudget } from "../services/Index.ts"
import { parseKeys } from "../services/keys.ts"
import type { Ledger } from "../services/ledger.ts"
import type { Outcome } from "../services/outcome.ts"
import {
  type Attempt,
  defaultLimits,
  Sandbox,
  type SandboxLimits,
  type SandboxUnavailable
} from "../services/Sandbox.ts"
import { type GenerateChoices, resolveSettings } from "./generate/request.ts"
import * as Run from "./generate/run.ts"
import { readIncludeFingerprint } from "./generate/include-paths.ts"
import { readTokenizerFingerprint } from "./generate/tokenizer-file.ts"
import { styleNamed } from "../services/formats/context-style.ts"
import { type LintseqChoices, resolveSettings as resolveLintseq } from "./lintseq/request.ts"
import {
  lintseq as runLintseq,
  type LintseqEvent,
  type LintseqInput,
  type LintseqOutcome,
  type LintseqRequest,
  lintseqRows
} from "./lintseq/run.ts"
import { openWorkspace } from "./shared/workspace.ts"

export interface GenerateOptions extends GenerateChoices {
  /** Paths or clone URLs. */
  readonly repositories: ReadonlyArray<string>
  /** Folder for the dataset; "./dataset" when left out. */
  readonly output?: string
  readonly resume?: boolean
  readonly overwrite?: boolean
  readonly concurrency?: number
  /** Bytes of rows held in memory before they go to disk. */
  readonly bufferBytes?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (event: Run.ProgressEvent) => void
}

export interface GenerateResult {
  readonly directory: string
  /** Rows by file name. */
  readonly files: Readonly<Record<string, number>>
  readonly ledger: Ledger
}

const requestOf = Effect.fnUntraced(function*(options: GenerateOptions) {
  const tokenizer = options.tokenizer === undefined ? undefined : resolve(options.tokenizer)
  const includePaths = options.includePaths?.map((folder) => resolve(folder))
  const { settings } = yield* resolveSettings({ ...options, tokenizer, includePaths })
  const request: Run.GenerateRequest = {
    repositories: options.repositories,
    settings,
    output: resolve(options.output ?? "./dataset"),
    resume: options.resume ?? false,
    overwrite: options.overwrite ?? false,
    bufferBytes: options.bufferBytes ?? 16 * 1024 * 1024,
    rejected: null,
    version: packageJson.version,
    tokenizerFingerprint: yield* readTokenizerFingerprint(settings.tokenizer),
    includeFingerprint: yield* readIncludeFingerprint(settings.context?.includePaths ?? [])
  }
  return request
})

const layersOf = (options: { readonly concurrency?: number }) =>
  Layer.mergeAll(
    SimpleGit.layer,
    JsonlWriter.layer,
    WorkerCompute.layer({
      worker: new URL("./worker.mjs", import.meta.url),
      concurrency: options.concurrency ?? availableParallelism()
    })
  ).pipe(Layer.provideMerge(Layer.mergeAll(NodeFileSystem.layer, NodePath.layer)))

const listenerOf = (options: GenerateOptions) => (event: Run.ProgressEvent) =>
  Effect.sync(() => options.onProgress?.(event))

/** Generates a dataset: the Effect form, with its layers provided and its failures typed. */
export const generateEffect = (options: GenerateOptions) =>
  Effect.flatMap(requestOf(options), (request) => Run.generate(request, listenerOf(options))).pipe(
    Effect.provide(layersOf(options))
  )

/** Generates a dataset. Rejects with the tagged error whose `message` says what to do. */
export const generate = (options: GenerateOptions): Promise<GenerateResult> =>
  settle(generateEffect(options), options.signal)

/** Rejects with the failure itself rather than with a wrapper around it. */
const settle = async <A, E>(effect: Effect.Effect<A, E>, signal: AbortSignal | undefined): Promise<A> => {
  const result = await Effect.runPromise(Effect.either(effect), signal === undefined ? {} : { signal })
  if (result._tag === "Left") throw result.left
  return result.right
}

const untilAborted = (signal: AbortSignal | undefined): Effect.Effect<never> =>
  Effect.async<never>((resume) => {
    signal?.addEventListener("abort", () => resume(Effect.interrupt), { once: true })
  })

/** Gives the rows of a dataset one by one without touching the disk, twins among them. */
export async function* examples(options: GenerateOptions): AsyncGenerator<unknown> {
  const rows = Stream.unwrap(
    Effect.map(requestOf(options), (request) => Run.examples(request, listenerOf(options)))
  ).pipe(
    Stream.map((record): unknown => JSON.parse(new TextDecoder().decode(record.json))),
    Stream.provideLayer(layersOf(options)),
    Stream.interruptWhen(untilAborted(options.signal))
  )
  yield* Stream.toAsyncIterable(rows)
}

export interface LintseqOptions extends LintseqChoices {
  /** Path of JSON Lines; or else a folder, or a repository as path or URL. */
  readonly input?: string
  readonly directory?: string
  readonly repository?: string
  /** Revision of the repository; HEAD when left out. */
  readonly rev?: string
  /** With a repository: the newest so many commits of each file as coarse edits. */
  readonly historyCommits?: number
  /** Only so many rows of `input`, drawn at random. */
  readonly samples?: number
  readonly concurrency?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (event: LintseqEvent) => void
}

export interface LintseqFileOptions extends LintseqOptions {
  /** File for the rows; "./edits.jsonl" when left out. */
  readonly output?: string
  /** File for what was left out. */
  readonly rejected?: string
  readonly resume?: boolean
  readonly overwrite?: boolean
}

const lintseqRequestOf = Effect.fnUntraced(function*(options: LintseqOptions) {
  const { directory, historyCommits, repository } = options
  const rev = options.rev ?? "HEAD"
  const input: LintseqInput = repository !== undefined
    ? historyCommits === undefined
      ? { _tag: "revision", location: repository, rev }
      : { _tag: "history", location: repository, rev, maxCommits: historyCommits }
    : directory !== undefined
    ? { _tag: "folder", path: resolve(directory) }
    : { _tag: "rows", path: resolve(options.input ?? ""), samples: options.samples ?? null }
  const request: LintseqRequest = {
    input,
    settings: yield* resolveLintseq(options),
    version: packageJson.version
  }
  return request
})

const lintseqListenerOf = ({ onProgress }: LintseqOptions) => (event: LintseqEvent) =>
  Effect.sync(() => onProgress?.(event))

/** Turns programs into a file of edit paths. Rejects with the tagged error whose `message` says what to do. */
export const lintseq = (options: LintseqFileOptions): Promise<LintseqOutcome> =>
  settle(
    Effect.gen(function*() {
      const keepRejected = options.rejected !== undefined
      return yield* runLintseq(yield* lintseqRequestOf({ ...options, keepRejected }), {
        output: { path: resolve(options.output ?? "./edits.jsonl") },
        rejected: options.rejected === undefined ? null : resolve(options.rejected),
        resume: options.resume ?? false,
        overwrite: options.overwrite ?? false,
        bufferBytes: 256 * 1024
      }, lintseqListenerOf(options))
    }).pipe(Effect.provide(layersOf(options))),
    options.signal
  )

/** Gives edit paths row by row without touching the disk. */
export async function* editPaths(options: LintseqOptions): AsyncGenerator<unknown> {
  const decoder = new TextDecoder()
  const rows = Stream.unwrap(
    Effect.map(lintseqRequestOf(options), (request) => lintseqRows(request, lintseqListenerOf(options)))
  ).pipe(
    Stream.mapConcat(({ rows }) => decoder.decode(rows).split("\n").filter((line) => line !== "")),
    Stream.map((line): unknown => JSON.parse(line)),
    Stream.provideLayer(layersOf(options)),
    Stream.interruptWhen(untilAborted(options.signal))
  )
  yield* Stream.toAsyncIterable(rows)
}

export interface VimOptions {
  /** What confines Vim; bubblewrap where it is installed, else Vim's restricted mode, when left out. */
  readonly sandbox?: "bubblewrap" | "pty"
  readonly concurrency?: number
  /** What one attempt may use up; the rest is as by default. */
  readonly limits?: Partial<SandboxLimits>
}

/** A text, and keystrokes in the canonical notation ("x<Esc>"). */
export interface VimAttempt {
  readonly source: string
  readonly keys: string
}

export interface RecordingOptions extends VimAttempt {
  readonly columns?: number
  readonly rows?: number
  /** Seconds from key to key. */
  readonly interval?: number
  readonly version?: 2 | 3
}

export interface Vim {
  /** Types keystrokes into a text. Rejects only for keys that are none and a sandbox that does not start. */
  readonly type: (attempt: VimAttempt) => Promise<Outcome>
  /** Does the same with many at once; outcomes come in the order of the attempts. */
  readonly typeAll: (attempts: ReadonlyArray<VimAttempt>) => Promise<ReadonlyArray<Outcome>>
  /** Gives an asciicast of what Vim draws while the keys are typed. */
  readonly record: (options: RecordingOptions) => Promise<string>
  readonly close: () => Promise<void>
}

const readAttempt = ({ keys, source }: VimAttempt): Attempt => ({
  source,
  keys: Either.getOrThrowWith(
    parseKeys(keys),
    ({ detail, offset }) => new Error(`Cannot read keys at ${offset}: ${detail}`)
  )
})

/** Opens a sandboxed Vim that keystrokes are typed into: what keys and record do. Close it at the end. */
export const openVim = async (options: VimOptions = {}): Promise<Vim> => {
  const searchPath = process.env["PATH"] ?? ""
  const settings = {
    searchPath,
    concurrency: options.concurrency ?? availableParallelism(),
    limits: { ...defaultLimits, ...options.limits }
  }
  const chosen = options.sandbox ?? (findProgram("bwrap", searchPath) === undefined ? "pty" : "bubblewrap")
  const runtime = ManagedRuntime.make(
    chosen === "pty" ? PtySandbox.layer(settings) : ForkServerSandbox.layerBubblewrap(settings)
  )
  const run = async <A>(use: (sandbox: Sandbox["Type"]) => Effect.Effect<A, SandboxUnavailable>): Promise<A> => {
    const result = await runtime.runPromise(Effect.either(Effect.flatMap(Sandbox, use)))
    if (result._tag === "Left") throw result.left
    return result.right
  }
  await run(() => Effect.void)
  return {
    type: async (attempt) => run((sandbox) => sandbox.run(readAttempt(attempt))),
    typeAll: async (attempts) => run((sandbox) => sandbox.runAll(attempts.map(readAttempt))),
    record: async ({ columns = 80, interval = 0.12, rows = 24, version = 2, ...attempt }) => {
      const recording = await run((sandbox) => sandbox.record(readAttempt(attempt), { columns, rows }))
      return renderCast({ ...recording, version, columns, rows, interval })
    },
    close: () => runtime.dispose()
  }
}

/** The formats by the names of fimgen's library. */
export const FIMFormat = { PSM: "PSM", SPM: "SPM", ZED: "ZED", MIXED: "MIXED" } as const satisfies Record<
  string,
  FormatName
>

export interface BuildOptions {
  readonly maxCommits?: number
  readonly fimFormat?: FormatName
  readonly trainTestSplit?: number
  readonly fileExtensions?: ReadonlyArray<string>
}

/** fimgen's call: `new DatasetBuilder(repository, output).buildKTODataset({ maxCommits, fimFormat })`. */
export class DatasetBuilder {
  readonly repository: string
  readonly output: string

  constructor(repository: string, output = "./dataset") {
    this.repository = repository
    this.output = output
  }

  buildKTODataset(options: BuildOptions = {}): Promise<GenerateResult> {
    return this.#build("kto", options)
  }

  buildDPODataset(options: BuildOptions = {}): Promise<GenerateResult> {
    return this.#build("dpo", options)
  }

  #build(type: "kto" | "dpo", options: BuildOptions): Promise<GenerateResult> {
    return generate({
      repositories: [this.repository],
      output: this.output,
      overwrite: true,
      datasetType: [type],
      maxCommits: options.maxCommits,
      format: options.fimFormat,
      split: options.trainTestSplit,
      extensions: options.fileExtensions
    })
  }
}

export interface ContextOptions {
  /** Folder of the project. */
  readonly root: string
  readonly includePaths?: ReadonlyArray<string>
  /** Name of the only language to index; all when left out. */
  readonly language?: string
  /** Whether changes on disk are followed; they are when left out. */
  readonly watch?: boolean
  readonly concurrency?: number
}

/** A place in a file, and what is wanted of it. */
export interface ContextPlace {
  readonly filepath: string
  /** The text of the file as it is now. */
  readonly content: string
  /** UTF-16 offset of the cursor. */
  readonly offset: number
  readonly budget?: number
  readonly sources?: ReadonlyArray<ContextSource>
  /** A preset whose tokens stand around files; comments when left out. */
  readonly format?: string
}

export interface ProjectContext {
  readonly size: () => { readonly files: number; readonly chunks: number }
  readonly context: (place: ContextPlace) => Promise<ContextAnswer>
  readonly close: () => Promise<void>
}

/** Opens a project for an editor that runs in this process: what `serve-context` answers, without a server. */
export const openContext = async (options: ContextOptions): Promise<ProjectContext> => {
  const compute = WorkerCompute.layer({
    worker: new URL("./worker.mjs", import.meta.url),
    concurrency: options.concurrency ?? availableParallelism()
  })
  const runtime = ManagedRuntime.make(
    MemoryIndex.layer.pipe(
      Layer.provide(Layer.merge(compute, TreeSitterParser.layer)),
      Layer.merge(SimpleGit.layer),
      Layer.provideMerge(Layer.mergeAll(NodeFileSystem.layer, NodePath.layer))
    )
  )
  const scope = Effect.runSync(Scope.make())
  const close = async () => {
    await Effect.runPromise(Scope.close(scope, Exit.void))
    await runtime.dispose()
  }
  const opening = openWorkspace({
    root: resolve(options.root),
    includePaths: (options.includePaths ?? []).map((folder) => resolve(folder)),
    language: options.language ?? null,
    weighting: "lucene",
    isWatched: options.watch ?? true,
    snapshots: null,
    version: packageJson.version
  }, () => Effect.void)
  try {
    const workspace = await runtime.runPromise(Effect.either(Scope.extend(opening, scope)))
    if (workspace._tag === "Left") throw workspace.left
    const { context, pathOf, size } = workspace.right
    return {
      size,
      close,
      context: ({ content, filepath, format, offset, ...asked }) => {
        const path = pathOf(filepath)
        return runtime.runPromise(context(new Map(), {
          path,
          aliases: [],
          prefix: content.slice(0, offset),
          suffix: content.slice(offset),
          budget: asked.budget ?? defaultContextBudget,
          sources: asked.sources ?? ["signatures", "chunks"],
          style: styleNamed(format, path)
        }))
      }
    }
  } catch (cause) {
    await close()
    throw cause
  }
}
