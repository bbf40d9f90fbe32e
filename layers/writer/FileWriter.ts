/**
 * Writer of JSON Lines: one record a line, UTF-8, LF line ends. Records wait in memory, then in sorted runs on
 * disk; at the end the runs are merged into the files. Parts become files by rename, metadata.json last.
 */
import { type FileHandle, mkdir, open, readdir, rm, truncate } from "node:fs/promises"
import { join, relative, resolve } from "node:path"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type OutputFormat, plainOutput } from "../../services/formats/output-format.ts"
import { addLedger, type Ledger } from "../../services/rows/ledger.ts"
import { type Run, type RunRequest, type Table, Writer } from "../../services/Writer.ts"
import {
  arrange,
  barredOf,
  compareLines,
  type LineSource,
  mergeSorted,
  parseLine,
  type PoolLine,
  renderHead,
  sourceOf,
  takeShare
} from "./arrange.ts"
import { attempt, flushMillis, lock, readJson, replaceFile } from "./disk.ts"
import { decideOpening, type Opening } from "./opening.ts"
import {
  isResultFile,
  isRunFile,
  itemsOf,
  lockFile,
  metadataFile,
  poolFile,
  rangesOf,
  type RunState,
  stateFile
} from "./run-files.ts"
import { publish } from "./publish.ts"
import { openSequence } from "./sequence.ts"

/** How much of each run is held while runs are merged, and of each file before it is written. */
const chunkBytes = 256 * 1024

const openRun = Effect.fn("Writer.openRun")(function*(request: RunRequest) {
  const { directory } = request
  yield* attempt(directory, () => mkdir(directory, { recursive: true }))
  yield* lock(join(directory, lockFile), directory)
  const names = yield* attempt(directory, () => readdir(directory))
  const opening = yield* decideOpening<RunState>(request, {
    state: yield* readJson(join(directory, stateFile)),
    metadata: yield* readJson(join(directory, metadataFile)),
    hasResults: names.some(isResultFile)
  })
  for (const name of names.filter(isLeftOver(opening))) {
    yield* attempt(join(directory, name), () => rm(join(directory, name), { force: true }))
  }
  return yield* runIn(request, opening._tag === "resumed" ? opening.state : undefined, opening._tag === "sealed")
})

/** Which files go before a run begins: all of another run; of our own what no state speaks for. */
const isLeftOver = (opening: Opening<RunState>) => (name: string): boolean => {
  if (!isRunFile(name)) return false
  switch (opening._tag) {
    case "fresh":
      return true
    case "sealed":
      // It may have been killed before it swept its own parts away.
      return !isResultFile(name)
    case "resumed": {
      // A pool whose first run was being written has no entry yet.
      const kept = Object.keys(opening.state.pools).map(poolFile)
      return name.startsWith("pool-") && !kept.includes(name)
    }
  }
}

interface Pool {
  readonly runs: Array<number>
  records: number
  /** Records that are not on disk yet. */
  waiting: Array<PoolLine>
}

const runIn = Effect.fnUntraced(function*(request: RunRequest, state: RunState | undefined, isSealed: boolean) {
  const { directory } = request
  const at = (name: string) => resolve(directory, name)
  const done = itemsOf(state?.done ?? [])
  const ledger: Ledger = {}
  addLedger(ledger, state?.ledger ?? {})
  const pools = new Map<string, Pool>()
  for (const [name, pool] of Object.entries(state?.pools ?? {})) {
    pools.set(name, { runs: [...pool.runs], records: pool.records, waiting: [] })
    const safe = pool.runs.reduce((sum, length) => sum + length, 0)
    yield* attempt(at(poolFile(name)), () => truncate(at(poolFile(name)), safe))
  }
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

  const writeState = () =>
    replaceFile(at(stateFile), {
      version: 1,
      identity: request.identity,
      done: rangesOf(done),
      ledger,
      pools: Object.fromEntries([...pools].map(([name, { records, runs }]) => [name, { records, runs }]))
    })

  const flush = async () => {
    for (const [name, pool] of pools) {
      if (pool.waiting.length === 0) continue
      pool.waiting.sort(compareLines)
      const length = await appendLines(at(poolFile(name)), pool.waiting)
      pool.runs.push(length)
      pool.waiting = []
    }
    waitingBytes = 0
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
      yield* attempt(directory, flush)
      flushed = now
    }))

  const assemble: Run["assemble"] = (table) =>
    turn.withPermits(1)(
      attempt(at(table.name), () => writeTable(directory, table, pools, request.format ?? plainOutput))
    )

  const writeDocument: Run["writeDocument"] = (name, document) =>
    attempt(at(name), () => replaceFile(at(name), document))

  const sweep = async () => {
    for (const name of pools.keys()) await rm(at(poolFile(name)), { force: true })
    await rm(at(stateFile), { force: true })
  }

  const seal: Run["seal"] = (metadata) =>
    attempt(at(metadataFile), async () => {
      await replaceFile(at(metadataFile), metadata)
      await sweep()
    })

  const discard: Run["discard"] = attempt(directory, sweep)

  if (!isSealed && state === undefined) yield* attempt(at(stateFile), writeState)
  const run: Run = {
    isSealed,
    isResumed: state !== undefined,
    isDone: (item) => done.has(item),
    ledger: () => ledger,
    commit,
    assemble,
    writeDocument,
    seal,
    discard
  }
  return run
})

/** Appends sorted lines as one run and gives its length in bytes. */
const appendLines = async (path: string, lines: ReadonlyArray<PoolLine>): Promise<number> => {
  const file = await open(path, "a")
  try {
    const output = bufferedOutput(file)
    for (const line of lines) await output.write(line.json, renderHead(line))
    await output.end()
    return output.bytes()
  } finally {
    await file.close()
  }
}

/** Gathers lines into chunks: a head where there is one, the bytes of the JSON, a line end. */
const bufferedOutput = (file: FileHandle) => {
  let parts: Array<Uint8Array> = []
  let waiting = 0
  let bytes = 0
  const drain = async () => {
    if (parts.length === 0) return
    const data = Buffer.concat(parts, waiting)
    parts = []
    waiting = 0
    bytes += data.length
    await file.writeFile(data)
  }
  const take = (part: Uint8Array) => {
    parts.push(part)
    waiting += part.length
  }
  return {
    write: (json: Uint8Array, head = ""): Promise<void> | void => {
      if (head !== "") take(Buffer.from(head))
      take(json)
      take(lineEnd)
      return waiting < chunkBytes ? undefined : drain()
    },
    end: async () => {
      await drain()
      await file.datasync()
    },
    bytes: () => bytes
  }
}

const lineEnd = Buffer.from("\n")

const writeTable = async (
  directory: string,
  table: Table,
  pools: ReadonlyMap<string, Pool>,
  format: OutputFormat
) => {
  const opened: Array<FileHandle> = []
  const final = resolve(directory, table.name)
  const part = `${final}.part`
  try {
    /** The sorted runs of a pool, those in memory first. */
    const sourcesOf = async (name: string): Promise<ReadonlyArray<LineSource>> => {
      const pool = pools.get(name)
      if (pool === undefined) return []
      const sources = [sourceOf(pool.waiting.sort(compareLines))]
      if (pool.runs.length === 0) return sources
      const file = await open(join(directory, poolFile(name)), "r")
      opened.push(file)
      let start = 0
      for (const length of pool.runs) {
        sources.push(readLines(file, start, start + length))
        start += length
      }
      return sources
    }
    const linesOf = async function*(names: ReadonlyArray<string>): AsyncGenerator<PoolLine> {
      for (const name of names) {
        for (const source of await sourcesOf(name)) {
          for (let line = await source(); line !== undefined; line = await source()) yield line
        }
      }
    }
    const barred = await barredOf(table, linesOf)
    const arranged = arrange(
      await Promise.all(table.pools.map(async (name) => ({
        lines: await mergeSorted(await sourcesOf(name)),
        count: pools.get(name)?.records ?? 0
      }))),
      barred
    )
    const total = table.pools.reduce((sum, name) => sum + (pools.get(name)?.records ?? 0), 0)
    const limit = Math.ceil(total * table.share)
    const file = await open(part, "w")
    opened.push(file)
    const output = bufferedOutput(file)
    const summary = await takeShare(arranged, limit, (json) => output.write(json))
    await output.end()
    const files = await publish(part, final, format)
    await rm(part, { force: true })
    const names = table.name.startsWith("/") ? files : files.map((path) => relative(directory, path))
    return { ...summary, files: names, bytes: output.bytes() }
  } finally {
    for (const file of opened) await file.close()
  }
}

/** Reads the lines of bytes [start, end) of a file, a chunk at a time. */
const readLines = (file: FileHandle, start: number, end: number): LineSource => {
  let at = start
  let data: Buffer = Buffer.alloc(0)
  let from = 0
  return async () => {
    for (let stop = data.indexOf(10, from);; stop = data.indexOf(10, from)) {
      if (stop !== -1) {
        const line = parseLine(data.subarray(from, stop))
        from = stop + 1
        return line
      }
      if (at >= end) return undefined
      const chunk = Buffer.allocUnsafe(Math.min(chunkBytes, end - at))
      const { bytesRead } = await file.read(chunk, 0, chunk.length, at)
      if (bytesRead === 0) throw new Error("a pool is shorter than it was; start again with --overwrite")
      at += bytesRead
      data = Buffer.concat([data.subarray(from), chunk.subarray(0, bytesRead)])
      from = 0
    }
  }
}

export const layer: Layer.Layer<Writer> = Layer.succeed(Writer, Writer.of({ openRun, openSequence }))
