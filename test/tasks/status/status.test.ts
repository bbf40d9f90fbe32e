/** What status says of a run that is shared, at each stage of it. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import type { CrewView } from "../../../services/Crew.ts"
import { progressOf, renderStatus } from "../../../tasks/status/progress.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../../support/repository.ts"
import { piecesFolder } from "../../support/pieces-folder.ts"
import { runTask } from "../../support/task.ts"

let repositories: ReadonlyArray<TestRepository> = []
let folder = ""
beforeAll(() => {
  folder = temporaryFolder()
  repositories = ["one", "two", "three"].map((name) => {
    const repository = makeRepository(name)
    for (let commit = 0; commit < 4; commit++) {
      repository.write(`part_${commit % 2}.py`, pythonModule(3 + commit, `${name}${commit}_`))
      repository.commit(`Change ${commit}`)
    }
    return repository
  })
})
afterAll(() => {
  for (const repository of repositories) repository.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const told = async (run: string) => {
  const { code, stderr, stdout } = await runTask(["status", run])
  assert.strictEqual(code, 0, stderr)
  return stdout
}
const share = async (...args: ReadonlyArray<string>) => {
  const { code, stderr } = await runTask([...args, "-q", "-j", "1"])
  assert.strictEqual(code, 0, stderr)
}

it("follows a dataset from its first stage to its last", async () => {
  const out = join(folder, "dataset")
  const generate = (...more: ReadonlyArray<string>) =>
    share("generate", ...repositories.flatMap(({ path }) => ["--repo", path]), "-o", out, ...more)
  await generate("--only", "survey")
  assert.match(await told(out), /^generate: under way, begun \d+ s ago\n {2}survey {2}3 of 3 pieces\n$/)
  await generate("--only", "join")
  await generate("--only", "mine", "--rank", "0/2")
  const between = await told(out)
  assert.match(between, /\n {2}join {4}1 of 1 pieces\n {2}mine {4}2 of 3 pieces \(66 % of the work\)/)
  const failed = join(piecesFolder(join(out, ".run")), "failed")
  mkdirSync(failed)
  for (const number of [1, 2]) {
    writeFileSync(join(failed, `mine.00001-000.${number}.json`), JSON.stringify({ piece: "x", reason: "git is gone" }))
  }
  assert.match(await told(out), /\n {2}failed 2 times: git is gone\n$/)
  const { stdout } = await runTask(["status", out, "--json"])
  const figures = JSON.parse(stdout)
  assert.deepInclude(figures, { task: "generate", is_finished: false, failed_pieces: { "mine.00001-000": 2 } })
  assert.deepInclude(figures.stages[2], { stage: "mine", pieces: 3, done: 2, under_way: 0 })
  await generate("--rank", "0/1")
  assert.match(await told(out), /^generate: finished, begun \d+ s ago\n {2}failed 2 times: git is gone\n$/)
})

it("finds the pieces of a file beside it", async () => {
  const out = join(folder, "edits.jsonl")
  await share("lintseq", "--repo", repositories[0]?.path ?? "", "-o", out, "--only", "survey")
  assert.match(await told(out), /^lintseq: under way/)
  await share("lintseq", "--repo", repositories[0]?.path ?? "", "-o", out, "--rank", "0/1")
  assert.match(await told(out), /^lintseq: finished/)
})

it("says in one line that nobody shares a run there", async () => {
  const { code, stderr, stdout } = await runTask(["status", join(folder, "none")])
  assert.strictEqual(code, 66)
  assert.match(stderr, /^Cannot read .*none": nobody shares a run there[^\n]*\n$/)
  assert.strictEqual(stdout, "")
})

describe("the rate", () => {
  const minute = 60_000
  const view = (ages: ReadonlyArray<number>, weight = 10): CrewView => ({
    request: { task: "generate" },
    isSealed: false,
    began: 0,
    now: 60 * minute,
    stages: [{
      name: "mine",
      began: 0,
      pieces: 100,
      weight: 100 * weight,
      underWay: 2,
      done: ages.map((minutes) => ({ weight, at: 60 * minute - minutes * minute }))
    }],
    failed: []
  })

  it("is that of the last minutes, by weight", () => {
    // Ten in the last ten minutes, and thirty before: 60 more take an hour.
    const ages = [...Array.from({ length: 10 }, (_, at) => at + 0.5), ...Array.from({ length: 30 }, () => 40)]
    const [stage] = progressOf(view(ages)).stages
    assert.deepInclude(stage, { done: 40, share: 0.4, pieces_per_hour: 60, seconds_left: 3600 })
    assert.match(
      renderStatus(progressOf(view(ages))),
      /mine {2}40 of 100 pieces \(40 % of the work\), 2 under way, 60 an hour, about 60 min left/
    )
  })

  it("is not told of fewer than two pieces", () => {
    assert.deepInclude(progressOf(view([1, 40, 50])).stages[0], { pieces_per_hour: null, seconds_left: null })
  })
})
