import { spawn } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as JsonlWriter from "../../layers/writer/JsonlWriter.ts"
import * as MemoryWriter from "../../layers/writer/MemoryWriter.ts"
import { itemsOf, rangesOf } from "../../layers/writer/run-files.ts"
import { Writer } from "../../services/Writer.ts"
import { writerContract } from "../contract/Writer.ts"
import { temporaryFolder } from "../support/repository.ts"

const root = temporaryFolder()
let used = 0
const fresh = () => join(root, `run-${used++}`)
afterAll(() => rmSync(root, { recursive: true }))

const filesOf = (directory: string) =>
  new Map(
    readdirSync(directory).filter((name) => !/\.part$|\.lock$/.test(name)).sort()
      .map((name) => [name, readFileSync(join(directory, name), "utf8")])
  )

writerContract("JsonlWriter", { layer: JsonlWriter.layer, directory: fresh, files: filesOf })

const folders = new Map<string, MemoryWriter.MemoryFolder>()
writerContract("MemoryWriter", {
  layer: MemoryWriter.layer(folders),
  directory: fresh,
  files: (directory) => new Map([...folders.get(directory)?.files ?? []].sort(([a], [b]) => (a < b ? -1 : 1)))
})

describe("JsonlWriter", () => {
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
    }).pipe(Effect.provide(JsonlWriter.layer)))

  it.live.skipIf(process.platform !== "linux")(
    "takes over the lock of a process that is dead but not buried, or of another one with its number",
    () =>
      Effect.gen(function*() {
        // The shell turns into a program that does not ask after the child it had.
        const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] })
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
      }).pipe(Effect.provide(JsonlWriter.layer))
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
    }).pipe(Effect.provide(JsonlWriter.layer)))

  it.effect("says why it cannot write", () =>
    Effect.gen(function*() {
      const file = fresh()
      writeFileSync(file, "")
      const failure = yield* Effect.flip(open(join(file, "below")))
      assert.strictEqual(failure._tag, "CannotWrite")
      assert.strictEqual(failure.exitCode, 73)
      assert.include(failure.message, "part of the path is a file")
    }).pipe(Effect.provide(JsonlWriter.layer)))
})

it("ranges and items are each other's inverse", () => {
  const items = [9, 1, 2, 3, 7, 8]
  assert.deepStrictEqual(rangesOf(items), [[1, 3], [7, 9]])
  assert.deepStrictEqual([...itemsOf(rangesOf(items))], [1, 2, 3, 7, 8, 9])
})
