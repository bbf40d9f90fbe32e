/** What other programs write as Parquet is read to the last digit. The fixtures are written by DuckDB 1.4. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { parquetWriteFile } from "hyparquet-writer"
import { layer } from "../../layers/reader/FileReader.ts"
import { Reader } from "../../services/Reader.ts"
import { membersOf } from "../../services/rows/json-text.ts"

const fixtures = join(dirname(dirname(fileURLToPath(import.meta.url))), "fixtures", "reader")
const folder = mkdtempSync(join(tmpdir(), "retrace-exact-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const textsOf = (path: string) =>
  Effect.flatMap(
    Effect.flatMap(Reader, (reader) => reader.open(path)),
    ({ scan }) =>
      Effect.map(Stream.runCollect(scan({ from: 0, holding: null })), (pieces) =>
        Chunk.toReadonlyArray(pieces).flat().map(({ row }) => row.text))
  )
    .pipe(Effect.scoped, Effect.provide(layer({ cache: null })))

/** A column, and its values in the first row and in the second, as JSON. */
const columns: ReadonlyArray<readonly [string, string, string]> = [
  ["ts_ms", "\"2024-01-02T03:04:05.678\"", "\"1969-12-31T23:59:59.999\""],
  ["ts_us", "\"2024-01-02T03:04:05.678901\"", "\"1969-12-31T23:59:59.999999\""],
  ["ts_ns", "\"2024-01-02T03:04:05.678901234\"", "\"1700-01-01T00:00:00.000000001\""],
  ["ts_tz", "\"2024-01-02T03:04:05.678901Z\"", "\"1883-11-18T12:03:58.000001Z\""],
  ["d", "\"2024-02-29\"", "\"0001-01-01\""],
  ["t", "\"23:59:59.999999\"", "\"00:00:00.000001\""],
  ["dec38", "1234567890123456789012345678.0123456789", "-0.0000000001"],
  ["dec5", "-0.05", "-123.45"],
  ["dec18", "12345678901.5", "-12345678901234567.8"],
  ["i64", "9007199254740993", "-9223372036854775808"],
  ["u64", "18446744073709551615", "0"],
  ["bytes", "\"0x00ff10\"", "null"],
  ["text_bytes", "\"plain\"", "\"\""],
  ["uuid", "\"123e4567-e89b-12d3-a456-426614174000\"", "null"],
  ["list", "[1,null,9007199254740993]", "[]"],
  ["map", "{\"9007199254740993\":\"a\",\"2\":null}", "{}"],
  ["struct", "{\"a\":1,\"b\":{\"c\":[1.5,null]}}", "null"],
  ["lists", "[[1],[],null]", "null"],
  ["missing", "null", "1"],
  ["flag", "true", "false"],
  ["f32", "0.10000000149011612", "1.0000000150474662e+30"],
  ["f64", "1.0", "-0.0"],
  ["nan", "\"NaN\"", "1e+300"],
  ["inf", "\"-Infinity\"", "5e-324"],
  ["span", "\"P1M2DT3.004S\"", "null"],
  ["text", "\"é\\\"\\n\"", "\"\""]
]

describe("Parquet", () => {
  for (const codec of ["uncompressed", "snappy", "gzip", "zstd", "brotli", "lz4_raw"]) {
    it.live(`has the exact values of every type, packed by ${codec}`, () =>
      Effect.gen(function*() {
        const rows = (yield* textsOf(join(fixtures, `exact-${codec}.parquet`))).map(membersOf)
        for (const [name, first, second] of columns) {
          const found = rows.map((members) => members.find((member) => member.name === name)?.text)
          assert.deepStrictEqual(found, [first, second], name)
        }
        assert.strictEqual(rows.length, 2)
      }))
  }

  it.live("has maps in lists, lists in maps, and what is missing among them", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* textsOf(join(fixtures, "maps.parquet")), [
        "{\"m\":{\"9007199254740993\":\"a\",\"2\":null},\"lm\":[{\"x\":1},null,{}],\"sm\":{\"m\":{\"k\":{\"deep\":[1,2]}}},\"ml\":{\"a\":[\"x\",null],\"b\":[]},\"ls\":[{\"q\":1,\"r\":null},null],\"dm\":{\"2024-01-01\":1.25}}",
        "{\"m\":null,\"lm\":null,\"sm\":null,\"ml\":null,\"ls\":null,\"dm\":null}",
        "{\"m\":{},\"lm\":[],\"sm\":{\"m\":null},\"ml\":{},\"ls\":[],\"dm\":{}}"
      ])
    }))

  it.live("has half floats, bytes of a fixed length, and JSON as it is written", () =>
    Effect.gen(function*() {
      const path = join(folder, "more.parquet")
      parquetWriteFile({
        filename: path,
        schema: [
          { name: "root", num_children: 3 },
          {
            name: "half",
            type: "FIXED_LEN_BYTE_ARRAY",
            type_length: 2,
            logical_type: { type: "FLOAT16" },
            repetition_type: "OPTIONAL"
          },
          { name: "hash", type: "FIXED_LEN_BYTE_ARRAY", type_length: 4, repetition_type: "OPTIONAL" },
          { name: "json", type: "BYTE_ARRAY", converted_type: "JSON", repetition_type: "OPTIONAL" }
        ],
        columnData: [
          { name: "half", data: [0.1, -2, null] },
          { name: "hash", data: [Uint8Array.of(0, 255, 1, 2), Uint8Array.of(0x61, 0x62, 0x63, 0x64), null] },
          { name: "json", data: [{ a: [1] }, { b: null }, null] }
        ]
      })
      assert.deepStrictEqual(yield* textsOf(path), [
        "{\"half\":0.0999755859375,\"hash\":\"0x00ff0102\",\"json\":{\"a\":[1]}}",
        "{\"half\":-2.0,\"hash\":\"abcd\",\"json\":{\"b\":null}}",
        "{\"half\":null,\"hash\":null,\"json\":null}"
      ])
    }))

  it.live("has JSON as it is written, and in a row that says so where it nests 20,000 deep", () =>
    Effect.gen(function*() {
      const rows = yield* Effect.flatMap(
        Effect.flatMap(Reader, (reader) => reader.open(join(fixtures, "deep.parquet"))),
        (file) => Effect.all([file.row(0), file.row(1)])
      ).pipe(Effect.scoped, Effect.provide(layer({ cache: null })))
      const [plain, deep] = rows
      assert.strictEqual(plain?.text, "{\"json\":{\"a\": 9007199254740993, \"a\":  1.0}}")
      assert.strictEqual(deep?._tag === "malformed" ? deep.reason : deep, "nested too deeply")
      assert.strictEqual(deep?.text, `{"json":${"[".repeat(20_000)}${"]".repeat(20_000)}}`)
    }))
})
