/**
 * Writer of JSON Lines: one record on each line, UTF-8, LF line ends. Records wait in memory, then in sorted runs on
 * disk; in the end the runs are merged into the files. Parts become files by rename, metadata.json last.
 */
import { readdir, rm, truncate } from "node:fs/promises"
import { basename, dirname, join, resolve } from "node:path"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { plainOutput } from "../../services/formats/output-format.ts"
import { addLedger, type Ledger } from "../../services/rows/ledger.ts"
import { type Run, type RunRequest, Writer } from "../../services/Writer.ts"
import { compareLines } from "./arrange.ts"
import { draftOf, flushMillis, lock, onDisk, readJson, replaceFile } from "./disk.ts"
import { makeFolder } from "./make-folder.ts"
import { decideOpening, type Opening } from "./opening.ts"
import { isOneOf, type OwnFiles, ownFiles } from "./own-files.ts"
import { appendLines, type Pool } from "./pool.ts"
import { itemsOf, lockFile, metadataFile, poolFile, rangesOf, type RunState, stateFile } from "./run-files.ts"
import { filesOfSequence, openSequence } from "./sequence.ts"
import { type Claim, writeTable } from "./write-table.ts"

const openRun = Effect.fn("Writer.openRun")(function*(request: RunRequest) {
  const { directory } = request
  yield* onDisk(directory, () => makeFolder(directory))
  yield* lock(join(directory, lockFile), directory)
  const names = yield* onDisk(directory, () => readdir(directory))
  const state = yield* readJson(join(directory, stateFile))
  const metadata = yield* readJson(join(directory, metadataFile))
  const opening = yield* decideOpening<RunState>(request, {
    state,
    metadata,
    hasResults: names.some(isOneOf(request.files))
  })
  const own = ownFiles(names, state, metadata)
  for (const name of leftOver(opening, own)) {
    yield* onDisk(join(directory, name), () => rm(join(directory, name), { force: true }))
  }
  return yield* runIn(
    request,
    opening._tag === "resumed" ? { state: opening.state, own } : null,
    opening._tag === "sealed"
  )
})

const drafts = [draftOf(metadataFile), draftOf(stateFile)]

/**
 * Returns which files are removed before a run begins: all files of another run, or the parts of a sealed one, which it
 * may not have had the time to remove. The files that name them go last, so that they are known again after a kill.
 */
const leftOver = ({ _tag }: Opening<RunState>, { files, parts }: OwnFiles): ReadonlyArray<string> => {
  switch (_tag) {
    case "fresh":
      return [...files, ...parts, ...drafts, metadataFile, stateFile]
    case "sealed":
      return [...parts, ...drafts, stateFile]
    case "resumed":
      return []
  }
}

/** What an interrupted run left: its state, and its files. */
interface Begun {
  readonly state: RunState
  readonly own: OwnFiles
}

const runIn = Effect.fnUntraced(function*(request: RunRequest, begun: Begun | null, isSealed: boolean) {
  const { directory } = request
  const at = (name: string) => resolve(directory, name)
  const done = itemsOf(begun?.state.done ?? [])
  const ledger: Ledger = {}
  addLedger(ledger, begun?.state.ledger ?? {})
  const pools = new Map<string, Pool>()
  for (const [name, pool] of Object.entries(begun?.state.pools ?? {})) {
    pools.set(name, { runs: [...pool.runs], records: pool.records, waiting: [] })
    const length = pool.runs.reduce((sum, run) => sum + run, 0)
    yield* onDisk(at(poolFile(name)), () => truncate(at(poolFile(name)), length))
  }
  const files = new Set(begun?.own.files ?? [])
  const parts = new Set(begun?.own.parts ?? [])
  const turn = yield* Effect.makeSemaphore(1)
  let waitingBytes = 0
  let flushed = yield* Clock.currentTimeMillis

  const poolOf = (name: string): Pool => {
    const known = pools.get(name)
    if (known !== undefined) return known
    const pool: Pool = { runs: [], records: 0, waiting: [] }
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
    for (const name of results.flatMap(nameHere)) files.add(name)
    for (const name of needed.flatMap(nameHere)) parts.add(name)
    if (files.size + parts.size > known) await writeState()
  }
  const nameHere = (path: string) => (dirname(at(path)) === at(".") ? [basename(path)] : [])

  const flush = async () => {
    const waiting = [...pools].filter(([, pool]) => pool.waiting.length > 0)
    await claim([], waiting.map(([name]) => poolFile(name)))
    for (const [name, pool] of waiting) {
      pool.waiting.sort(compareLines)
      pool.runs.push(await appendLines(at(poolFile(name)), pool.waiting, pool.runs.length === 0))
      pool.waiting = []
    }
    waitingBytes = 0
    safe = snapshot()
    await writeState()
  }

  const commit: Run["commit"] = (work) =>
    turn.withPermits(1)(Effect.gen(function*() {
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

  const assemble: Run["assemble"] = (table) =>
    turn.withPermits(1)(
      onDisk(at(table.name), () => writeTable(directory, table, pools, request.format ?? plainOutput, claim))
    )

  const writeDocument: Run["writeDocument"] = (name, document) =>
    turn.withPermits(1)(onDisk(at(name), async () => {
      await claim([name], [draftOf(name)])
      await replaceFile(at(name), document)
    }))

  const adopt: Run["adopt"] = (sequence) =>
    turn.withPermits(1)(onDisk(at(sequence), () => {
      const { metadata, part, state } = filesOfSequence(sequence)
      return claim([sequence, metadata], [part, state])
    }))

  const sweep = async () => {
    for (const name of parts) await rm(at(name), { force: true })
    await rm(at(stateFile), { force: true })
  }

  const seal: Run["seal"] = (metadata) =>
    turn.withPermits(1)(onDisk(at(metadataFile), async () => {
      await replaceFile(at(metadataFile), { ...metadata, written: [...files].sort() })
      await sweep()
    }))

  const discard: Run["discard"] = onDisk(directory, sweep)

  if (!isSealed && begun === null) yield* onDisk(at(stateFile), writeState)
  const run: Run = {
    isSealed,
    isResumed: begun !== null,
    isDone: (item) => done.has(item),
    ledger: () => ledger,
    commit,
    assemble,
    writeDocument,
    adopt,
    seal,
    discard
  }
  return run
})

export const layer: Layer.Layer<Writer> = Layer.succeed(Writer, Writer.of({ openRun, openSequence }))
