/** The lines of the pools of a run, wherever they lie: in memory, or as sorted runs in files. */
import { type FileHandle, open } from "node:fs/promises"
import { join } from "node:path"
import { compareLines, type LineSource, type PoolLine, sourceOf } from "./arrange.ts"
import { type Pool, readLines } from "./pool.ts"
import { openPartRuns } from "./part-pools.ts"
import { poolFile } from "./run-files.ts"

/** Reads pools; files that it opened stay open until it is done. */
export interface PoolReader {
  /** Returns the sorted runs of a pool, the one in memory first. */
  readonly sourcesOf: (pool: string) => Promise<ReadonlyArray<LineSource>>
  /** Gives the lines of a pool, run after run. */
  readonly linesOf: (pool: string) => AsyncIterable<PoolLine>
}

/** Reads pools of a folder in `use`, and closes their files behind it. */
export const withPools = async <A>(
  directory: string,
  pools: ReadonlyMap<string, Pool>,
  use: (reader: PoolReader) => Promise<A>
): Promise<A> => {
  const opened: Array<FileHandle> = []
  const sourcesOf: PoolReader["sourcesOf"] = async (name) => {
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
    sources.push(...await openPartRuns(pool.parts, opened))
    return sources
  }
  const linesOf = async function*(name: string): AsyncGenerator<PoolLine> {
    for (const source of await sourcesOf(name)) {
      for (let line = await source(); line !== undefined; line = await source()) yield line
    }
  }
  try {
    return await use({ sourcesOf, linesOf })
  } finally {
    for (const file of opened) await file.close()
  }
}
