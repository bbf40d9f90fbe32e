/**
 * Writes a table from its pools: their runs are merged, arranged, and written to one file, which then gets its names.
 */
import { type FileHandle, open, rm } from "node:fs/promises"
import { dirname, join, relative, resolve } from "node:path"
import type { OutputFormat } from "../../services/formats/output-format.ts"
import type { Table } from "../../services/Writer.ts"
import {
  arrange,
  barredOf,
  compareLines,
  type LineSource,
  mergeSorted,
  type PoolLine,
  sourceOf,
  takeShare
} from "./arrange.ts"
import { openOwn } from "../disk/disk.ts"
import { bufferedOutput, type Pool, readLines } from "./pool.ts"
import { makeFolder } from "../disk/make-folder.ts"
import { publish } from "./publish.ts"
import { poolFile } from "./run-files.ts"

/** Says that files belong to the run before they are there: results, and what is needed until they have their names. */
export type Claim = (files: ReadonlyArray<string>, parts: ReadonlyArray<string>) => Promise<void>

/** Writes a table into the folder, or to the absolute path that is its name. */
export const writeTable = async (
  directory: string,
  table: Table,
  pools: ReadonlyMap<string, Pool>,
  format: OutputFormat,
  claim: Claim
) => {
  const opened: Array<FileHandle> = []
  const final = resolve(directory, table.name)
  const part = `${final}.part`
  try {
    /** Returns the sorted runs of a pool, the one in memory first. */
    const sourcesOf = async (name: string): Promise<ReadonlyArray<LineSource>> => {
      const pool = pools.get(name)
      if (pool === undefined) return []
      const sources = [sourceOf(pool.waiting.sort(compareLines))]
      let file: FileHandle | undefined
      let start = 0
      for (const [run, length] of pool.runs.entries()) {
        const kept = pool.kept.get(run)
        if (kept === undefined && file === undefined) {
          file = await open(join(directory, poolFile(name)), "r")
          opened.push(file)
        }
        if (kept !== undefined) sources.push(sourceOf(kept))
        else if (file !== undefined) sources.push(readLines(file, start, start + length))
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
    await makeFolder(dirname(final))
    await claim([], [part])
    const file = await openOwn(part, "w")
    opened.push(file)
    const output = bufferedOutput(file)
    const summary = await takeShare(arranged, limit, (json) => output.write(json))
    await output.end()
    const files = await publish(part, final, format, (paths) => claim(paths, paths.map((path) => `${path}.part`)))
    await rm(part, { force: true })
    const names = table.name.startsWith("/") ? files : files.map((path) => relative(directory, path))
    return { ...summary, files: names, bytes: output.bytes() }
  } finally {
    for (const file of opened) await file.close()
  }
}
