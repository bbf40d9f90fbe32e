/**
 * The pools of parts: what other runs kept on disk becomes the pools of one run. Runs of records that are sorted are
 * merged where they lie; where there are very many, some at a time are merged into one first.
 */
import { type FileHandle, open } from "node:fs/promises"
import { join } from "node:path"
import * as Schema from "effect/Schema"
import { addLedger, type Ledger } from "../../services/rows/ledger.ts"
import { type LineSource, mergeSorted } from "./arrange.ts"
import { openOwn } from "../disk/disk.ts"
import { bufferedOutput, type PartRun, type Pool, readLines } from "./pool.ts"
import { poolFile, stateFile } from "./run-files.ts"

/** What parts hold together. */
export interface PartPools {
  readonly ledger: Ledger
  readonly pools: ReadonlyMap<string, { readonly records: number; readonly runs: ReadonlyArray<PartRun> }>
}

const Counts = Schema.Struct({
  came: Schema.Number,
  kept: Schema.Number,
  leftOut: Schema.mutable(Schema.Record({ key: Schema.String, value: Schema.Number }))
})
const KeptState = Schema.parseJson(Schema.Struct({
  version: Schema.Literal(1),
  ledger: Schema.Record({ key: Schema.String, value: Schema.mutable(Counts) }),
  pools: Schema.Record({
    key: Schema.String,
    value: Schema.Struct({ runs: Schema.Array(Schema.Number), records: Schema.Number })
  })
}))

/** Reads what runs kept in some folders; `readText` reads a file. */
export const readPartPools = async (
  folders: ReadonlyArray<string>,
  readText: (path: string) => Promise<string>
): Promise<PartPools> => {
  const ledger: Ledger = {}
  const pools = new Map<string, { records: number; readonly runs: Array<PartRun> }>()
  for (const folder of folders) {
    const state = Schema.decodeSync(KeptState)(await readText(join(folder, stateFile)))
    addLedger(ledger, state.ledger)
    for (const [name, { records, runs }] of Object.entries(state.pools)) {
      const pool = pools.get(name) ?? { records: 0, runs: [] }
      pools.set(name, pool)
      pool.records += records
      let start = 0
      for (const length of runs) {
        pool.runs.push({ path: join(folder, poolFile(name)), start, end: start + length })
        start += length
      }
    }
  }
  return { ledger, pools }
}

/** So many runs are read at once, with as many open files and buffers. */
const mostRuns = 128

/** Makes a pool of the runs of parts. Where there are too many, they become runs of the pool's own file at `path`. */
export const poolOfParts = async (
  path: string,
  { records, runs }: { readonly records: number; readonly runs: ReadonlyArray<PartRun> }
): Promise<Pool> => {
  if (runs.length <= mostRuns) return { runs: [], parts: runs, records, kept: new Map(), waiting: [] }
  const own: Array<number> = []
  for (let from = 0; from < runs.length; from += mostRuns) {
    own.push(await mergeRuns(path, runs.slice(from, from + mostRuns), from === 0))
  }
  return { runs: own, parts: [], records, kept: new Map(), waiting: [] }
}

/** Merges runs into one at the end of a file; returns its length in bytes. */
const mergeRuns = async (path: string, runs: ReadonlyArray<PartRun>, isFirst: boolean): Promise<number> => {
  const opened: Array<FileHandle> = []
  try {
    const next = await mergeSorted(await openPartRuns(runs, opened))
    const file = await openOwn(path, isFirst ? "w" : "a")
    opened.push(file)
    const output = bufferedOutput(file)
    for (let line = await next(); line !== undefined; line = await next()) await output.writeLine(line)
    await output.end()
    return output.bytes()
  } finally {
    for (const file of opened) await file.close()
  }
}

/** Opens runs of parts; their files are added to `opened`, for whoever closes them. */
export const openPartRuns = async (
  runs: ReadonlyArray<PartRun>,
  opened: Array<FileHandle>
): Promise<ReadonlyArray<LineSource>> => {
  const files = new Map<string, FileHandle>()
  const sources: Array<LineSource> = []
  for (const { end, path, start } of runs) {
    const file = files.get(path) ?? await open(path, "r")
    if (!files.has(path)) opened.push(file)
    files.set(path, file)
    sources.push(readLines(file, start, end))
  }
  return sources
}
