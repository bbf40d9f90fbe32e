/** What was committed before a moment is trained on, and what was committed from then on is held out. */
import { rmSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { tellingLines } from "../../../services/text/lines-around.ts"
import { unbalancedStages } from "../../../services/rows/ledger.ts"
import { folderContents, rowsIn } from "../../support/program.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"

let repository: TestRepository
let root = ""
let lastBefore = ""
let moment = ""
const files: Record<string, Readonly<Record<string, string>>> = {}
const said: Record<string, string> = {}

/** One short function, so that two files with it are likely to be cut at the same place. */
const helper = (index: number) =>
  `def helper_${index}(values):\n    first_of_all = sorted(values, key=len)[${index}]\n    return first_of_all.upper()\n`

beforeAll(async () => {
  repository = makeRepository("timed")
  root = temporaryFolder()
  const { commit, git, write } = repository
  for (let file = 0; file < 10; file++) {
    write(`old/part_${file}.py`, `# part ${file}\n\n\n${helper(file)}`)
    write(`src/changed_${file}.py`, pythonModule(2, `c${file}_`))
    lastBefore = commit(`before ${file}`)
  }
  for (let file = 0; file < 10; file++) {
    // What was there before comes again in another file, beside what is new.
    write(`new/copy_${file}.py`, `# copy ${file} of a part\n\n\n${helper(file)}`)
    write(`src/changed_${file}.py`, pythonModule(2, `c${file}_`) + pythonModule(2, `d${file}_`))
    commit(`after ${file}`)
    if (file === 0) moment = new Date(Number(git("show", "-s", "--format=%ct", "HEAD").trim()) * 1000).toISOString()
  }
  await generate("date", "--test-after", `${moment.slice(0, 19)}Z`)
  await generate("commit", "--test-after-commit", lastBefore)
  await generate("edits", "--test-after", `${moment.slice(0, 19)}Z`, "--format", "zeta2")
  await generate("groups")
}, 120_000)
afterAll(() => {
  repository.dispose()
  rmSync(root, { recursive: true, force: true })
})

const generate = async (name: string, ...args: ReadonlyArray<string>) => {
  const output = join(root, name)
  const types = ["--dataset-type", "fim,sft,kto,dpo"]
  const ended = await runTask(["generate", "--repo", repository.path, "--output", output, ...types, ...args])
  assert.strictEqual(ended.code, 0, ended.stderr)
  files[name] = folderContents(output)
  said[name] = ended.stderr
}

const rowsOf = (name: string, table: string) => rowsIn(files[name]?.[`${table}.jsonl`] ?? "")
const ledgerOf = (name: string) => JSON.parse(files[name]?.["metadata.json"] ?? "{}").ledger

const tables = [["train", "val"], ["train_sft", "val_sft"], ["train_kto", "test_kto"], [
  "train_dpo",
  "test_dpo"
]] as const

describe.each(["date", "commit", "edits"])("a split in time, by %s", (name) => {
  it("trains on what came before, and holds out what came from then on", () => {
    for (const [train, held] of tables) {
      const sides = [rowsOf(name, train), rowsOf(name, held)]
      assert.isAbove(sides[0]?.length ?? 0, 1, train)
      assert.isAbove(sides[1]?.length ?? 0, 1, held)
      for (const { metadata } of sides[0] ?? []) assert.isBelow(Date.parse(metadata.date), Date.parse(moment))
      for (const { metadata } of sides[1] ?? []) assert.isAtLeast(Date.parse(metadata.date), Date.parse(moment))
    }
  })

  it("cuts groups that were changed on both sides", () => {
    const groupsIn = (table: string) => new Set(rowsOf(name, table).map(({ metadata }) => metadata.group))
    const held = groupsIn("val_sft")
    assert.isAbove([...groupsIn("train_sft")].filter((group) => held.has(group)).length, 0)
  })

  it("accounts for every row", () => {
    assert.deepStrictEqual(unbalancedStages(ledgerOf(name)), [])
    assert.include(said[name] ?? "", "split in time: ")
    assert.notInclude(said[name] ?? "", "asked for")
  })
})

describe("answers", () => {
  const placedIn = (row: { readonly prefix: string; readonly middle: string; readonly suffix: string }) =>
    tellingLines(row.prefix + row.middle + row.suffix, {
      start: row.prefix.length,
      end: row.prefix.length + row.middle.length
    })?.map((line) => line.replace(/\s/g, "")).join("\n")

  it("that are trained on between the same lines are not held out, and counted", () => {
    const trained = new Set(rowsOf("date", "train").map(placedIn))
    for (const row of rowsOf("date", "val")) {
      const placed = placedIn(row)
      if (placed !== undefined) assert.isFalse(trained.has(placed), placed)
    }
    assert.isAbove(ledgerOf("date").rows.leftOut["answer in train too"], 0)
    assert.isUndefined(ledgerOf("groups").rows.leftOut["answer in train too"])
  })

  it("are the same for a moment and for the last commit before it", () => {
    for (const [train, held] of tables) {
      for (const table of [train, held]) assert.deepStrictEqual(rowsOf("date", table), rowsOf("commit", table), table)
    }
  })
})

describe("a split in time", () => {
  const refused = (...args: ReadonlyArray<string>) =>
    runTask(["generate", "--repo", repository.path, "--output", join(root, "none"), ...args])

  it("is asked for once, and of a history", async () => {
    const twice = await refused("--test-after", "2024-01-01", "--test-after-commit", "HEAD~1")
    assert.strictEqual(twice.code, 64)
    assert.include(twice.stderr, "Cannot split twice")
    const tree = await refused("--source", "tree", "--test-after", "2024-01-01")
    assert.strictEqual(tree.code, 64)
    assert.include(tree.stderr, "Cannot split a tree in time")
    const unknown = await refused("--test-after-commit", "nowhere")
    assert.strictEqual(unknown.code, 65)
    assert.match(unknown.stderr, /Cannot find revision "nowhere" in "timed": pass another --test-after-commit\n/)
    const date = await refused("--test-after", "soon")
    assert.strictEqual(date.code, 64)
  })

  it("holds nothing out that the commit has in its history, however far back it lies", async () => {
    for (
      const [name, older] of [["rev", ["--rev", lastBefore]], ["end", [
        "--end-date",
        `${moment.slice(0, 19)}Z`
      ]]] as const
    ) {
      await generate(name, ...older, "--max-commits", "4", "--test-after-commit", "HEAD~5")
      assert.include(said[name] ?? "", "nothing is held out")
      assert.isAbove(rowsOf(name, "train_sft").length, 0)
      assert.strictEqual(rowsOf(name, "val_sft").length, 0)
    }
  })

  it("says where nothing is held out", async () => {
    await generate("late", "--test-after", "2030-01-01")
    assert.include(said["late"] ?? "", "nothing is held out")
    assert.strictEqual(rowsOf("late", "val_sft").length, 0)
  })
})
