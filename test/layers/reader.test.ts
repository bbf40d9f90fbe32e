import { appendFileSync, mkdtempSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import { parquetWriteFile } from "hyparquet-writer"
import { layer as reader } from "../../layers/reader/FileReader.ts"
import { makeLineOffsets } from "../../layers/reader/line-offsets.ts"
import { Reader } from "../../services/Reader.ts"
import { readerContract } from "../contract/Reader.ts"

const folder = mkdtempSync(join(tmpdir(), "retrace-reader-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const fresh = (ending: string) => join(folder, `rows-${files++}.${ending}`)

readerContract("FileReader of JSON Lines", {
  layer: reader({ cache: null }),
  missing: join(folder, "missing.jsonl"),
  write: (rows) => {
    const path = fresh("jsonl")
    writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""))
    return path
  }
})

readerContract("FileReader of Parquet", {
  layer: reader({ cache: null }),
  missing: join(folder, "missing.parquet"),
  write: (rows) => {
    const path = fresh("parquet")
    const columns = new Map<string, Array<unknown>>()
    for (const row of rows) {
      for (const [name, value] of Object.entries(row)) columns.set(name, [...columns.get(name) ?? [], value])
    }
    parquetWriteFile({
      filename: path,
      rowGroupSize: 300,
      columnData: [...columns].map(([name, data]) => ({
        name,
        data,
        ...(name === "metadata" ? { type: "JSON" as const } : {})
      }))
    })
    return path
  }
})

describe("line offsets", () => {
  const line = FastCheck.constantFrom("{}", "", "  ", "\t\r", "{\"a\":1}", "[1, 2]\r", "torn {")
  const ending = FastCheck.constantFrom("", "\n")
  it.prop("cut a text as its lines do, wherever the bytes are cut", {
    lines: FastCheck.array(line, { maxLength: 12 }),
    ending,
    size: FastCheck.integer({ min: 1, max: 7 })
  }, ({ ending, lines, size }) => {
    const bytes = Buffer.from(lines.join("\n") + ending)
    const offsets = makeLineOffsets()
    for (let at = 0; at < bytes.length; at += size) offsets.feed(bytes.subarray(at, at + size))
    offsets.end()
    const rows = Array.from({ length: offsets.rows() }, (_, row) => {
      const { end, start } = offsets.spanOf(row)
      return bytes.toString("utf8", start, end).trim()
    })
    assert.deepStrictEqual(rows, lines.map((text) => text.trim()).filter((text) => text !== ""))
    for (const row of rows.keys()) {
      const { end, start } = offsets.spanOf(row)
      assert.strictEqual(offsets.rowAt(start), row)
      assert.strictEqual(offsets.rowAt(end - 1), row)
    }
  })
})

describe("FileReader", () => {
  const rowsOf = (path: string, cache: string | null = null) =>
    Effect.scoped(Effect.gen(function*() {
      const file = yield* (yield* Reader).open(path)
      const rows = []
      for (let index = 0; index < (yield* file.count); index++) rows.push(yield* file.row(index))
      return rows
    })).pipe(Effect.provide(reader({ cache })))

  it.live("shows torn and foreign lines as what they are, and passes over blank ones", () =>
    Effect.gen(function*() {
      const path = fresh("jsonl")
      writeFileSync(path, "\n{\"a\":1}\r\n\n  \nnot JSON\n{\"b\":2}\n{\"torn\": tr")
      assert.deepStrictEqual(yield* rowsOf(path), [
        { _tag: "row", value: { a: 1 }, text: "{\"a\":1}" },
        { _tag: "malformed", text: "not JSON", reason: "no JSON" },
        { _tag: "row", value: { b: 2 }, text: "{\"b\":2}" },
        { _tag: "malformed", text: "{\"torn\": tr", reason: "no JSON" }
      ])
      writeFileSync(path, "")
      assert.deepStrictEqual(yield* rowsOf(path), [])
    }))

  it.live("finds what other writers escape", () =>
    Effect.gen(function*() {
      const path = fresh("jsonl")
      writeFileSync(path, "{\"a\": \"plain\"}\n{\"a\": \"caf\\u00e9 \\u6f22\"}\n")
      const found = yield* Effect.scoped(
        Effect.flatMap(Effect.flatMap(Reader, (reader) => reader.open(path)), (file) => file.find("café 漢", 0))
      ).pipe(Effect.provide(reader({ cache: null })))
      assert.strictEqual(found, 1)
    }))

  it.live(
    "keeps the offsets of a large file, and drops them when the file is another one",
    () =>
      Effect.gen(function*() {
        const path = fresh("jsonl")
        const cache = join(folder, "cache")
        // Rows of 64 KiB: large enough to be kept, few enough to be quick.
        const row = (index: number) => `${JSON.stringify({ index, text: "x".repeat(65_536) })}\n`
        writeFileSync(path, Array.from({ length: 1100 }, (_, index) => row(index)).join(""))
        const look = Effect.scoped(Effect.gen(function*() {
          const file = yield* (yield* Reader).open(path)
          const atOnce = file.known()
          const total = yield* file.count
          const last = yield* file.row(total - 1)
          return { atOnce, total, last: last?._tag === "row" ? JSON.stringify(last.value).slice(0, 15) : last?._tag }
        })).pipe(Effect.provide(reader({ cache })))
        const first = yield* look
        assert.isFalse(first.atOnce.isComplete)
        assert.strictEqual(readdirSync(cache).length, 1)
        const second = yield* look
        assert.isTrue(second.atOnce.isComplete)
        assert.deepStrictEqual([second.total, second.last], [first.total, first.last])
        appendFileSync(path, row(1100))
        assert.deepInclude(yield* look, { total: 1101, atOnce: { rows: 0, isComplete: false } })
        // As long as before, and other bytes at its end.
        truncateSync(path, Buffer.byteLength(row(0)))
        utimesSync(path, 1, 1)
        assert.deepInclude(yield* look, { total: 1 })
      }),
    60_000
  )
})
