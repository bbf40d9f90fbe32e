/**
 * One project that is served: its index, the files that it follows, and whose unsaved buffers the index holds at the
 * moment. Several sessions may share it; each sees the disk and its own buffers.
 */
import { tmpdir } from "node:os"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { commentStyle } from "../../services/formats/context-style.ts"
import {
  type ContextAnswer,
  type ContextRequest,
  defaultContextBudget,
  defaultPromptHolds,
  Index,
  type ProjectIndex,
  type SourceFile
} from "../../services/Index.ts"
import { Git } from "../../services/Git.ts"
import type { RelatedExcerpt } from "../../services/next-edit/example.ts"
import { relatedOf } from "../../services/next-edit/related.ts"
import { systemWords } from "../../services/faults/system-words.ts"
import { languageOfPath } from "../../services/text/language.ts"
import { addLedger, type Ledger } from "../../services/rows/ledger.ts"
import { fingerprint } from "../../services/text/random.ts"
import { makeFileNames } from "./file-names.ts"
import { warningLine } from "./dataset-run/git-warnings.ts"
import { turnOfEventLoop } from "./event-loop.ts"
import { prefixOf, readProject, readSource } from "./project-files.ts"
import { watchFolders } from "./watch.ts"

export interface WorkspaceOptions {
  /** Absolute paths. */
  readonly root: string
  readonly includePaths: ReadonlyArray<string>
  /** Only files of this language, or null for all. */
  readonly language: string | null
  readonly weighting: "lucene" | "okapi"
  readonly isWatched: boolean
  /** Folder for snapshots, or null for none. */
  readonly snapshots: string | null
  /** Version of the tool: another one's snapshots are not read. */
  readonly version: string
}

/** Longer texts are read in threads: here they would hold up signals and other clients. UTF-16 units. */
const longestHere = 256 * 1024

/** Open buffers of a session by their path in the project. */
export type Buffers = ReadonlyMap<string, string>

const noBuffers: Buffers = new Map()

export interface Workspace {
  readonly size: () => { readonly files: number; readonly chunks: number }
  /** How many changes the index has taken in: what it answered before may be out of date where this differs. */
  readonly edition: () => number
  /** Files that were looked at, and why some are not indexed. */
  readonly ledger: Ledger
  /** The path in the project of an absolute path or a file URL; a path that is not absolute is one already. */
  readonly pathOf: (location: string) => string
  /** The path of the file that holds this text around a cursor; "" when none is found. */
  readonly locate: (prefix: string, suffix: string) => string
  readonly context: (buffers: Buffers, request: ContextRequest) => Effect.Effect<ContextAnswer>
  /** What other files tell about a place that is edited. */
  readonly related: (buffers: Buffers, request: ContextRequest) => Effect.Effect<ReadonlyArray<RelatedExcerpt>>
  /** Answers from the files as they lie on disk. */
  readonly lookUp: <A>(read: (index: Lookups) => A) => Effect.Effect<A>
  /** The text of a file on disk; null for one that is gone, lies outside the project, or is no text, or too large. */
  readonly read: (name: string) => Effect.Effect<string | null>
  /** Reads these paths of the disk again. */
  readonly refresh: (paths: Iterable<string>) => Effect.Effect<void>
}

/** What can be asked of a project by name or by words. */
export type Lookups = Pick<ProjectIndex, "definitions" | "outline" | "search">

/** Called while a project is indexed: `done` of its files are, `of` how many. */
export type IndexingListener = (done: number, of: number) => Effect.Effect<void>

/** Opens a project for the scope: reads its snapshot when there is one, indexes the rest, follows changes. */
export const openWorkspace = Effect.fn("shared.openWorkspace")(
  function*(options: WorkspaceOptions, onProgress: IndexingListener) {
    const path = yield* Path.Path
    const fs = yield* FileSystem.FileSystem
    const git = yield* Git
    const started = yield* Clock.currentTimeMillis
    const index = yield* (yield* Index).make({ weighting: options.weighting })
    const { root } = options
    const names = makeFileNames({ root, includePaths: options.includePaths, has: index.has })
    const ledger: Ledger = {}
    const isServed = (file: string) =>
      options.language === null || languageOfPath(file)?.name === options.language ||
      languageOfPath(file) === undefined

    const own = yield* readProject(root, { prefix: "", withVendored: false }, ledger)
    const libraries = yield* Effect.forEach(
      options.includePaths,
      (folder) => readProject(folder, { prefix: prefixOf(folder), withVendored: true }, ledger)
    )
    for (const warning of yield* git.warnings) yield* Effect.logWarning(warningLine(warning))
    const files = [...own, ...libraries.flat()].filter((file) => isServed(file.path))
    /** The folders that files come from which are not the project's. */
    const homes = new Map(
      libraries.flatMap((files, place) =>
        files.map((file) => [file.path, options.includePaths[place] ?? root] as const)
      )
    )
    const readAgain = (file: string): Effect.Effect<string | null> => {
      const home = homes.get(file)
      const reading = home === undefined ? readSource(root, file) : readSource(home, file.slice(prefixOf(home).length))
      return Effect.map(Effect.provideService(reading, Git, git), (source) => source?.text ?? null)
    }

    const snapshot = options.snapshots === null
      ? null
      : path.join(
        options.snapshots,
        `${fingerprint(options.version, root, options.language ?? "", ...options.includePaths)}.index`
      )
    const saved = snapshot === null ? Option.none() : yield* Effect.option(fs.readFile(snapshot))
    const isWarm = Option.isSome(saved) && index.restore(saved.value)
    const present = new Set(files.map((file) => file.path))
    const gone = isWarm ? index.paths().filter((file) => !present.has(file)) : []
    for (const file of gone) index.remove(file)
    let changed = gone.length
    addLedger(
      ledger,
      yield* index.add(files, (done, of) => {
        changed++
        return onProgress(done, of)
      })
    )
    practise(index, files)
    if (snapshot !== null && (changed > 0 || !isWarm)) {
      yield* Effect.forkScoped(Effect.delay(writeSnapshot(index, snapshot), snapshotDelay))
    }

    const state = {
      edition: 0,
      /** The text of each buffer that the index holds, or undefined while it is put there, which may be broken off. */
      applied: new Map<string, string | undefined>(),
      underneath: new Map<string, string | null>()
    }
    const turn = yield* Effect.makeSemaphore(1)
    const alone = turn.withPermits(1)
    // A language whose grammar cannot be loaded was left without symbols when the project was read; so are its changes.
    const put = (file: string, text: string | null) => {
      state.edition++
      return text === null
        ? Effect.sync(() => index.remove(file))
        : text.length > longestHere
        ? Effect.catchAll(
          index.add([{ path: file, text }]),
          (cause) => Effect.zipRight(Effect.sync(() => index.remove(file)), Effect.logWarning(cause.message))
        )
        : Effect.catchTag(index.update({ path: file, text }), "GrammarUnavailable", () => Effect.void)
    }

    /** Whether the index holds the file as it lies on disk, or would without its buffer. */
    const isIndexed = (file: string): boolean =>
      state.applied.has(file) ? (state.underneath.get(file) ?? null) !== null : index.has(file)

    const setBuffers = Effect.fnUntraced(function*(buffers: Buffers, except: string) {
      for (const file of state.applied.keys()) {
        if (file === except || buffers.has(file)) continue
        yield* put(file, state.underneath.get(file) ?? null)
        state.applied.delete(file)
        state.underneath.delete(file)
        yield* turnOfEventLoop
      }
      for (const [file, text] of buffers) {
        if (file === except || state.applied.get(file) === text || !isServed(file)) continue
        // Of what was not indexed, such as a file from elsewhere, nothing is left when its buffer is closed.
        if (!state.applied.has(file)) state.underneath.set(file, index.has(file) ? yield* readAgain(file) : null)
        state.applied.set(file, undefined)
        yield* put(file, text)
        state.applied.set(file, text)
        yield* turnOfEventLoop
      }
    })

    const refresh: Workspace["refresh"] = (paths) =>
      alone(Effect.gen(function*() {
        const served = [...new Set(Array.from(paths, names.nameOnDisk))].filter(isServed)
        // What is new counts only when the rules of .gitignore let it.
        const listed = served.every(isIndexed)
          ? undefined
          : new Set(yield* Effect.orElseSucceed(git.workingFiles(root), () => []))
        for (const file of served) {
          const isIgnored = listed !== undefined && !isIndexed(file) && !listed.has(file)
          const text = isIgnored ? null : yield* readAgain(file)
          if (state.applied.has(file)) state.underneath.set(file, text)
          else yield* put(file, text)
          yield* turnOfEventLoop
        }
      }))

    if (options.isWatched) {
      const directories = new Set(own.map((file) => path.dirname(path.join(root, file.path))))
      yield* watchFolders(root, directories, started, refresh)
    }

    const about = <A>(buffers: Buffers, { path }: ContextRequest, read: () => A) =>
      alone(Effect.map(setBuffers(buffers, path), read))

    const workspace: Workspace = {
      size: index.size,
      edition: () => state.edition,
      ledger,
      pathOf: names.nameOf,
      locate: (prefix, suffix) => index.locate(prefix, suffix) ?? "",
      context: (buffers, request) => about(buffers, request, () => index.context(request)),
      related: (buffers, request) =>
        about(buffers, request, () => relatedOf(index.context(request).snippets, index.lines)),
      lookUp: (read) => alone(Effect.map(setBuffers(noBuffers, ""), () => read(index))),
      read: readAgain,
      refresh
    }
    return workspace
  }
)

/** How many questions are asked before the first one that somebody waits for. */
const practiceQuestions = 8

/** Asks about the middles of some files: code that V8 has not run before takes ten times as long. */
const practise = (index: ProjectIndex, files: ReadonlyArray<SourceFile>): void => {
  const code = files.filter(({ path }) => languageOfPath(path)?.hasGrammar === true)
  for (let asked = 0; asked < practiceQuestions; asked++) {
    const file = code[Math.floor(asked * code.length / practiceQuestions)]
    if (file === undefined) return
    const { path, text } = file
    const middle = text.length >> 1
    index.context({
      path,
      aliases: [],
      prefix: text.slice(0, middle),
      suffix: text.slice(middle),
      budget: defaultContextBudget,
      holds: defaultPromptHolds,
      sources: ["signatures", "chunks"],
      style: commentStyle(null)
    })
  }
}

/** The first answers do not wait for the snapshot. */
const snapshotDelay = "1 second"

/** Writes beside its place and renames, so that a snapshot is whole or not there. A cache that cannot be written is none. */
const writeSnapshot = (index: ProjectIndex, target: string) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    yield* fs.makeDirectory(path.dirname(target), { recursive: true })
    // The next run removes what a kill left, by the name of this run's folder.
    const prefix = `draft-${path.basename(tmpdir())}-`
    const draft = yield* fs.makeTempFileScoped({ directory: path.dirname(target), prefix })
    yield* fs.writeFile(draft, index.save())
    yield* fs.rename(draft, target)
  }).pipe(
    Effect.scoped,
    Effect.catchAll((cause) =>
      Effect.logWarning(
        `cannot keep the index for the next start: ${systemWords(cause)}; set XDG_CACHE_HOME, or pass --no-cache`
      )
    )
  )
