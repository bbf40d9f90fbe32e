/** Runs that are shared give the bytes of a run of one process: for every task, however many ranks there are, and kills. */
import { spawn } from "node:child_process"
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { inject } from "vitest"
import { randomOf } from "../../../../services/text/random.ts"
import { piecesFolder } from "../../../support/pieces-folder.ts"
import { startProgram } from "../../../support/program.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../../../support/repository.ts"
import { runTask } from "../../../support/task.ts"
import { withTools } from "../../../support/with-tools.ts"

let origin: TestRepository
let fork: TestRepository
let folder = ""
let used = 0

/** Two histories with files in common, and renames within and after what they share. */
beforeAll(() => {
  folder = temporaryFolder()
  origin = makeRepository("origin")
  fork = makeRepository("fork")
  for (const repository of [origin, fork]) {
    for (let module = 0; module < 6; module++) {
      repository.write(`src/part_${module}.py`, pythonModule(4, `m${module}_`))
      repository.commit(`Add part ${module}`)
    }
  }
  origin.git("mv", "src/part_0.py", "src/first.py")
  origin.commit("Rename a part")
  for (let change = 0; change < 8; change++) {
    for (const [repository, salt] of [[origin, "o"], [fork, "f"]] as const) {
      const file = `src/part_${1 + change % 4}.py`
      const text = readFileSync(join(repository.path, file), "utf8")
      repository.write(file, text.replace("total = ", `total = ${change} + `) + pythonModule(1, `${salt}${change}_`))
      repository.write("src/main.py", pythonModule(2 + change, `main_${salt}`))
      repository.commit(`Change ${file}`)
    }
  }
})
afterAll(() => {
  origin.dispose()
  fork.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const repositories = () => ["--repo", origin.path, "--repo", fork.path]

/** A run to share: its flags, given where it writes, and the files that it leaves. */
interface SharedRun {
  readonly name: string
  readonly args: (out: string) => ReadonlyArray<string>
}

const generate = (name: string, flags: string): SharedRun => ({
  name: `generate, ${name}`,
  args: (out) => ["generate", ...repositories(), "-q", "-j", "1", ...flags.split(" "), "-o", join(out, "rows")]
})
const runs: ReadonlyArray<SharedRun> = [
  generate("pairs and labels", "--dataset-type both"),
  generate("hardest first, in shards", "--dataset-type sft --curriculum-top-pct 60 --shard-rows 20"),
  generate("without near-duplicates", "--dataset-type kto --no-near-duplicates"),
  generate("next edits", "--format zeta2.1 --edit-history 2 --dataset-type dpo"),
  generate("with context", "--dataset-type sft --cross-file-context --bm25-context"),
  generate("split in time", "--dataset-type sft --test-after 2023-11-14"),
  generate("trees", "--source tree --dataset-type fim"),
  {
    name: "lintseq, files",
    args: (out) => ["lintseq", "--repo", fork.path, "-q", "-j", "1", "-s", "2", "-o", join(out, "edits.jsonl")]
  },
  {
    name: "lintseq, histories",
    args: (out) => ["lintseq", "--repo", origin.path, "--from-history", "-q", "-j", "1", "-o", join(out, "edits.jsonl")]
  }
]
const vimRun: SharedRun = {
  name: "vim-loop",
  args: (out) => ["vim-loop", "--repo", fork.path, "--max-edits", "12", "-q", "-j", "1", "-o", join(out, "rows")]
}

const freshFolder = () => join(folder, `run-${used++}`)

/** All files of a run by path, but those of the folder for pieces, of which only the request is left. */
const filesIn = (out: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(out, { recursive: true, encoding: "utf8" }).sort()
      .filter((name) => statSync(join(out, name)).isFile() && !/(?:^|\/)(?:\.run|edits\.jsonl\.run)\//.test(name))
      .map((name) => [name, readFileSync(join(out, name), "utf8")])
  )

const doAll = async (calls: ReadonlyArray<ReadonlyArray<string>>) => {
  for (const { code, stderr } of await Promise.all(calls.map((args) => runTask(args)))) {
    assert.strictEqual(code, 0, stderr)
  }
}

/** Wholes by name: each is made once. */
const wholes = new Map<string, Promise<Readonly<Record<string, string>>>>()
const wholeOf = (run: SharedRun) => {
  const known = wholes.get(run.name)
  if (known !== undefined) return known
  const out = freshFolder()
  const made = doAll([run.args(out)]).then(() => filesIn(out))
  wholes.set(run.name, made)
  return made
}

const ranksGive = (run: SharedRun) => async () => {
  const whole = await wholeOf(run)
  assert.isNotEmpty(whole)
  for (const [ranks, partSize] of [[1, 5], [3, 9]] as const) {
    const out = freshFolder()
    const args = (rank: number) => [...run.args(out), "--rank", `${rank}/${ranks}`, "--part-size", String(partSize)]
    await doAll(Array.from({ length: ranks }, (_, rank) => args(rank)))
    assert.deepStrictEqual(filesIn(out), whole)
    // A rank that comes late has nothing to do.
    await doAll([args(ranks - 1)])
    assert.deepStrictEqual(filesIn(out), whole)
  }
}

describe("ranks give the bytes of one process", () => {
  it.each(runs)("$name", (run) => ranksGive(run)())
  withTools("vim").it("vim-loop", ranksGive(vimRun))
})

it("stages that are done one by one, each rank its own share, give the bytes of one process", async () => {
  for (
    const [run, stages] of [[runs[0], ["survey", "join", "mine", "merge"]], [runs[7], [
      "survey",
      "mine",
      "merge"
    ]]] as const
  ) {
    if (run === undefined) continue
    const out = freshFolder()
    for (const stage of stages) {
      const isShared = stage === "survey" || stage === "mine"
      for (const rank of isShared ? ["0/2", "1/2"] : ["0/1"]) {
        await doAll([[...run.args(out), "--only", stage, "--rank", rank, "--part-size", "8"]])
      }
    }
    assert.deepStrictEqual(filesIn(out), await wholeOf(run))
  }
})

it("a rank that is killed at any step of its work leaves nothing that keeps another one from the same bytes", async () => {
  const [run] = runs
  if (run === undefined) return
  const whole = await wholeOf(run)
  const start = (out: string, step: string) =>
    new Promise<{ readonly signal: NodeJS.Signals | null; readonly stdout: string }>((resolve) => {
      const killer = join(import.meta.dirname, "../../../support/kill-at-step.cjs")
      const args = [...run.args(out), "--rank", "0/2", "--part-size", "9"]
      const child = spawn(process.execPath, ["--require", killer, join(inject("bundleFolder"), "main.mjs"), ...args], {
        env: { ...process.env, RETRACE_KILL_STEP: step },
        stdio: ["ignore", "pipe", "ignore"]
      })
      let stdout = ""
      child.stdout.on("data", (data) => stdout += data)
      child.on("close", (_, signal) => resolve({ signal, stdout }))
    })
  const { stdout } = await start(freshFolder(), "0")
  const steps = Number(/\d+$/.exec(stdout)?.[0])
  assert.isAbove(steps, 50)
  const random = randomOf("steps")
  let killed = 0
  for (let kill = 0; kill < 10; kill++) {
    // One moment of each tenth of the work.
    const step = Math.max(1, Math.floor((kill + random.next()) / 10 * steps))
    const out = freshFolder()
    const { signal } = await start(out, String(step))
    // The more often it looks at the claims of others, the more steps it takes: a faster run may end before its last ones.
    if (signal === "SIGKILL") killed++
    await doAll([[...run.args(out), "--rank", "1/2", "--part-size", "9"]])
    assert.deepStrictEqual(filesIn(out), whole, `killed at step ${step} of ${steps}`)
  }
  assert.isAtLeast(killed, 8)
})

it("a rank that is asked to end gives back what it claimed", async () => {
  const [run] = runs
  if (run === undefined) return
  const out = freshFolder()
  const args = (rank: number) => [...run.args(out), "--rank", `${rank}/2`, "--part-size", "3"]
  const { child, ended } = startProgram(args(0))
  while (readdirSync(folder).length > 0) {
    const claims = await Promise.resolve().then(() =>
      readdirSync(join(piecesFolder(join(out, "rows", ".run")), "claim"))
    ).catch(() => [])
    if (claims.some((name) => name.startsWith("mine."))) break
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (child.exitCode !== null) break
  }
  child.kill("SIGTERM")
  const { code, signal } = await ended
  assert.isTrue(code === 143 || code === 0 || signal === "SIGTERM", String(code))
  if (code !== 0) {
    assert.deepStrictEqual(
      readdirSync(join(piecesFolder(join(out, "rows", ".run")), "claim")).filter((name) => !name.startsWith(".")),
      []
    )
  }
  await doAll([args(1)])
  assert.deepStrictEqual(filesIn(out), await wholeOf(run))
})

describe("a piece that is not what it was", () => {
  it("ends a run whose survey was cut off on its way", async () => {
    const [run] = runs
    if (run === undefined) return
    const out = freshFolder()
    await doAll([[...run.args(out), "--only", "survey"]])
    const survey = join(piecesFolder(join(out, "rows", ".run")), "survey", "00000", "survey.jsonl")
    writeFileSync(survey, readFileSync(survey).subarray(0, -20))
    const { code, stderr } = await runTask([...run.args(out), "--only", "join"])
    assert.strictEqual(code, 66)
    assert.match(stderr, /survey\.jsonl": it is cut off/)
  })

  it("ends a run whose part cannot be read", async () => {
    const run = runs.find(({ name }) => name === "lintseq, files")
    if (run === undefined) return
    const out = freshFolder()
    for (const stage of ["survey", "mine"]) await doAll([[...run.args(out), "--only", stage]])
    rmSync(join(piecesFolder(join(out, "edits.jsonl.run")), "mine", "00000", "rows"))
    const { code, stderr } = await runTask([...run.args(out), "--only", "merge"])
    assert.strictEqual(code, 66)
    assert.match(stderr, /^Cannot read .*rows"/)
  })
})

describe("what cannot be shared is told in one line", () => {
  it.each([
    ["other flags than those of the first", ["--part-size", "7"], 73, /part_size was 5 and is 7/],
    ["a run that is replaced", ["--part-size", "5", "--overwrite"], 64, /Cannot use --overwrite here/],
    ["a rank that is none", ["--rank", "3/3"], 64, /^Cannot use --rank 3\/3: it takes/],
    ["a rank that nobody tells", ["--rank", "k8s"], 64, /JOB_COMPLETION_INDEX and COMPLETIONS/]
  ])("%s", async (_, more, code, told) => {
    const [run] = runs
    if (run === undefined) return
    const out = join(folder, "begun")
    await doAll([[...run.args(out), "--only", "survey", "--part-size", "5"]])
    const rank = more.includes("--rank") ? [] : ["--rank", "0/1"]
    const ended = await runTask([...run.args(out), ...rank, ...more])
    assert.strictEqual(ended.code, code, ended.stderr)
    assert.match(ended.stderr, told)
    assert.strictEqual(ended.stderr.trimEnd().split("\n").length, 1)
  })

  it("one process where others share a run", async () => {
    const [run] = runs
    const out = join(folder, "others")
    if (run === undefined) return
    await doAll([[...run.args(out), "--only", "survey"]])
    const { code, stderr } = await runTask(run.args(out))
    assert.strictEqual(code, 73)
    assert.match(stderr, /others share a run there/)
  })

  it("a stage whose earlier stages are not done", async () => {
    const [run] = runs
    const { code, stderr } = await runTask([...run?.args(freshFolder()) ?? [], "--only", "mine"])
    assert.strictEqual(code, 66)
    assert.match(stderr, /the surveys were not joined yet/)
  })
})
