/** Tables as Parquet and as shards: the same rows come back, whatever they hold. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FastCheck from "effect/FastCheck"
import type * as Scope from "effect/Scope"
import { parquetMetadata, parquetReadObjects } from "hyparquet"
import * as FileWriter from "../../layers/writer/FileWriter.ts"
import { publish } from "../../layers/writer/publish.ts"
import { filesOfTable } from "../../services/formats/output-format.ts"
import { Writer } from "../../services/Writer.ts"
import { rowsIn } from "../support/program.ts"
import { makeRepository, pythonModule, type TestRepository } from "../support/repository.ts"
import { runTask } from "../support/task.ts"
import { withSandbox } from "../support/with-tools.ts"

const folder = mkdtempSync(join(tmpdir(), "retrace-parquet-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let tables = 0

/** Numbers as JSON has them; what is missing is null, which Parquet does not tell apart. */
const plain = (value: unknown): unknown => {
  if (typeof value === "bigint") return Number(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).filter(([, part]) => part !== null && part !== undefined).map((
        [name, part]
      ) => [name, plain(part)])
    )
  }
  return value
}

const readParquet = async (path: string): Promise<ReadonlyArray<unknown>> => {
  const bytes = readFileSync(path)
  return (await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) }))
    .map(plain)
}

const write = async (rows: ReadonlyArray<unknown>, format: Parameters<typeof publish>[2]) => {
  const path = join(folder, `table-${tables++}.jsonl`)
  writeFileSync(`${path}.part`, rows.map((row) => `${JSON.stringify(row)}\n`).join(""))
  return publish(`${path}.part`, path, format)
}

const text = FastCheck.oneof(FastCheck.fullUnicodeString(), FastCheck.constant("\u2028\u0085\r\n"))
const row = FastCheck.record({
  prompt: text,
  label: FastCheck.boolean(),
  count: FastCheck.integer(),
  score: FastCheck.double({ noNaN: true, noDefaultInfinity: true }).map((
    number
  ) => (Object.is(number, -0) ? 0 : number)),
  edits: FastCheck.array(text, { minLength: 1, maxLength: 3 }),
  messages: FastCheck.array(FastCheck.record({ role: text, content: text }), { minLength: 1, maxLength: 3 }),
  metadata: FastCheck.record({
    commit: FastCheck.option(text),
    span: FastCheck.tuple(FastCheck.nat(), FastCheck.nat()),
    always_null: FastCheck.constant(null)
  })
})

describe("Parquet", () => {
  it("gives back the rows that it was given", async () => {
    await FastCheck.assert(
      FastCheck.asyncProperty(FastCheck.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
        const [path = ""] = await write(rows, { kind: "parquet", shardRows: null })
        assert.deepEqual(await readParquet(path), JSON.parse(JSON.stringify(rows)).map(plain))
      }),
      { numRuns: 100 }
    )
  })

  it("writes row groups that are small enough to read one row", async () => {
    const rows = Array.from({ length: 3500 }, (_, index) => ({ index, text: "x".repeat(100) }))
    const [path = ""] = await write(rows, { kind: "parquet", shardRows: null })
    const bytes = readFileSync(path)
    const { row_groups } = parquetMetadata(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
    assert.deepStrictEqual(row_groups.map(({ num_rows }) => Number(num_rows)), [1000, 1000, 1000, 500])
    assert.deepEqual(await readParquet(path), rows)
  })

  it("makes one type of what rows do not agree on, and a file of what has no rows", async () => {
    const [mixed = ""] = await write([{ a: 1 }, { a: "x" }, { a: { b: [] } }], { kind: "parquet", shardRows: null })
    assert.deepEqual(await readParquet(mixed), [{ a: "1" }, { a: "x" }, { a: "{\"b\":[]}" }])
    const [empty = ""] = await write([], { kind: "parquet", shardRows: null })
    assert.deepEqual(await readParquet(empty), [])
  })

  for (const kind of ["jsonl", "parquet"] as const) {
    it(`cuts ${kind} into shards in order`, async () => {
      const rows = Array.from({ length: 25 }, (_, index) => ({ index }))
      const paths = await write(rows, { kind, shardRows: 10 })
      assert.deepStrictEqual(paths.map((path) => path.slice(path.lastIndexOf("-", path.lastIndexOf("-of-") - 1))), [
        `-00000-of-00003.${kind}`,
        `-00001-of-00003.${kind}`,
        `-00002-of-00003.${kind}`
      ])
      const parts = await Promise.all(
        paths.map((path) => kind === "jsonl" ? rowsIn(readFileSync(path, "utf8")) : readParquet(path))
      )
      assert.deepStrictEqual(parts.map(({ length }) => length), [10, 10, 5])
      assert.deepEqual(parts.flat(), rows)
      assert.deepStrictEqual(filesOfTable("t.jsonl", 0, { kind, shardRows: 10 }), [`t-00000-of-00001.${kind}`])
    })
  }

  it("is written again by a run that was killed before it was sealed", async () => {
    const path = join(folder, "sequence.parquet")
    const rows = Array.from({ length: 5 }, (_, index) => ({ index }))
    const open = (resume: boolean) =>
      Effect.flatMap(Writer, (writer) =>
        writer.openSequence({
          paths: [path],
          identity: "same",
          resume,
          overwrite: false,
          bufferBytes: 0,
          format: { kind: "parquet", shardRows: 2 }
        }))
    const run = <A, E>(work: Effect.Effect<A, E, Writer | Scope.Scope>) =>
      Effect.runPromise(Effect.provide(Effect.scoped(work), FileWriter.layer))
    await run(Effect.gen(function*() {
      const sequence = yield* open(false)
      for (const row of rows) yield* sequence.append([Buffer.from(`${JSON.stringify(row)}\n`)], {})
    }))
    // The last step before the metadata, and then the kill.
    await publish(`${path}.part`, path, { kind: "parquet", shardRows: 2 })
    await run(Effect.gen(function*() {
      const sequence = yield* open(true)
      assert.strictEqual(sequence.next, 5)
      yield* sequence.seal({ identity: "same" })
    }))
    const shards = readdirSync(folder).filter((name) => name.startsWith("sequence-")).sort()
    assert.strictEqual(shards.length, 3)
    assert.deepEqual((await Promise.all(shards.map((name) => readParquet(join(folder, name))))).flat(), rows)
    assert.deepStrictEqual(
      readdirSync(folder).filter((name) => name.startsWith("sequence") && name.includes("part")),
      []
    )
    await run(Effect.map(open(true), ({ isSealed }) => assert.isTrue(isSealed)))
  })
})

describe("a task that is asked for Parquet", () => {
  let repository: TestRepository
  beforeAll(() => {
    repository = makeRepository("project")
    for (let step = 0; step < 2; step++) {
      for (const name of ["a", "b", "c"]) {
        repository.write(`${name}.py`, `${pythonModule(3 + step, `${name}_`)}\nprint(${step})\n`)
      }
      repository.commit(`step ${step}`)
    }
  })
  afterAll(() => repository.dispose())

  /** Runs it for each form of a table: the rows are the same in all of them. */
  const sameRows = async (task: string, table: string, ...more: ReadonlyArray<string>) => {
    const parquet = ["--output-format", "parquet"]
    const outputOf = (name: string) =>
      task === "lintseq"
        ? join(folder, `${task}-${name}`, `edits.${name === "plain" ? "jsonl" : "parquet"}`)
        : join(folder, `${task}-${name}`)
    const run = async (name: string, ...flags: ReadonlyArray<string>) => {
      const args = [task, "--repo", repository.path, ...more, "-o", outputOf(name), "-q", ...flags]
      const ended = await runTask(args)
      assert.strictEqual(ended.code, 0, ended.stderr)
      return join(folder, `${task}-${name}`)
    }
    const plainFolder = await run("plain")
    const whole = await run("whole", ...parquet)
    const sharded = await run("shards", ...parquet, "--shard-rows", "2")
    const rows = rowsIn(readFileSync(join(plainFolder, `${table}.jsonl`), "utf8")).map(plain)
    assert.isAbove(rows.length, 2)
    assert.deepEqual(await readParquet(join(whole, `${table}.parquet`)), rows, task)
    const shards = readdirSync(sharded).filter((name) => name.startsWith(`${table}-`)).sort()
    assert.strictEqual(shards.length, Math.ceil(rows.length / 2))
    const read = await Promise.all(shards.map((name) => readParquet(join(sharded, name))))
    assert.deepEqual(read.flat(), rows)
    assert.isFalse([...readdirSync(whole), ...readdirSync(sharded)].some((name) => name.endsWith(".part")))
    const args = [task, "--repo", repository.path, ...more, "-o", outputOf("shards"), ...parquet, "--shard-rows", "2"]
    const again = await runTask([...args, "--resume"])
    assert.include(again.stderr, "Nothing to do", task)
  }

  it("generate writes it, and view and report read it", async () => {
    await sameRows("generate", "train_kto", "--dataset-type", "kto,fim")
    const shown = await runTask(["view", join(folder, "generate-whole", "train_kto.parquet"), "--row", "1"])
    assert.match(shown.stdout, /── (?:un)?wanted/)
    const report = await runTask(["report", join(folder, "generate-shards")])
    assert.strictEqual(report.code, 0, report.stderr)
    assert.include(readFileSync(join(folder, "generate-shards", "README.md"), "utf8"), "train_kto-00000-of-")
  })

  it("lintseq writes it", () => sameRows("lintseq", "edits"))

  withSandbox.it(
    "vim-loop writes it",
    () => sameRows("vim-loop", "transforms", "--max-edits", "2", "--time-limit", "0.5")
  )
})
