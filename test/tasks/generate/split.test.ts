import { readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { folderContents, rowsIn } from "../../support/program.ts"
import { makeRepository, temporaryFolder, type TestRepository } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"

const functionsOf = (name: string, count: number, version: number): string =>
  Array.from({ length: count }, (_, index) =>
    `def ${name}_${index}(first, second):\n` +
    `    total = first * ${index + version} + len(second)\n` +
    `    if total > ${index * 7 + version}:\n        return ${name}_helper(total, "${name} ${index}")\n` +
    `    return total - ${version}\n\n\n`).join("")

const scriptOf = (name: string, count: number, version: number): string =>
  Array.from({ length: count }, (_, index) =>
    `export function ${name}${index}(first, second) {\n` +
    `  const total = first * ${index + version} + second.length\n` +
    `  if (total > ${index * 7 + version}) return ${name}Helper(total, "${name} ${index}")\n` +
    `  return total - ${version}\n}\n\n`).join("")

/** Ten commits that change forty files, most of them Python, and one of them in every commit. */
const makeHistory = (): TestRepository => {
  const repository = makeRepository()
  for (let commit = 0; commit < 10; commit++) {
    for (let file = 0; file < 40; file++) {
      if (file % 4 === 3) {
        if (commit % 3 === 0) repository.write(`lib/part_${file}.js`, scriptOf(`part${file}`, 2 + commit, commit))
      } else if (file === 0 || (file + commit) % 5 === 0) {
        repository.write(`src/part_${file}.py`, functionsOf(`part_${file}`, 1 + commit, commit))
      }
    }
    repository.commit(`Change ${commit}`)
  }
  return repository
}

let repository: TestRepository
let root = ""
beforeAll(() => {
  repository = makeHistory()
  root = temporaryFolder()
})
afterAll(() => {
  repository.dispose()
  rmSync(root, { recursive: true, force: true })
})

const metadataOf = (folder: string) => JSON.parse(readFileSync(join(folder, "metadata.json"), "utf8"))
const generate = async (name: string, ...args: ReadonlyArray<string>) => {
  const output = join(root, name)
  const ended = await runTask(["generate", "--repo", repository.path, "--output", output, ...args])
  assert.strictEqual(ended.code, 0, ended.stderr)
  const contents = folderContents(output)
  const train = rowsIn(contents["train_kto.jsonl"] ?? contents["train.jsonl"])
  const held = rowsIn(contents["test_kto.jsonl"] ?? contents["val.jsonl"])
  return { ...ended, output, train, held, split: metadataOf(output).split }
}

describe("--split", () => {
  it.each([
    ["0.5"],
    ["0.8"],
    ["0.9"]
  ])(
    "%s is reached by rows, in history and in a tree, and told in the summary, the metadata and the card",
    async (asked) => {
      for (const source of ["history", "tree"]) {
        const { held, output, split, stderr, train } = await generate(
          `${source}-${asked}`,
          "--split",
          asked,
          "--source",
          source
        )
        const rows = train.length / (train.length + held.length)
        assert.closeTo(rows, Number(asked), 0.04)
        assert.closeTo(split.rows, rows, 1e-4)
        assert.strictEqual(split.asked, Number(asked))
        assert.strictEqual(split.group_counts.train + split.group_counts.held, 40)
        assert.closeTo(split.groups, split.group_counts.train / 40, 1e-4)
        const line = `split: ${Number((100 * split.rows).toFixed(1))} % of rows and ` +
          `${Number((100 * split.groups).toFixed(1))} % of groups in train, ${100 * Number(asked)} % asked for`
        assert.include(stderr, line)
        // Both sides hold both languages, and no group stands on both.
        for (const side of [train, held]) {
          assert.deepStrictEqual(
            new Set(side.map(({ metadata }) => metadata.language)),
            new Set(["javascript", "python"])
          )
        }
        const groups = new Set(train.map(({ metadata }) => metadata.group))
        assert.isFalse(held.some(({ metadata }) => groups.has(metadata.group)))
        const reported = await runTask(["report", output])
        assert.strictEqual(reported.code, 0, reported.stderr)
        assert.include(readFileSync(join(output, "README.md"), "utf8"), line)
      }
    }
  )

  it("1 holds nothing out and 0 everything, without a warning", async () => {
    const all = await generate("one", "--split", "1")
    assert.strictEqual(all.held.length, 0)
    assert.isAbove(all.train.length, 0)
    assert.notInclude(all.stderr, "Warning")
    const none = await generate("none", "--split", "0")
    assert.strictEqual(none.train.length, 0)
    assert.isAbove(none.held.length, 0)
    assert.notInclude(none.stderr, "Warning")
  })

  it("says why the share was not reached where groups are too large, and what helps", async () => {
    const { split, stderr } = await generate("repo", "--group", "repo")
    assert.strictEqual(split.rows, 1)
    assert.match(
      stderr,
      /Warning: 100 % of the rows are in train, although 90 % were asked for: .*only one group.*read more/
    )
  })

  it("is reached by the edits of vim-loop, with most files on the sides that generate puts them on", async () => {
    const { held, train } = await generate("beside", "--split", "0.8")
    const sides = new Map([
      ...held.map(({ metadata }) => [metadata.group, "test"] as const),
      ...train.map(({ metadata }) => [metadata.group, "train"] as const)
    ])
    for (const asked of [0.5, 0.8, 0.9]) {
      const listed = await runTask(["vim-loop", "--repo", repository.path, "--list-edits", "--split", String(asked)])
      assert.strictEqual(listed.code, 0, listed.stderr)
      const edits = rowsIn(listed.stdout)
      assert.isAbove(edits.length, 20)
      assert.closeTo(edits.filter(({ split }) => split === "train").length / edits.length, asked, 0.02)
      if (asked !== 0.8) continue
      const groups = new Map(edits.map(({ group, split }) => [group, split]))
      const known = [...groups].filter(([group]) => sides.has(group))
      assert.isAbove(known.filter(([group, split]) => sides.get(group) === split).length, 0.7 * known.length)
    }
  })
})
