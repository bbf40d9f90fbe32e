import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync, rmSync, watch } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, inject, it } from "@effect/vitest"
import { randomOf } from "../../../services/text/random.ts"
import { folderContents, runProgram, startProgram } from "../../support/program.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"

/** Killed runs, half of them at a moment of the clock, half when a file of a given name appears. */
const moments = 20
const seed = Number(process.env["RETRACE_KILL_SEED"] ?? 20_241)

let repository: TestRepository
let root = ""
let whole: Readonly<Record<string, string>> = {}
let duration = 0

const args = (output: string, ...rest: ReadonlyArray<string>) => [
  "generate",
  "--repo",
  repository.path,
  "--output",
  output,
  "--dataset-type",
  "both",
  "--format",
  "MIXED",
  "--buffer-mb",
  "1",
  "--quiet",
  ...rest
]

beforeAll(async () => {
  repository = makeRepository("long")
  for (let step = 0; step < 8; step++) {
    for (let file = 0; file < 6; file++) {
      // Large files make large rows, which fill a buffer soon.
      repository.write(`src/part_${file}.py`, pythonModule(25 + (step + file) % 9, `v${step}_`))
    }
    repository.commit(`step ${step}`)
  }
  root = temporaryFolder()
  const started = performance.now()
  const ended = await runProgram(args(join(root, "whole")))
  duration = performance.now() - started
  assert.strictEqual(ended.code, 0, ended.stderr)
  whole = folderContents(join(root, "whole"))
})
afterAll(() => {
  repository.dispose()
  rmSync(root, { recursive: true, force: true })
})

/** Names that appear inside a flush, inside the writing of a table, and inside the last rename. */
const triggers = [
  /^run\.json\.part\.new$/,
  /^pool-.*\.part$/,
  /^train_kto\.jsonl\.part$/,
  /^test_dpo\.jsonl$/,
  /^metadata\.json\.part$/,
  /^metadata\.json$/
]

/** Two threads now and then, before the kill or after it: each takes as long to start as such a run. */
const threadsAt = (moment: number) => (moment % 3 === 0 ? "2" : "1")

/** Starts a run, kills it at its moment, and says whether it was still running. */
const killAt = async (output: string, moment: number): Promise<boolean> => {
  const random = randomOf("kill", seed, moment)
  const { child, ended } = startProgram(args(output, "--concurrency", threadsAt(moment)))
  if (moment % 2 === 0) {
    const timer = setTimeout(() => child.kill("SIGKILL"), duration * (0.05 + 0.9 * random.next()))
    const { signal } = await ended
    clearTimeout(timer)
    return signal === "SIGKILL"
  }
  const trigger = triggers[Math.floor(moment / 2) % triggers.length] ?? /^$/
  while (!existsSync(output) && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 1))
  const watcher = watch(output, (_, name) => {
    if (name !== null && trigger.test(name)) child.kill("SIGKILL")
  })
  const { signal } = await ended
  watcher.close()
  return signal === "SIGKILL"
}

describe(`killed with SIGKILL at ${moments} moments of seed ${seed}`, () => {
  it("the rows went to the disk several times", () => {
    const bytes = Object.values(whole).reduce((sum, text) => sum + text.length, 0)
    assert.isAbove(bytes, 3_000_000)
  })

  it("and resumed, gives the bytes of an undisturbed run", { timeout: 300_000 }, async () => {
    let killed = 0
    for (let moment = 0; moment < moments; moment++) {
      const output = join(root, `killed-${moment}`)
      if (await killAt(output, moment)) killed++
      const names = existsSync(output) ? readdirSync(output) : []
      if (names.includes("metadata.json")) {
        assert.sameMembers(names.filter((name) => whole[name] !== undefined), Object.keys(whole))
      }
      for (const name of names.filter((name) => whole[name] !== undefined)) {
        const text = readFileSync(join(output, name), "utf8")
        assert.strictEqual(text, whole[name], `${name} at moment ${moment} stands under its name`)
      }
      const resumed = await runTask(args(output, "--resume", "--concurrency", threadsAt(moment + 1)))
      assert.strictEqual(resumed.code, 0, resumed.stderr)
      assert.deepStrictEqual(folderContents(output), whole, `moment ${moment}`)
      rmSync(output, { recursive: true })
    }
    assert.isAtLeast(killed, moments / 2)
  })

  it("a disk that takes no more is told in one line, and the run goes on when it does", async () => {
    const output = join(root, "full")
    const program = [process.execPath, join(inject("bundleFolder"), "main.mjs"), ...args(output)]
    // No file may grow over half a megabyte.
    const limited = spawnSync("/bin/sh", ["-c", "ulimit -f 1000; exec \"$0\" \"$@\"", ...program], { encoding: "utf8" })
    assert.strictEqual(limited.status, 73, limited.stderr)
    assert.match(limited.stderr, /^Cannot write ".*": a file of this size is not allowed\n$/)
    const resumed = await runTask(args(output, "--resume"))
    assert.strictEqual(resumed.code, 0, resumed.stderr)
    assert.deepStrictEqual(folderContents(output), whole)
  })

  it("a run over an unfinished or finished folder says what to do, and touches nothing", async () => {
    const output = join(root, "unfinished")
    const { child, ended } = startProgram(args(output))
    while (!existsSync(join(output, "run.json.part"))) await new Promise((resolve) => setTimeout(resolve, 5))
    child.kill("SIGKILL")
    await ended
    // The lock of the killed process is taken over and given back, so it is gone after any other run.
    rmSync(join(output, "run.lock"), { force: true })
    const before = folderContents(output)
    const again = await runTask(args(output))
    assert.strictEqual(again.code, 73)
    assert.match(
      again.stderr,
      /^Cannot write to ".*": it holds an unfinished run; pass --resume .* or --overwrite .*\n$/
    )
    assert.deepStrictEqual(folderContents(output), before)
    const other = await runTask([...args(output, "--resume"), "--seed", "1"])
    assert.strictEqual(other.code, 73)
    assert.match(other.stderr, /had other options or commits: seed was 42 and is 1; pass --overwrite/)
    const over = await runTask(args(output, "--overwrite"))
    assert.strictEqual(over.code, 0, over.stderr)
    assert.deepStrictEqual(folderContents(output), whole)
    const finished = await runTask(args(output))
    assert.strictEqual(finished.code, 73)
    assert.include(finished.stderr, "--overwrite")
    assert.strictEqual((await runTask(args(output, "--resume"))).code, 0)
  })
})
