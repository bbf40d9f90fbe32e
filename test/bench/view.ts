/**
 * `pnpm bench view [--megabytes=1000] [--rows=file]`: a large file of rows in the viewer's reader: the first row, the last
 * one, rows at random, a search that finds nothing, a filter, figures; beside reading the whole file into one text, which is
 * what a viewer without an index does. Times are of this process, after it has started.
 */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { layer as reader } from "../../layers/reader/FileReader.ts"
import { publish } from "../../layers/writer/publish.ts"
import { makeStats } from "../../services/measures/file-stats.ts"
import { randomOf } from "../../services/text/random.ts"
import { type FileRow, Reader } from "../../services/Reader.ts"
import { isMatch } from "../../services/rows/fields.ts"

const valueOf = (flag: string) => process.argv.find((arg) => arg.startsWith(`--${flag}=`))?.slice(flag.length + 3)
const megabytes = Number(valueOf("megabytes") ?? 1000)
const folder = mkdtempSync(join(tmpdir(), "retrace-bench-"))
process.on("exit", () => rmSync(folder, { recursive: true, force: true }))

const languages = ["python", "go", "typescript", "php", "rust"]
const code = readFileSync(new URL(import.meta.url), "utf8").repeat(2)

/** Rows like those of a dataset: a prompt, a completion, metadata. */
const writeRows = (path: string, bytes: number): number => {
  const file = openSync(path, "w")
  let written = 0
  let rows = 0
  for (; written < bytes; rows++) {
    const random = randomOf("row", rows)
    const start = random.below(2000)
    const row = {
      prompt: code.slice(start, start + 400 + random.below(1800)),
      completion: code.slice(start, start + 20 + random.below(200)),
      label: rows % 2 === 0,
      // What no compression makes small.
      noise: Array.from({ length: 40 }, () => Math.floor(random.next() * 2 ** 32).toString(36)).join(""),
      metadata: { repo: "shop", filepath: `src/file-${rows % 997}.py`, language: languages[random.below(5)], row: rows }
    }
    written += writeSync(file, `${JSON.stringify(row)}\n`)
  }
  closeSync(file)
  return rows
}

const timed = <A, E, R>(name: string, work: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const started = performance.now()
    const value = yield* work
    const millis = performance.now() - started
    const memory = Math.round(process.memoryUsage().rss / 1024 / 1024)
    process.stdout.write(`| ${name} | ${millis < 10 ? millis.toFixed(2) : Math.round(millis)} ms | ${memory} MiB |\n`)
    return value
  })

const passes = (row: FileRow) => row._tag === "row" && isMatch(row, "language", "rust")

const measure = (path: string) =>
  Effect.gen(function*() {
    const reader = yield* Reader
    process.stdout.write(
      `\n${path.slice(path.lastIndexOf("/") + 1)}, ${
        Math.round(statSync(path).size / 1024 / 1024)
      } MiB\n\n| | time | memory |\n|---|---|---|\n`
    )
    const file = yield* timed("open and first row", Effect.tap(reader.open(path), (file) => file.row(0)))
    const total = yield* timed("all rows counted", file.count)
    yield* timed("last row", file.row(total - 1))
    yield* timed(
      "1,000 rows at random",
      Effect.forEach(
        Array.from({ length: 1000 }, (_, index) => randomOf("at", index).below(total)),
        (index) => file.row(index),
        { discard: true }
      )
    )
    yield* timed("search for what is not there", file.find("zq".repeat(6), 0))
    yield* timed(
      "first row that passes a filter",
      Stream.runHead(
        Stream.filter(file.scan({ from: 0, holding: "rust" }), (rows) => rows.some(({ row }) => passes(row)))
      )
    )
    yield* timed(
      "all rows that pass it",
      Stream.runForEach(file.scan({ from: 0, holding: "rust" }), (rows) =>
        Effect.sync(() => void rows.filter(({ row }) => passes(row))))
    )
    const stats = makeStats()
    yield* timed(
      "figures",
      Stream.runForEach(file.scan({ from: 0, holding: null }), (rows) =>
        Effect.sync(() => {
          for (const { row } of rows) {
            stats.add(row)
          }
        }))
    )
  }).pipe(Effect.scoped)

const large = join(folder, "rows.jsonl")
const small = join(folder, "small.jsonl")
writeRows(large, megabytes * 1024 * 1024)
await Effect.runPromise(Effect.provide(measure(large), reader({ cache: null })))
writeRows(`${small}.part`, megabytes * 1024 * 1024)
const [table = ""] = await publish(`${small}.part`, small, { kind: "parquet", shardRows: null })
await Effect.runPromise(Effect.provide(measure(table), reader({ cache: null })))

process.stdout.write("\nthe whole file as one text\n\n| | time | memory |\n|---|---|---|\n")
await Effect.runPromise(
  timed("read and cut into lines", Effect.try(() => readFileSync(large, "utf8").split("\n").length)).pipe(
    Effect.catchAll(({ error }) =>
      Effect.sync(() =>
        process.stdout.write(
          `| read and cut into lines | ${error instanceof Error ? error.message : String(error)} | |\n`
        )
      )
    )
  )
)
