/** No right answer stands more than a few times in a set of rows, wherever its rows come from. */
import { readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { folderContents } from "../../support/program.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"

let repositories: ReadonlyArray<TestRepository> = []
let root = ""

const common = "        raise NotImplementedError(\"every subclass has to say how\")\n"

beforeAll(() => {
  root = temporaryFolder()
  repositories = ["one", "two"].map((name) => {
    const repository = makeRepository(name)
    for (let file = 0; file < 14; file++) {
      const classes = Array.from(
        { length: 4 },
        (_, index) => `\n\nclass Shape${name}${file}${index}:\n    def area_${file}_${index}(self):\n${common}`
      )
      repository.write(`src/part_${file}.py`, pythonModule(1, `${name}${file}_`) + classes.join(""))
      repository.commit(`file ${file}`)
    }
    return repository
  })
})
afterAll(() => {
  for (const repository of repositories) repository.dispose()
  rmSync(root, { recursive: true, force: true })
})

const generate = async (name: string, ...args: ReadonlyArray<string>) => {
  const output = join(root, name)
  const places = repositories.flatMap(({ path }) => ["--repo", path])
  const ended = await runTask(["generate", ...places, "--output", output, "--quiet", "--split", "0.6", ...args])
  assert.strictEqual(ended.code, 0, ended.stderr)
  return output
}

/** How often the most frequent right answer stands in the files of a type together, and how many rows there are. */
const mostFrequent = (folder: string, type: string) => {
  const counts = new Map<string, number>()
  let rows = 0
  for (const file of readdirSync(folder)) {
    const isOfType = type === "fim"
      ? /^(?:train|val)(?:-\d.*)?\.jsonl$/
      : new RegExp(`^(?:train|test|val)_${type}.*\\.jsonl$`)
    if (!isOfType.test(file)) continue
    for (const line of readFileSync(join(folder, file), "utf8").split("\n")) {
      if (line === "") continue
      const row = JSON.parse(line)
      rows++
      if (row.label === false) continue
      const answer = String(row.middle ?? row.chosen ?? row.completion).replace(/\s+/g, "")
      counts.set(answer, (counts.get(answer) ?? 0) + 1)
    }
  }
  return { most: Math.max(0, ...counts.values()), rows }
}

const types = ["fim", "sft", "kto", "dpo"]

describe.each([["history", "PSM", 5], ["history", "ZED", 5], ["tree", "PSM", 2]] as const)(
  "the rows of %s in %s",
  (source, format, most) => {
    const asked = ["--source", source, "--format", format, "--dataset-type", types.join(",")]

    it("hold no right answer more than a few times, in every type and both sides together", async () => {
      const name = `${source}-${format}`
      const free = await generate(`${name}-free`, ...asked, "--max-repeats", "100000")
      const usual = await generate(name, ...asked, ...(most === 5 ? [] : ["--max-repeats", String(most)]))
      const ledger = JSON.parse(readFileSync(join(usual, "metadata.json"), "utf8")).ledger.rows
      let lost = 0
      for (const type of types) {
        // The region of a ZED row shows the lines around, and these differ.
        if (format !== "ZED" || type === "fim") assert.isAbove(mostFrequent(free, type).most, most, type)
        assert.isAtMost(mostFrequent(usual, type).most, most, type)
        lost += mostFrequent(free, type).rows - mostFrequent(usual, type).rows
      }
      assert.strictEqual(ledger.leftOut["answer repeated"] ?? 0, lost)
      assert.isAbove(lost, 0)
    })
  }
)

it("a right row of KTO stays with the wrong one of its place", async () => {
  const output = await generate("pairs", "--format", "PSM", "--max-repeats", "2")
  const prompts = { true: new Set<string>(), false: new Set<string>() }
  for (const file of ["train_kto.jsonl", "test_kto.jsonl"]) {
    for (const line of readFileSync(join(output, file), "utf8").split("\n")) {
      if (line === "") continue
      const { label, prompt } = JSON.parse(line)
      prompts[label ? "true" : "false"].add(prompt)
    }
  }
  for (const prompt of prompts.false) assert.isTrue(prompts.true.has(prompt))
  assert.strictEqual(mostFrequent(output, "kto").most, 2)
})

it("the choice is the same for any number of threads, shards and buffer", async () => {
  const asked = ["--format", "PSM", "--dataset-type", "kto,dpo", "--max-repeats", "3"]
  const one = await generate("one-thread", ...asked, "--concurrency", "1")
  const two = await generate("two-threads", ...asked, "--concurrency", "2", "--buffer-mb", "1")
  assert.deepStrictEqual(folderContents(two), folderContents(one))
  const shards = await generate("shards", ...asked, "--shard-rows", "7")
  for (const type of ["kto", "dpo"]) assert.deepStrictEqual(mostFrequent(shards, type), mostFrequent(one, type))
})
