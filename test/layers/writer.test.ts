import { spawn } from "node:child_process"
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FileWriter from "../../layers/writer/FileWriter.ts"
import * as MemoryWriter from "../../layers/writer/MemoryWriter.ts"
import { itemsOf, rangesOf } from "../../layers/writer/run-files.ts"
import { type Sequence, Writer } from "../../services/Writer.ts"
import { sequenceContract } from "../contract/Sequence.ts"
import { writerContract } from "../contract/Writer.ts"
import { temporaryFolder } from "../support/repository.ts"
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

writerContract("FileWriter", { layer: FileWriter.layer, directory: fresh, files: filesOf })

const folders = new Map<string, MemoryWriter.MemoryFolder>()
writerContract("MemoryWriter", {
  layer: MemoryWriter.layer(folders),
  directory: fresh,
  files: (directory) => new Map([...folders.get(directory)?.files ?? []].sort(([a], [b]) => (a < b ? -1 : 1)))
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

  const request = { identity: "same", resume: false, overwrite: false, bufferBytes: 1 }
  const open = (directory: string, rest = {}) =>
    Effect.scoped(Effect.flatMap(Writer, (writer) => writer.openRun({ ...request, directory, ...rest })))

  it.live("takes over the lock of a process that is gone, not of one that lives", () =>
    Effect.gen(function*() {
      const directory = fresh()
      mkdirSync(directory)
      writeFileSync(join(directory, "run.lock"), "1")
      const failure = yield* Effect.flip(open(directory))
      assert.include(failure.message, "process 1 is writing there")
      writeFileSync(join(directory, "run.lock"), "999999999")
      assert.isFalse((yield* open(directory)).isSealed)
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
        // The shell turns into a program that does not ask after the child it had.
        const script = "\"$0\" --version >&2 & echo $!; exec \"$0\" --eval 'setTimeout(() => {}, 60_000)'"
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
      assert.deepStrictEqual([...filesOf(directory).keys()], ["notes.txt"])
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
