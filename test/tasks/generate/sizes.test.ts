import { rmSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { folderContents, rowsIn } from "../../support/program.ts"
import { temporaryFolder } from "../../support/repository.ts"
import { runTask } from "../../support/task.ts"
import { makeToy, type Toy } from "../../support/toy.ts"

let toy: Toy
let root = ""
beforeAll(() => {
  toy = makeToy()
  root = temporaryFolder()
})
afterAll(() => {
  toy.repository.dispose()
  rmSync(root, { recursive: true, force: true })
})

/** UTF-16 units of all that a model reads and writes of a row. */
const sizeOf = (row: Readonly<Record<string, string>>): number => {
  const { chosen = "", completion = "", input = "", instruction = "", output = "", prompt = "", rejected = "", text } =
    row
  return text?.length ?? instruction.length + input.length + prompt.length +
      Math.max(completion.length, output.length, chosen.length, rejected.length)
}

describe("--max-total-chars", () => {
  const layouts: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
    ["ZED", ["--format", "ZED"]],
    ["MIXED", ["--format", "MIXED"]],
    ["ZED with context", ["--format", "ZED", "--cross-file-context", "--bm25-context"]],
    ["PSM of qwen with context", ["--format", "PSM", "--bm25-context", "--no-context-share", "0"]],
    ["codestral", ["--base-model", "codestral"]],
    ["codellama", ["--base-model", "codellama", "--format", "MIXED"]],
    ["mellum with context", ["--base-model", "mellum", "--bm25-context", "--no-context-share", "0"]],
    ["a tree", ["--source", "tree", "--base-model", "starcoder2"]]
  ]
  it.each(layouts)("holds for every row of %s, prompt, longest answer and end token together", async (name, layout) => {
    const output = join(root, name)
    const most = 900
    const args = [
      "--dataset-type",
      "kto,dpo,fim,sft",
      "--max-total-chars",
      String(most),
      "--no-quality-filter",
      ...layout
    ]
    const ended = await runTask(["generate", "--repo", toy.repository.path, "--output", output, ...args])
    assert.strictEqual(ended.code, 0, ended.stderr)
    const sizes = Object.entries(folderContents(output)).filter(([file]) => file.endsWith(".jsonl"))
      .flatMap(([, text]) => rowsIn(text).map(sizeOf))
    assert.isAbove(sizes.length, 20)
    assert.isAtMost(Math.max(...sizes), most)
    // Some were cut, and not by much more than they had to be.
    assert.isAbove(Math.max(...sizes), most - 100)
  })
})

describe("--base-model without --format", () => {
  const formatsOf = async (...args: ReadonlyArray<string>) => {
    const output = join(root, `formats ${args.join(" ")}`)
    const ended = await runTask(["generate", "--repo", toy.repository.path, "--output", output, ...args])
    assert.strictEqual(ended.code, 0, ended.stderr)
    const rows = rowsIn(folderContents(output)["train_kto.jsonl"])
    return { formats: [...new Set(rows.map(({ metadata }) => metadata.format))], prompt: String(rows[0]?.prompt) }
  }

  it("gives history rows in the model's own layout; ZED is for those who name none", async () => {
    assert.deepStrictEqual((await formatsOf()).formats, ["ZED"])
    const codestral = await formatsOf("--base-model", "codestral")
    assert.deepStrictEqual(codestral.formats, ["SPM1"])
    assert.isTrue(codestral.prompt.startsWith("<s>[SUFFIX]"), codestral.prompt)
    const starcoder = await formatsOf("--base-model", "bigcode/starcoder2-7b")
    assert.deepStrictEqual(starcoder.formats, ["PSM"])
    assert.isTrue(starcoder.prompt.startsWith("<fim_prefix>"), starcoder.prompt)
    assert.deepStrictEqual((await formatsOf("--base-model", "qwen2.5-coder")).formats, ["PSM"])
    assert.deepStrictEqual((await formatsOf("--base-model", "starcoder2", "--format", "ZED")).formats, ["ZED"])
  })
})
