/** Whatever files bring: packed, decoded, listed, torn, or something else; told by their bytes, read in any order and as a stream. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Chunk from "effect/Chunk"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { layer } from "../../layers/reader/FileReader.ts"
import { Reader } from "../../services/Reader.ts"
import { readerContract } from "../contract/Reader.ts"

const fixtures = join(dirname(dirname(fileURLToPath(import.meta.url))), "fixtures", "reader")
const fixture = (name: string) => readFileSync(join(fixtures, name))
const folder = mkdtempSync(join(tmpdir(), "retrace-inputs-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const fileOf = (name: string, bytes: string | Uint8Array): string => {
  const path = join(folder, `${files++}-${name}`)
  writeFileSync(path, bytes)
  return path
}

/** Rows as their texts; what is no row says what is wrong with it. */
const opened = (path: string) =>
  Effect.scoped(Effect.gen(function*() {
    const file = yield* (yield* Reader).open(path)
    const count = yield* file.count
    const rows: Array<string> = []
    // From the last one to the first: the order does not matter.
    for (let index = count - 1; index >= 0; index--) {
      const row = yield* file.row(index)
      rows.unshift(row === null ? "nothing" : row._tag === "row" ? row.text : `${row.reason}: ${row.text}`)
    }
    assert.isNull(yield* file.row(count))
    return rows
  })).pipe(Effect.provide(layer({ cache: null })))

const linesIn = (chunks: Chunk.Chunk<Uint8Array>): ReadonlyArray<string> =>
  Buffer.concat([...chunks]).toString("utf8").replace(/^\ufeff/, "").split("\n").map((line) => line.trim())
    .filter((line) => line !== "")

const streamed = (path: string) =>
  Effect.flatMap(Reader, (reader) => Stream.runCollect(reader.lines<never>({ _tag: "file", path }))).pipe(
    Effect.map(linesIn),
    Effect.provide(layer({ cache: null }))
  )

/** The same bytes through standard input, in pieces of a few. */
const piped = (name: string, bytes: Uint8Array, size: number) =>
  Effect.flatMap(Reader, (reader) =>
    Stream.runCollect(reader.lines({
      _tag: "bytes",
      name,
      bytes: Stream.fromIterable(
        Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size))
      )
    }))).pipe(Effect.map(linesIn), Effect.provide(layer({ cache: null })))

const refusal = (path: string) => Effect.flip(Effect.asVoid(opened(path)))

const plain = "{\"a\": 1}\n{\"a\": \"é漢 😀\"}\n[2]\n"
const plainRows = ["{\"a\": 1}", "{\"a\": \"é漢 😀\"}", "[2]"]
const utf16be = (text: string) => Buffer.from(text, "utf16le").swap16()
const objects = ["{\"a\": 1}", "{\"a\": \"x]}\\\"{\"}", "{\"b\": {\"c\": []}}"]
const list = (rows: ReadonlyArray<string>) => `[${rows.join(", ")}]`

const readable: ReadonlyArray<readonly [string, string, string | Uint8Array, ReadonlyArray<string>]> = [
  ["gzip", "rows.jsonl.gz", gzipSync(plain), plainRows],
  ["several members of gzip", "rows.jsonl.gz", Buffer.concat([gzipSync(plain), gzipSync(plain)]), [
    ...plainRows,
    ...plainRows
  ]],
  ["gzip with zeros behind it", "rows.jsonl.gz", Buffer.concat([gzipSync(plain), Buffer.alloc(512)]), plainRows],
  ["gzip of nothing", "rows.jsonl.gz", gzipSync(""), []],
  ["gzip by another name", "rows.jsonl", gzipSync(plain), plainRows],
  ["gzip in gzip", "rows.gz", gzipSync(gzipSync(plain)), plainRows],
  ["plain text that is called packed", "rows.jsonl.gz", plain, plainRows],
  ["JSON Lines that are called Parquet", "rows.parquet", plain, plainRows],
  ["zstd, with a frame to be skipped, and several others", "rows.jsonl.zst", fixture("rows.jsonl.zst"), [
    "{\"id\":1,\"text\":\"one\"}",
    "{\"id\":2,\"text\":\"two é\"}",
    "{\"id\":3,\"text\":\"three\"}"
  ]],
  ["a list in gzip", "rows.json.gz", gzipSync(list(objects)), objects],
  ["UTF-8 with a byte order mark", "rows.jsonl", `\ufeff${plain}`, plainRows],
  ["a blank line behind a byte order mark", "rows.jsonl", `\ufeff\n${plain}`, plainRows],
  ["UTF-16", "rows.jsonl", Buffer.from(`\ufeff${plain}`, "utf16le"), plainRows],
  ["UTF-16 without a mark", "rows.jsonl", Buffer.from(plain, "utf16le"), plainRows],
  ["UTF-16 with the high byte first", "rows.jsonl", utf16be(`\ufeff${plain}`), plainRows],
  ["UTF-16 with the high byte first and without a mark", "rows.jsonl", utf16be(plain), plainRows],
  ["UTF-16 in gzip", "rows.jsonl.gz", gzipSync(Buffer.from(`\ufeff${plain}`, "utf16le")), plainRows],
  ["a list in UTF-16", "rows.json", Buffer.from(`\ufeff${list(objects)}`, "utf16le"), objects],
  ["CRLF line ends", "rows.jsonl", plain.replaceAll("\n", "\r\n"), plainRows],
  ["CR line ends", "rows.jsonl", plain.replaceAll("\n", "\r"), plainRows],
  ["blank lines", "rows.jsonl", `\n\n${plain.replaceAll("\n", "\n \t\n")}`, plainRows],
  ["a list on one line", "rows.json", list(objects), objects],
  ["a list of objects as JSON Lines", "rows.jsonl", list(objects), objects],
  ["a list of plain values", "rows.json", "[1, \"a\", null, [2, 3]]", ["1", "\"a\"", "null", "[2, 3]"]],
  ["a list on several lines", "rows.json", `[\n${objects.join(",\n")}\n]\n`, objects],
  ["a list with indentation", "rows.json", "[\n  {\n    \"a\": [\n      1\n    ]\n  },\n  2\n]", ["{\"a\": [1]}", "2"]],
  ["an empty list", "rows.json", " []\n", []],
  ["a field of rows", "rows.json", `{"version": "1", "data": ${list(objects)}, "n": [1]}`, objects],
  ["a field of rows with indentation", "rows.json", `{\n "data": [\n${objects.join(",\n")}\n ]\n}`, objects],
  [
    "several fields of rows",
    "rows.json",
    `{"train": ${list(objects.slice(0, 2))}, "test": ${list(objects.slice(2))}}`,
    objects
  ],
  ["the only field, whatever its name", "rows.json", `{"things": ${list(objects)}}`, objects],
  ["one object with indentation", "rows.json", "{\n  \"a\": 1,\n  \"b\": [\n    2\n  ]\n}\n", [
    "{\"a\": 1,\"b\": [2]}"
  ]],
  ["one chat with indentation", "chat.json", "{\n\"messages\": [\n{\"role\": \"user\", \"content\": \"a\"}\n]\n}", [
    "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}"
  ]],
  ["one row with a list of objects", "rows.jsonl", `{"data": ${list(objects)}}\n`, [`{"data": ${list(objects)}}`]],
  ["objects with indentation, one behind the other", "rows.jsonl", "{\n \"a\": 1\n}\n{\n \"a\": 2\n}\n", [
    "{\"a\": 1}",
    "{\"a\": 2}"
  ]],
  ["values on one line", "rows.jsonl", "{\"a\":1}{\"a\":2} {\"a\":3}", ["{\"a\":1}", "{\"a\":2}", "{\"a\":3}"]],
  ["a sequence by RFC 7464", "rows.json-seq", "\u001e{\"a\":1}\n\u001e{\"a\":2}\n", ["{\"a\":1}", "{\"a\":2}"]],
  ["lists, one a line", "rows.jsonl", "[1, 2]\n[3]\n", ["[1, 2]", "[3]"]],
  ["plain values, one a line", "rows.jsonl", "1\n\"two\"\nnull\n", ["1", "\"two\"", "null"]],
  ["nothing", "rows.jsonl", "", []]
]

describe("an input that holds rows", () => {
  it.live.each(readable)("%s", ([, name, bytes, expected]) =>
    Effect.gen(function*() {
      const path = fileOf(name, bytes)
      assert.deepStrictEqual(yield* opened(path), expected)
      assert.deepStrictEqual(yield* streamed(path), expected)
      for (const size of [1, 7, 4096]) assert.deepStrictEqual(yield* piped(name, readFileSync(path), size), expected)
    }))
})

const broken: ReadonlyArray<readonly [string, string, string | Uint8Array, ReadonlyArray<string>]> = [
  ["a first line that is torn", "rows.jsonl", "{\"a\": tr\n{\"b\":2}\n", ["no JSON: {\"a\": tr", "{\"b\":2}"]],
  ["a first line that is torn behind a colon", "rows.jsonl", "{\"a\":\n{\"b\":2}\n{\"c\":3}\n", [
    "no JSON: {\"a\":",
    "{\"b\":2}",
    "{\"c\":3}"
  ]],
  ["a last line that is torn", "rows.jsonl", "{\"a\":1}\n{\"b\": \"x", ["{\"a\":1}", "no JSON: {\"b\": \"x"]],
  ["a list that is torn", "rows.json", "[{\"a\":1},\n{\"b\":", ["{\"a\":1}", "no JSON: {\"b\":"]],
  ["an element that is no JSON", "rows.json", "[{\"a\":1},\n{\"b\":oops},\n{\"c\":3}]", [
    "{\"a\":1}",
    "no JSON: {\"b\":oops}",
    "{\"c\":3}"
  ]],
  ["bytes that are no UTF-8", "rows.jsonl", Buffer.from("{\"a\":\"\xe9\"}\n{\"a\":1}\n", "latin1"), [
    "not UTF-8: {\"a\":\"\ufffd\"}",
    "{\"a\":1}"
  ]],
  ["a row that nests 20,000 deep", "rows.jsonl", `{"a":1}\n${"[".repeat(20_000)}${"]".repeat(20_000)}\n`, [
    "{\"a\":1}",
    `nested too deeply: ${"[".repeat(20_000)}${"]".repeat(20_000)}`
  ]],
  ["an element that nests 20,000 deep", "rows.json", `[{"a":1}, ${"{\"x\":".repeat(20_000)}1${"}".repeat(20_000)}]`, [
    "{\"a\":1}",
    `nested too deeply: ${"{\"x\":".repeat(20_000)}1${"}".repeat(20_000)}`
  ]],
  ["prose", "rows.jsonl", "hello\nworld\n", ["no JSON: hello", "no JSON: world"]]
]

describe("what is no row is a row that says so", () => {
  it.live.each(broken)(
    "%s",
    ([, name, bytes, expected]) =>
      Effect.map(opened(fileOf(name, bytes)), (rows) => assert.deepStrictEqual(rows, expected))
  )
})

describe("an input that is something else is named in one line", () => {
  it.live.each(
    [
      ["rows.jsonl.bz2", fixture("rows.jsonl.bz2"), "packed by bzip2"],
      ["rows.jsonl.xz", fixture("rows.jsonl.xz"), "packed by xz"],
      ["rows.jsonl.lz4", fixture("rows.jsonl.lz4"), "packed by lz4"],
      ["rows.zip", fixture("rows.zip"), "a zip archive"],
      ["rows.tgz", fixture("rows.tgz"), "a tar archive"],
      ["far.jsonl.zst", fixture("far.jsonl.zst"), "a window of 2048 MiB"],
      ["rows.parquet.gz", gzipSync(fixture("maps.parquet")), "a packed Parquet file"],
      ["cut.parquet", fixture("maps.parquet").subarray(0, 500), "footer"],
      ["rows.csv", "id,text\n1,\"a,b\"\n", "CSV"],
      ["table.jsonl", "id;text\n1;a\n2;b\n", "CSV"],
      ["rows.tsv", "id\ttext\n1\ta\n", "TSV"],
      ["rows.xml", "<?xml version=\"1.0\"?>\n<rows/>\n", "XML"],
      ["rows.yaml", "a: 1\nb: 2\n", "YAML"],
      ["rows.jsonl", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "Git LFS"],
      ["rows.arrow", "ARROW1\0\0", "Arrow"],
      ["rows.feather", "FEA1\0\0\0\0", "Feather"],
      ["rows.orc", "ORC\u0000", "ORC"],
      ["rows.avro", "Obj\u0001", "Avro"],
      ["rows.db", "SQLite format 3\0", "SQLite"],
      ["rows.pkl", Buffer.from([0x80, 4, 0x95]), "pickle"],
      ["rows.jsonl", Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), "UTF-32"]
    ] as const
  )("%s: %s", ([name, bytes, said]) =>
    Effect.gen(function*() {
      const failure = yield* refusal(fileOf(name, bytes))
      assert.include(failure.message, said)
      assert.notInclude(failure.message, "\n")
      assert.strictEqual(failure.exitCode, 65)
    }))
})

describe("packed rows that break off", () => {
  const rows = Array.from({ length: 20_000 }, (_, id) => `{"id":${id},"noise":"${(id * 7919).toString(36)}"}`)
  const packed = gzipSync(rows.map((row) => `${row}\n`).join(""))
  const cut = () => fileOf("cut.jsonl.gz", packed.subarray(0, packed.length / 2))

  it.live("are given as far as they go, and then it is said why there are no more", () =>
    Effect.gen(function*() {
      const file = yield* (yield* Reader).open(cut())
      const first = yield* file.row(0)
      assert.strictEqual(first?._tag === "row" ? first.text : first, rows[0])
      for (
        const work of [
          file.count,
          file.row(19_999),
          file.find("no such text", 0),
          Stream.runDrain(file.scan({ from: 0, holding: null }))
        ]
      ) {
        assert.include((yield* Effect.flip(Effect.asVoid(work))).message, "ends too early")
      }
      assert.isAbove(file.known().rows, 1000)
    }).pipe(Effect.scoped, Effect.provide(layer({ cache: null }))))

  it.live("end a stream with the same words", () =>
    Effect.gen(function*() {
      assert.include((yield* Effect.flip(streamed(cut()))).message, "ends too early")
      const damaged = Buffer.from(packed)
      damaged.fill(0xff, 2000, 2100)
      assert.include((yield* Effect.flip(streamed(fileOf("bad.jsonl.gz", damaged)))).message, "damaged")
      const zstd = fixture("rows.jsonl.zst")
      const short = fileOf("cut.jsonl.zst", zstd.subarray(0, zstd.length - 9))
      assert.include((yield* Effect.flip(streamed(short))).message, "zstd data ends too early")
    }))

  it.live("take no more of the disk than they may", () =>
    Effect.gen(function*() {
      const file = yield* (yield* Reader).open(fileOf("rows.jsonl.gz", packed))
      assert.include((yield* Effect.flip(file.count)).message, "GiB when they are unpacked")
    }).pipe(Effect.scoped, Effect.provide(layer({ cache: null, mostUnpackedBytes: 100_000 }))))
})

describe("a text is found however it is spelled", () => {
  it.live.each(
    [
      ["a/b", "{\"a\":\"a\\/b\"}"],
      ["<b>", "{\"a\":\"\\u003cb\\u003E\"}"],
      ["it's + you & me", "{\"a\":\"it\\u0027s \\u002B you \\u0026 me\"}"],
      ["café 漢😀", "{\"a\":\"caf\\u00E9 \\u6f22\\ud83d\\uDE00\"}"],
      ["café 漢😀", "{\"a\":\"café 漢😀\"}"],
      ["say \"hi\"\\\n", "{\"a\":\"say \\\"hi\\\"\\\\\\n\"}"],
      ["\u0001", "{\"a\":\"\\u0001\"}"]
    ] as const
  )("%j in %s", ([text, line]) =>
    Effect.gen(function*() {
      for (const name of ["rows.jsonl", "rows.jsonl.gz"]) {
        const bytes = `{"a":"other"}\n${line}\n{"a":"other"}\n`
        const file = yield* (yield* Reader).open(fileOf(name, name.endsWith(".gz") ? gzipSync(bytes) : bytes))
        assert.strictEqual(yield* file.find(text, 0), 1)
        assert.isNull(yield* file.find(text, 2))
        const held = Chunk.toReadonlyArray(yield* Stream.runCollect(file.scan({ from: 0, holding: text }))).flat()
        assert.deepStrictEqual(held.map(({ index }) => index), [1])
      }
    }).pipe(Effect.scoped, Effect.provide(layer({ cache: null }))))
})

for (
  const [name, bytesOf] of [["gzip", (text: string) => gzipSync(text)], [
    "UTF-16",
    (text: string) => Buffer.from(text, "utf16le")
  ]] as const
) {
  readerContract(`FileReader of ${name}`, {
    layer: layer({ cache: null }),
    missing: join(folder, "missing.jsonl.gz"),
    write: (rows) => fileOf("rows", bytesOf(rows.map((row) => `${JSON.stringify(row)}\n`).join("")))
  })
}
readerContract("FileReader of a list", {
  layer: layer({ cache: null }),
  missing: join(folder, "missing.json"),
  write: (rows) => fileOf("rows.json", JSON.stringify(rows, null, 2))
})
