import { spawn } from "node:child_process"
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync
} from "node:fs"
import { basename, join } from "node:path"
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileWriter from "../../layers/writer/FileWriter.ts"
import * as MemoryWriter from "../../layers/writer/MemoryWriter.ts"
import { itemsOf, rangesOf } from "../../layers/writer/run-files.ts"
import { fingerprint } from "../../services/text/random.ts"
import { type PooledRecord, type Sequence, Writer } from "../../services/Writer.ts"
import { sequenceContract } from "../contract/Sequence.ts"
import { writerContract } from "../contract/Writer.ts"
import { temporaryFolder } from "../support/repository.ts"
import { hurried } from "../support/hurried.ts"
import { withTools } from "../support/with-tools.ts"

const root = temporaryFolder()
let used = 0
const fresh = () => join(root, `run-${used++}`)
afterAll(() => rmSync(root, { recursive: true }))

const filesOf = (directory: string) =>
  new Map(
    readdirSync(directory).filter((name) => !/\.part$|\.lock$/.test(name)).sort()
      .map((name) => [name, readFileSync(join(directory, name), "utf8")])
  )

writerContract("FileWriter", {
  layer: FileWriter.layer,
  directory: fresh,
  files: filesOf,
  plant: (directory, name, text) => {
    mkdirSync(directory, { recursive: true })
    writeFileSync(join(directory, name), text)
  }
})

const folders = new Map<string, MemoryWriter.MemoryFolder>()
writerContract("MemoryWriter", {
  layer: MemoryWriter.layer(folders),
  directory: fresh,
  files: (directory) => new Map([...folders.get(directory)?.files ?? []].sort(([a], [b]) => (a < b ? -1 : 1))),
  plant: (directory, name, text) => {
    const folder = folders.get(directory) ?? { files: new Map(), unfinished: undefined, isLocked: false }
    folders.set(directory, folder)
    folder.files.set(name, text)
  }
})

sequenceContract("FileWriter", {
  layer: FileWriter.layer,
  path: () => `${fresh()}.jsonl`,
  read: (path) => (existsSync(path) ? readFileSync(path, "utf8") : undefined)
})
sequenceContract("MemoryWriter", {
  layer: MemoryWriter.layer(folders),
  path: () => `${fresh()}.jsonl`,
  read: (path) => folders.get(path)?.files.get("rows")
})

describe("FileWriter", () => {
  // Node's own recursive call never comes back in /proc, where nobody can make a folder.
  it.effect("is refused a folder where nobody can make one", () =>
    Effect.gen(function*() {
      const directory = process.platform === "linux" ? "/proc/retrace/below" : "/dev/null/below"
      const writer = yield* Writer
      const request = { directory, identity: "same", resume: false, overwrite: false, bufferBytes: 1, files: [] }
      const refused = yield* Effect.flip(Effect.scoped(writer.openRun(request)))
      assert.include(refused.message, "pass another --output")
    }).pipe(Effect.provide(FileWriter.layer)))

  it.live("resumes a sequence that was killed while its files got their names", () =>
    Effect.gen(function*() {
      const path = `${fresh()}.jsonl`
      const asked = {
        paths: [path, `${path}.rejected`] as const,
        identity: "same",
        resume: true,
        overwrite: false,
        bufferBytes: 1
      }
      const row = new TextEncoder().encode("row\n")
      const open = <A, E>(work: (sequence: Sequence) => Effect.Effect<A, E>) =>
        Effect.scoped(Effect.flatMap(Effect.flatMap(Writer, (writer) => writer.openSequence(asked)), work))
      yield* open((sequence) => sequence.append([row, row], {}))
      // As a kill leaves it between two renames.
      renameSync(`${path}.rejected.part`, `${path}.rejected`)
      yield* open((sequence) => Effect.zipRight(sequence.append([row, row], {}), sequence.seal({ identity: "same" })))
      assert.strictEqual(readFileSync(path, "utf8"), "row\nrow\n")
      assert.strictEqual(readFileSync(`${path}.rejected`, "utf8"), "row\nrow\n")
      // As a kill leaves it after the metadata.
      writeFileSync(`${path}.run.part`, "{}")
      yield* open((sequence) => Effect.sync(() => assert.isTrue(sequence.isSealed)))
      assert.deepStrictEqual(
        readdirSync(root).filter((name) => name.startsWith(basename(path).replace(".jsonl", "."))).sort(),
        [`${basename(path)}`, `${basename(path)}.rejected`, basename(path).replace(".jsonl", ".metadata.json")].sort()
      )
    }).pipe(Effect.provide(FileWriter.layer)))

  it.live("does not go on with rows that are gone", () =>
    Effect.gen(function*() {
      const path = `${fresh()}.jsonl`
      const open = <A, E>(resume: boolean, work: (sequence: Sequence) => Effect.Effect<A, E>) =>
        Effect.scoped(
          Effect.flatMap(
            Effect.flatMap(
              Writer,
              (writer) => writer.openSequence({ paths: [path], identity: 1, resume, overwrite: false, bufferBytes: 1 })
            ),
            work
          )
        )
      yield* open(false, (sequence) => sequence.append([new TextEncoder().encode("row\n")], {}))
      writeFileSync(`${path}.part`, "r")
      const failure = yield* Effect.flip(open(true, () => Effect.void))
      assert.include(failure.message, "shorter than it was")
    }).pipe(Effect.provide(FileWriter.layer)))

  const request = {
    identity: "same",
    resume: false,
    overwrite: false,
    files: ["train_kto.jsonl"],
    bufferBytes: 1
  }
  const open = (directory: string, rest = {}) =>
    Effect.scoped(Effect.flatMap(Writer, (writer) => writer.openRun({ ...request, directory, ...rest })))

  it.effect("takes over the lock of a process that is gone, not of one that lives", () =>
    Effect.gen(function*() {
      const directory = fresh()
      mkdirSync(directory)
      writeFileSync(join(directory, "run.lock"), "1")
      const failure = yield* Effect.flip(hurried(open(directory)))
      assert.include(failure.message, "process 1 is writing there")
      writeFileSync(join(directory, "run.lock"), "999999999")
      assert.isFalse((yield* hurried(open(directory))).isSealed)
    }).pipe(Effect.provide(FileWriter.layer)))

  it.effect("leaves alone the lock of another machine, unless nobody touched it for two minutes", () =>
    Effect.gen(function*() {
      const directory = fresh()
      mkdirSync(directory)
      const path = join(directory, "run.lock")
      // No process of that number runs here, and none is asked for.
      writeFileSync(path, "999999999 1 0123abcd")
      writeFileSync(`${path}.999999999-0`, "999999999 1 0123abcd")
      const failure = yield* Effect.flip(hurried(open(directory)))
      assert.include(failure.message, "process 999999999 of another machine or container is writing there")
      const ago = new Date(Date.now() - 121_000)
      utimesSync(path, ago, ago)
      utimesSync(`${path}.999999999-0`, ago, ago)
      assert.isFalse((yield* hurried(open(directory))).isSealed)
      assert.isEmpty(readdirSync(directory).filter((name) => name.startsWith("run.lock")))
    }).pipe(Effect.provide(FileWriter.layer)))

  it.live("waits a moment for a process that is ending", () =>
    Effect.gen(function*() {
      const directory = fresh()
      mkdirSync(directory)
      const ending = spawn(process.execPath, ["-e", "setTimeout(() => undefined, 300)"])
      writeFileSync(join(directory, "run.lock"), String(ending.pid))
      assert.isFalse((yield* open(directory)).isSealed)
    }).pipe(Effect.provide(FileWriter.layer)))

  withTools("/proc").live(
    "takes over the lock of a process that is dead but not buried, or of another one with its number",
    () =>
      Effect.gen(function*() {
        // The shell turns into a program that does not ask after the child it had, before that has gone.
        const brief = "setTimeout(() => {}, 200)"
        const script = `"$0" --eval '${brief}' & echo $!; exec "$0" --eval 'setTimeout(() => {}, 60_000)'`
        const parent = spawn("sh", ["-c", script, process.execPath], { stdio: ["ignore", "pipe", "ignore"] })
        const pid = yield* Effect.promise(() =>
          new Promise<string>((resolve) => parent.stdout.once("data", (data) => resolve(String(data).trim())))
        )
        const directory = fresh()
        mkdirSync(directory)
        writeFileSync(join(directory, "run.lock"), pid)
        assert.isFalse((yield* open(directory)).isSealed)
        process.kill(Number(pid), 0)
        parent.kill("SIGKILL")
        const other = fresh()
        mkdirSync(other)
        // In a container every first process has the same number, also after a crash.
        writeFileSync(join(other, "run.lock"), `${process.pid} 1`)
        assert.isFalse((yield* open(other)).isSealed)
      }).pipe(Effect.provide(FileWriter.layer))
  )

  it.effect("does not touch a dataset that is not its own, nor a file that no run writes", () =>
    Effect.gen(function*() {
      const directory = fresh()
      mkdirSync(directory)
      writeFileSync(join(directory, "train_kto.jsonl"), "theirs\n")
      writeFileSync(join(directory, "notes.txt"), "mine\n")
      const failure = yield* Effect.flip(open(directory, { resume: true }))
      assert.include(failure.message, "not ours")
      yield* open(directory, { overwrite: true })
      assert.deepStrictEqual([...filesOf(directory).keys()], ["notes.txt", "train_kto.jsonl"])
    }).pipe(Effect.provide(FileWriter.layer)))

  const record = (pool: string, item: number): PooledRecord => ({
    pool,
    key: fingerprint(pool, item),
    mate: fingerprint(item),
    rival: "",
    answers: "",
    facet: "",
    json: new TextEncoder().encode(`{"item":${item}}`)
  })
  const table = { pools: ["p"], hasRivals: false, apartFrom: [], repeats: null, share: 1 }
  const shards = { kind: "jsonl", shardRows: 2 } as const
  /** Writes `count` rows into shards of two, beside a rejected row in a file that is named by its path. */
  const writeShards = (directory: string, count: number, rest = {}) =>
    Effect.scoped(Effect.gen(function*() {
      const writer = yield* Writer
      const run = yield* writer.openRun({ ...request, directory, format: shards, ...rest })
      const records = Array.from({ length: count }, (_, item) => record("p", item))
      yield* run.commit({ item: 0, records: [...records, record("q", 0)], ledger: {} })
      yield* run.assemble({ ...table, name: "train.jsonl" })
      yield* run.assemble({ ...table, name: join(directory, "left.jsonl"), pools: ["q"] })
      yield* run.assemble({ ...table, name: `${directory}.left.jsonl`, pools: ["q"] })
      return run
    }))
  const everythingIn = (directory: string) => readdirSync(directory).sort()

  it.effect("overwrites all shards of a run, however it ended, and nothing outside of its folder", () =>
    Effect.gen(function*() {
      const directory = fresh()
      yield* writeShards(directory, 7)
      // As a kill leaves it while shards are written.
      writeFileSync(join(directory, "train-00003-of-00004.jsonl.part"), "")
      writeFileSync(join(directory, "train.jsonl.part"), "")
      // Nobody's, though it looks like one.
      writeFileSync(join(directory, "train-00000-of-00009.jsonl"), "")
      writeFileSync(join(directory, "pool-party.part"), "")
      const finish = (count: number) =>
        Effect.scoped(Effect.gen(function*() {
          const run = yield* Effect.flatMap(Writer, (writer) =>
            writer.openRun({ ...request, directory, format: shards, overwrite: true }))
          yield* run.commit({
            item: 0,
            records: Array.from({ length: count }, (_, item) =>
              record("p", item)),
            ledger: {}
          })
          yield* run.assemble({ ...table, name: "train.jsonl" })
          yield* run.seal({ identity: "same" })
        }))
      const foreign = ["pool-party.part", "train-00000-of-00009.jsonl"]
      const shardsOf = (count: number) =>
        Array.from({ length: count }, (_, shard) => `train-0000${shard}-of-0000${count}.jsonl`)
      yield* finish(5)
      assert.deepStrictEqual(everythingIn(directory), ["metadata.json", ...foreign, ...shardsOf(3)].sort())
      yield* finish(3)
      assert.deepStrictEqual(everythingIn(directory), ["metadata.json", ...foreign, ...shardsOf(2)].sort())
      // A name is a name in the folder, whatever a file of metadata says.
      const outside = `${directory}.left-00000-of-00001.jsonl`
      assert.isTrue(existsSync(outside))
      const written = [`../${basename(outside)}`, outside, ".", ""]
      writeFileSync(join(directory, "metadata.json"), JSON.stringify({ identity: 1, written }))
      yield* open(directory, { overwrite: true })
      assert.isTrue(existsSync(outside))
      assert.deepStrictEqual(everythingIn(directory), [...foreign, "run.json.part", ...shardsOf(2)].sort())
    }).pipe(Effect.provide(FileWriter.layer)))

  it.effect("overwrites the files of a sequence that a run took for its own, and removes what the sequence replaces", () =>
    Effect.gen(function*() {
      const directory = fresh()
      const path = join(directory, "journal.jsonl")
      const write = (rows: number, rest = {}) =>
        Effect.scoped(Effect.gen(function*() {
          const sequence = yield* Effect.flatMap(Writer, (writer) =>
            writer.openSequence({ ...request, paths: [path], overwrite: true, ...rest }))
          yield* sequence.append([new TextEncoder().encode("{}\n".repeat(rows))], {})
          yield* sequence.seal({ identity: "same" })
        }))
      yield* Effect.scoped(Effect.gen(function*() {
        const run = yield* Effect.flatMap(Writer, (writer) => writer.openRun({ ...request, directory }))
        yield* run.adopt("journal.jsonl")
        yield* write(1)
        yield* run.seal({ identity: "same" })
      }))
      assert.deepStrictEqual(everythingIn(directory), ["journal.jsonl", "journal.metadata.json", "metadata.json"])
      yield* open(directory, { overwrite: true })
      assert.deepStrictEqual(everythingIn(directory), ["run.json.part"])
      rmSync(join(directory, "run.json.part"))
      yield* write(7, { format: shards })
      writeFileSync(join(directory, "journal-00000-of-00009.jsonl"), "")
      yield* write(3, { format: shards })
      const kept = ["journal-00000-of-00009.jsonl", "journal.metadata.json"]
      assert.deepStrictEqual(
        everythingIn(directory),
        ["journal-00000-of-00002.jsonl", "journal-00001-of-00002.jsonl", ...kept].sort()
      )
      yield* write(3)
      assert.deepStrictEqual(everythingIn(directory), ["journal.jsonl", ...kept].sort())
      yield* write(3, { format: { kind: "parquet", shardRows: null } })
      assert.deepStrictEqual(everythingIn(directory), ["journal.parquet", ...kept].sort())
      const taken = yield* Effect.flip(write(3, { format: { kind: "parquet", shardRows: null }, overwrite: false }))
      assert.include(taken.message, "--overwrite")
    }).pipe(Effect.provide(FileWriter.layer)))

  it.effect("says why it cannot write", () =>
    Effect.gen(function*() {
      const file = fresh()
      writeFileSync(file, "")
      const failure = yield* Effect.flip(open(join(file, "below")))
      assert.strictEqual(failure._tag, "CannotWrite")
      assert.strictEqual(failure.exitCode, 73)
      assert.include(failure.message, "part of the path is a file")
    }).pipe(Effect.provide(FileWriter.layer)))
})

it("ranges and items are each other's inverse", () => {
  const items = [9, 1, 2, 3, 7, 8]
  assert.deepStrictEqual(rangesOf(items), [[1, 3], [7, 9]])
  assert.deepStrictEqual([...itemsOf(rangesOf(items))], [1, 2, 3, 7, 8, 9])
})
