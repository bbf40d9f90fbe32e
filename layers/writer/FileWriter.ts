/**
 * Writer of JSON Lines: one record on each line, UTF-8, LF line ends. Records wait in memory, then in sorted runs on
 * disk; in the end the runs are merged into the files. Parts become files by rename, metadata.json last.
 */
import { readdir, readFile } from "node:fs/promises"
import { basename, dirname, join, resolve } from "node:path"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { plainOutput } from "../../services/formats/output-format.ts"
import { addLedger, type Ledger } from "../../services/rows/ledger.ts"
import { type Run, type RunRequest, Writer } from "../../services/Writer.ts"
import { compareLines } from "./arrange.ts"
import {
  cutOff,
  draftOf,
  exists,
  flushMillis,
  onDisk,
  readJson,
  replaceFile,
  replaceText,
  writeDraft
} from "../disk/disk.ts"
import { finishSealing, removeAll } from "./finish-sealing.ts"
import { type Lock, lock } from "./lock.ts"
import { makeFolder } from "../disk/make-folder.ts"
import { decideOpening, isMetadata } from "./opening.ts"
import { isOneOf, type OwnFiles, ownFiles } from "./own-files.ts"
import { poolOfParts, readPartPools } from "./part-pools.ts"
import { appendLines, mostKeptBytes, type Pool } from "./pool.ts"
import { withPools } from "./pool-lines.ts"
import { itemsOf, lockFile, metadataFile, poolFile, rangesOf, type RunState, stateFile } from "./run-files.ts"
import { filesOfSequence, openSequence } from "./sequence.ts"
import { wellFormedWork } from "./well-formed-lines.ts"
import { type Claim, writeTable } from "./write-table.ts"

const openRun = Effect.fn("Writer.openRun")(function*(request: RunRequest) {
  const { directory } = request
  const lockPath = join(directory, lockFile)
  yield* onDisk(directory, () => makeFolder(directory))
  // What is finished, or somebody else's, is not locked: a kill would leave the lock there.
  if (!(yield* onDisk(lockPath, () => exists(lockPath)))) {
    const { isTidy, opening } = yield* examine(request)
    if (opening._tag === "sealed" && isTidy) return yield* runIn(request, null, true)
  }
  const held = yield* lock(lockPath, directory)
  const { isNamed, opening, own } = yield* examine(request)
  switch (opening._tag) {
    case "fresh":
      yield* onDisk(directory, () => clear(request, own))
      break
    case "sealed":
      yield* onDisk(directory, () => finishRun(directory, own.parts, held, isNamed))
      break
    case "resumed":
      return yield* runIn(request, { state: opening.state, own }, false, held)
  }
  return yield* runIn(request, null, opening._tag === "sealed", held)
})

/** Looks at what lies in the folder: what a run may do there, and which files are an earlier one's. */
const examine = Effect.fnUntraced(function*(request: RunRequest) {
  const { directory } = request
  const names = yield* onDisk(directory, () => readdir(directory))
  const state = yield* readJson(join(directory, stateFile))
  const metadata = yield* readJson(join(directory, metadataFile))
  const draft = yield* readJson(join(directory, draftOf(metadataFile)))
  const opening = yield* decideOpening<RunState>(request, {
    state,
    metadata,
    draft,
    hasResults: names.some(isOneOf(request.files))
  })
  const own = ownFiles(names, state, metadata ?? draft)
  const isTidy = own.parts.length === 0 && !names.some((name) => ownNames.has(name) || name.startsWith(lockFile))
  return { opening, own, isTidy, isNamed: isMetadata(metadata) }
})

/** Files that every run has for itself, until it is sealed. */
const ownNames: ReadonlySet<string> = new Set([draftOf(stateFile), stateFile, draftOf(metadataFile)])

const inFolder = (directory: string, names: ReadonlyArray<string>): ReadonlyArray<string> =>
  names.map((name) => join(directory, name))

/**
 * Removes all files of another run. What names them is replaced first: a kill leaves the beginning of this run, which
 * has them removed when it goes on.
 */
const clear = async ({ directory, identity }: RunRequest, own: OwnFiles): Promise<void> => {
  const doomed = [...own.files, ...own.parts]
  if (doomed.length > 0) {
    await replaceFile(
      join(directory, stateFile),
      {
        version: 1,
        identity,
        done: [],
        ledger: {},
        pools: {},
        files: [],
        parts: doomed
      } satisfies RunState
    )
  }
  await removeAll(
    inFolder(directory, [draftOf(metadataFile), metadataFile, ...doomed, draftOf(stateFile), stateFile])
  )
}

/** Ends a run whose metadata is written beside its place. */
const finishRun = (directory: string, parts: ReadonlyArray<string>, held: Lock, isNamed: boolean): Promise<void> =>
  finishSealing(
    join(directory, metadataFile),
    inFolder(directory, [...parts, draftOf(stateFile), stateFile]),
    held,
    isNamed
  )

/** What an interrupted run left: its state, and its files. */
interface Begun {
  readonly state: RunState
  readonly own: OwnFiles
}

const runIn = Effect.fnUntraced(function*(
  request: RunRequest,
  begun: Begun | null,
  isSealed: boolean,
  held?: Lock
) {
  const { directory } = request
  const at = (name: string) => resolve(directory, name)
  const done = itemsOf(begun?.state.done ?? [])
  const ledger: Ledger = {}
  addLedger(ledger, begun?.state.ledger ?? {})
  const pools = new Map<string, Pool>()
  for (const [name, pool] of Object.entries(begun?.state.pools ?? {})) {
    pools.set(name, { runs: [...pool.runs], parts: [], records: pool.records, kept: new Map(), waiting: [] })
    const length = pool.runs.reduce((sum, run) => sum + run, 0)
    yield* onDisk(at(poolFile(name)), () => cutOff(at(poolFile(name)), length))
  }
  const files = new Set(begun?.own.files ?? [])
  const parts = new Set(begun?.own.parts ?? [])
  if (begun === null && !isSealed && request.parts !== undefined) {
    const { parts: folders } = request
    const found = yield* onDisk(directory, () => readPartPools(folders, (path) => readFile(path, "utf8")))
    addLedger(ledger, found.ledger)
    for (const [name, part] of found.pools) {
      parts.add(poolFile(name))
      pools.set(name, yield* onDisk(directory, () => poolOfParts(at(poolFile(name)), part)))
    }
  }
  const turn = yield* Effect.makeSemaphore(1)
  let waitingBytes = 0
  let keptBytes = 0
  let flushed = yield* Clock.currentTimeMillis

  const poolOf = (name: string): Pool => {
    const known = pools.get(name)
    if (known !== undefined) return known
    const pool: Pool = { runs: [], parts: [], records: 0, kept: new Map(), waiting: [] }
    pools.set(name, pool)
    return pool
  }

  const snapshot = () => ({
    done: rangesOf(done),
    ledger: structuredClone(ledger),
    pools: Object.fromEntries([...pools].map(([name, { records, runs }]) => [name, { records, runs: [...runs] }]))
  })
  /** What is on disk; records that wait in memory do not count. */
  let safe = snapshot()

  const writeState = () =>
    replaceFile(
      at(stateFile),
      {
        version: 1,
        identity: request.identity,
        ...safe,
        files: [...files],
        parts: [...parts]
      } satisfies RunState
    )

  /**
   * Writes names down before their files are there, so that no file is ever left behind. Files in other folders do not
   * count.
   */
  const claim: Claim = async (results, needed) => {
    const known = files.size + parts.size
    for (const name of results.flatMap(nameHere)) {
      files.add(name)
      parts.delete(name)
    }
    for (const name of needed.flatMap(nameHere)) parts.add(name)
    if (files.size + parts.size > known) await writeState()
  }
  const nameHere = (path: string) => (dirname(at(path)) === at(".") ? [basename(path)] : [])

  const flush = async () => {
    const waiting = [...pools].filter(([, pool]) => pool.waiting.length > 0)
    await claim([], waiting.map(([name]) => poolFile(name)))
    for (const [name, pool] of waiting) {
      pool.waiting.sort(compareLines)
      const length = await appendLines(at(poolFile(name)), pool.waiting, pool.runs.length === 0)
      if (keptBytes + length <= mostKeptBytes) {
        keptBytes += length
        pool.kept.set(pool.runs.length, pool.waiting)
      }
      pool.runs.push(length)
      pool.waiting = []
    }
    waitingBytes = 0
    safe = snapshot()
    await writeState()
  }

  const commit: Run["commit"] = (given) =>
    turn.withPermits(1)(Effect.gen(function*() {
      const work = wellFormedWork(given)
      for (const record of work.records) {
        const pool = poolOf(record.pool)
        pool.waiting.push(record)
        pool.records++
        waitingBytes += record.json.length
      }
      addLedger(ledger, work.ledger)
      done.add(work.item)
      const now = yield* Clock.currentTimeMillis
      if (waitingBytes < request.bufferBytes && now - flushed < flushMillis) return
      yield* onDisk(directory, flush)
      flushed = now
    }))

  const look: Run["look"] = (names, see) =>
    turn.withPermits(1)(onDisk(directory, () =>
      withPools(directory, pools, async ({ linesOf }) => {
        for (const pool of names) for await (const line of linesOf(pool)) see({ ...line, pool })
      })))

  const assemble: Run["assemble"] = (table) =>
    turn.withPermits(1)(
      onDisk(at(table.name), () => writeTable(directory, table, pools, request.format ?? plainOutput, claim))
    )

  const writeDocument: Run["writeDocument"] = (name, document) =>
    turn.withPermits(1)(onDisk(at(name), async () => {
      await claim([name], [draftOf(name)])
      await replaceFile(at(name), document)
    }))

  const writeText: Run["writeText"] = (name, text) =>
    turn.withPermits(1)(onDisk(at(name), async () => {
      await claim([name], [draftOf(name)])
      await replaceText(at(name), text)
    }))

  const adopt: Run["adopt"] = (sequence) =>
    turn.withPermits(1)(onDisk(at(sequence), () => {
      const { metadata, part, state } = filesOfSequence(sequence)
      return claim([sequence, metadata], [part, state, ...[part, state, metadata].map(draftOf)])
    }))

  const seal: Run["seal"] = (metadata) =>
    turn.withPermits(1)(onDisk(at(metadataFile), async () => {
      await writeDraft(at(metadataFile), { ...metadata, written: [...files].sort() })
      if (held !== undefined) await finishRun(directory, [...parts], held, false)
    }))

  const discard: Run["discard"] = onDisk(directory, () => removeAll(inFolder(directory, [...parts, stateFile])))

  if (!isSealed && begun === null) yield* onDisk(at(stateFile), writeState)
  const run: Run = {
    isSealed,
    isResumed: begun !== null,
    isDone: (item) => done.has(item),
    ledger: () => ledger,
    commit,
    look,
    assemble,
    writeDocument,
    writeText,
    keep: turn.withPermits(1)(onDisk(directory, flush)),
    adopt,
    seal,
    discard
  }
  return run
})

export const layer: Layer.Layer<Writer> = Layer.succeed(Writer, Writer.of({ openRun, openSequence }))
