/**
 * Writes a table from its pools: their runs are merged, arranged, and written to one file, which then gets its names.
 */
import { rm } from "node:fs/promises"
import { dirname, relative, resolve } from "node:path"
import type { OutputFormat } from "../../services/formats/output-format.ts"
import type { Table } from "../../services/Writer.ts"
import { arrange, barredOf, mergeSorted, takeShare } from "./arrange.ts"
import { openOwn } from "../disk/disk.ts"
import { bufferedOutput, type Pool } from "./pool.ts"
import { withPools } from "./pool-lines.ts"
import { makeFolder } from "../disk/make-folder.ts"
import { publish } from "./publish.ts"

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
  const final = resolve(directory, table.name)
  const part = `${final}.part`
  return withPools(directory, pools, async ({ linesOf, sourcesOf }) => {
    const barred = await barredOf(table, linesOf)
    const arranged = arrange(
      await Promise.all(table.pools.map(async (name) => ({
        name,
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
    const output = bufferedOutput(file)
    let summary: Awaited<ReturnType<typeof takeShare>>
    try {
      summary = await takeShare(arranged, limit, (json) => output.write(json))
      await output.end()
    } finally {
      await file.close()
    }
    const files = await publish(part, final, format, (paths) => claim(paths, paths.map((path) => `${path}.part`)))
    await rm(part, { force: true })
    const names = table.name.startsWith("/") ? files : files.map((path) => relative(directory, path))
    return { ...summary, files: names, bytes: output.bytes() }
  })
}
