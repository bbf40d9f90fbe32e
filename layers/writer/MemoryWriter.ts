/** Writer into a map of folders, for tests: what was committed is safe at once. */
import { basename } from "node:path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { addLedger, type Ledger } from "../../services/rows/ledger.ts"
import { wellFormedJson } from "../../services/rows/well-formed.ts"
import {
  FolderTaken,
  type PooledRecord,
  type Run,
  type RunRequest,
  type Sequence,
  type SequenceRequest,
  Writer
} from "../../services/Writer.ts"
import { arrange, barredOf, compareLines, sourceOf, takeShare } from "./arrange.ts"
import { decideOpening } from "./opening.ts"
import { isOneOf, ownFiles } from "./own-files.ts"
import { metadataFile, rangesOf, type RunState } from "./run-files.ts"
import { wellFormedLines, wellFormedWork } from "./well-formed-lines.ts"

/** One folder: its finished files by name, and what an unfinished run committed. */
export interface MemoryFolder {
  readonly files: Map<string, string>
  unfinished: Unfinished | undefined
  isLocked: boolean
  /** What an unfinished sequence has so far, in a folder that stands for one file. */
  sequence?: UnfinishedSequence
}

interface Unfinished {
  readonly identity: unknown
  /** Names of its results so far. */
  readonly files: Set<string>
  readonly done: Set<number>
  readonly ledger: Ledger
  readonly records: Array<PooledRecord>
}

/** A layer over `folders`, which tests may look into and keep from run to run. */
export const layer = (folders: Map<string, MemoryFolder>): Layer.Layer<Writer> =>
  Layer.succeed(
    Writer,
    Writer.of({
      openRun: (request) => openRun(folders, request),
      openSequence: (request) => openSequence(folders, request)
    })
  )

interface UnfinishedSequence {
  readonly version: 1
  readonly identity: unknown
  readonly ledger: Ledger
  readonly texts: Array<string>
  next: number
}

const decoder = new TextDecoder()
const encoder = new TextEncoder()

const folderOf = (folders: Map<string, MemoryFolder>, name: string): MemoryFolder => {
  const folder = folders.get(name) ?? { files: new Map(), unfinished: undefined, isLocked: false }
  folders.set(name, folder)
  return folder
}

const lock = (folder: MemoryFolder, directory: string) =>
  Effect.acquireRelease(
    Effect.suspend(() => {
      if (folder.isLocked) return new FolderTaken({ directory, detail: "another run is writing there" })
      folder.isLocked = true
      return Effect.void
    }),
    () => Effect.sync(() => folder.isLocked = false)
  )

const openSequence = Effect.fnUntraced(function*(
  folders: Map<string, MemoryFolder>,
  request: SequenceRequest
) {
  const [path] = request.paths
  // Here each file is a folder with one file in it, so what is written under other names does not matter.
  const folder = folderOf(folders, path)
  yield* lock(folder, path)
  const found = folder.files
  const metadata = found.get(metadataFile)
  const opening = yield* decideOpening<UnfinishedSequence>({ ...request, directory: path }, {
    state: folder.sequence,
    metadata: metadata === undefined ? undefined : JSON.parse(metadata),
    hasResults: found.size > 0
  })
  const work: UnfinishedSequence = opening._tag === "resumed"
    ? opening.state
    : { version: 1, identity: request.identity, ledger: {}, texts: request.paths.map(() => ""), next: 0 }
  if (opening._tag !== "sealed") folder.sequence = work
  const sequence: Sequence = {
    isSealed: opening._tag === "sealed",
    isResumed: opening._tag === "resumed",
    next: work.next,
    ledger: () => work.ledger,
    written: Effect.sync(() => {
      const texts = opening._tag === "sealed"
        ? request.paths.map((name) => folders.get(name)?.files.get("rows") ?? "")
        : work.texts
      return texts.map((text) => encoder.encode(text))
    }),
    append: (lines, ledger) =>
      Effect.sync(() => {
        const written = wellFormedLines(lines, ledger)
        for (const [index, piece] of written.pieces.entries()) {
          work.texts[index] = (work.texts[index] ?? "") + decoder.decode(piece)
        }
        addLedger(work.ledger, written.ledger)
        work.next++
      }),
    seal: (document, arrange) =>
      Effect.sync(() => {
        const [first = ""] = work.texts
        if (arrange !== undefined) work.texts[0] = decoder.decode(arrange(encoder.encode(first)))
        for (const [index, name] of request.paths.entries()) {
          folderOf(folders, name).files.set("rows", work.texts[index] ?? "")
        }
        found.set(metadataFile, `${JSON.stringify({ ...document, written: [basename(path)] }, null, 2)}\n`)
        delete folder.sequence
      }),
    discard: Effect.sync(() => void delete folder.sequence)
  }
  return sequence
})

/** What runs in other folders kept. */
const keptIn = (folders: ReadonlyMap<string, MemoryFolder>, parts: ReadonlyArray<string>) => {
  const ledger: Ledger = {}
  const kept = parts.flatMap((part) => folders.get(part)?.unfinished ?? [])
  for (const one of kept) addLedger(ledger, one.ledger)
  return { ledger, records: kept.flatMap(({ records }) => records) }
}

const openRun = Effect.fnUntraced(function*(folders: Map<string, MemoryFolder>, request: RunRequest) {
  const folder = folderOf(folders, request.directory)
  yield* lock(folder, request.directory)
  const before = folder.unfinished
  const text = folder.files.get(metadataFile)
  const metadata = text === undefined ? undefined : JSON.parse(text)
  const state: RunState | undefined = before === undefined ? undefined : {
    version: 1,
    identity: before.identity,
    done: rangesOf(before.done),
    ledger: before.ledger,
    pools: {},
    files: [...before.files],
    parts: []
  }
  const names = [...folder.files.keys()]
  const opening = yield* decideOpening<RunState>(request, {
    state,
    metadata,
    hasResults: names.some(isOneOf(request.files))
  })
  if (opening._tag === "fresh") {
    for (const name of [...ownFiles(names, state, metadata).files, metadataFile]) folder.files.delete(name)
  }
  const work: Unfinished = opening._tag === "resumed" && before !== undefined
    ? before
    : { identity: request.identity, files: new Set(), done: new Set(), ...keptIn(folders, request.parts ?? []) }
  folder.unfinished = opening._tag === "sealed" ? undefined : work

  const write = (name: string, document: unknown) =>
    folder.files.set(name, `${wellFormedJson(JSON.stringify(document, null, 2))}\n`)

  const run: Run = {
    isSealed: opening._tag === "sealed",
    isResumed: opening._tag === "resumed",
    isDone: (item) => work.done.has(item),
    ledger: () => work.ledger,
    commit: (given) =>
      Effect.sync(() => {
        const { item, ledger, records } = wellFormedWork(given)
        for (const record of records) work.records.push(record)
        work.done.add(item)
        addLedger(work.ledger, ledger)
      }),
    look: (pools, see) =>
      Effect.sync(() => {
        for (const record of work.records) if (pools.includes(record.pool)) see(record)
      }),
    assemble: (table) =>
      Effect.promise(async () => {
        const pools = table.pools.map((pool) => {
          const lines = work.records.filter((record) => record.pool === pool).sort(compareLines)
          return { name: pool, lines: sourceOf(lines), count: lines.length }
        })
        const barred = await barredOf(table, async function*(pool) {
          for (const record of work.records) if (record.pool === pool) yield record
        })
        const limit = Math.ceil(pools.reduce((sum, pool) => sum + pool.count, 0) * table.share)
        const lines: Array<string> = []
        const summary = await takeShare(arrange(pools, barred), limit, (json) =>
          void lines.push(`${decoder.decode(json)}\n`))
        const text = lines.join("")
        work.files.add(table.name)
        folder.files.set(table.name, text)
        // Tests look at the text, so it is JSON Lines whatever the format.
        return { ...summary, files: [table.name], bytes: Buffer.byteLength(text) }
      }),
    writeText: (name, text) =>
      Effect.sync(() => {
        work.files.add(name)
        folder.files.set(name, text)
      }),
    writeDocument: (name, document) =>
      Effect.sync(() => {
        work.files.add(name)
        write(name, document)
      }),
    keep: Effect.void,
    // Here each sequence is a folder.
    adopt: () => Effect.void,
    seal: (document) =>
      Effect.sync(() => {
        write(metadataFile, { ...document, written: [...work.files].sort() })
        folder.unfinished = undefined
      }),
    discard: Effect.sync(() => void (folder.unfinished = undefined))
  }
  return run
})
