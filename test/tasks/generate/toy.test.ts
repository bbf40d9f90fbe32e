import { existsSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { unbalancedStages } from "../../../services/rows/ledger.ts"
import { parseRow, presetNamed, readRow } from "../../../services/measures/rows.ts"
import { featureOf, merge, shapeKey } from "../../../services/rows/features.ts"
import { datasetShapes } from "../../../services/rows/shapes.ts"
import { placeOf } from "../../../services/rows/tables.ts"
import { folderContents, rowsIn } from "../../support/program.ts"
import { runTask } from "../../support/task.ts"
import { temporaryFolder } from "../../support/repository.ts"
import { makeToy, type Toy } from "../../support/toy.ts"

let toy: Toy
let root = ""
const files: Record<string, Readonly<Record<string, string>>> = {}

const generate = async (name: string, ...args: ReadonlyArray<string>) => {
  const output = join(root, name)
  const ended = await runTask(["generate", "--repo", toy.repository.path, "--output", output, ...args])
  assert.strictEqual(ended.code, 0, ended.stderr)
  assert.strictEqual(ended.stdout, "")
  files[name] = folderContents(output)
  return output
}

beforeAll(async () => {
  toy = makeToy()
  root = temporaryFolder()
  await generate("zed", "--dataset-type", "kto,dpo,fim,sft", "--rejected", join(root, "rejected.jsonl"))
  await generate("mixed", "--dataset-type", "both", "--format", "MIXED", "--concurrency", "1")
})
afterAll(() => {
  toy.repository.dispose()
  rmSync(root, { recursive: true, force: true })
})

const allRows = (name: string) =>
  Object.entries(files[name] ?? {}).filter(([file]) => file.endsWith(".jsonl")).flatMap(([, text]) => rowsIn(text))
const ledgerOf = (name: string) => JSON.parse(files[name]?.["metadata.json"] ?? "{}").ledger

describe("the toy repository", () => {
  it.each([
    "root",
    "folders",
    "added",
    "renamed",
    "non-ascii path",
    "crlf",
    "bom",
    "heading",
    "side"
  ])("commit %s gives rows", (name) => {
    const rows = allRows("zed").filter(({ metadata }) => metadata.commit === toy.commits[name])
    assert.isAbove(rows.length, 0)
  })

  it("lib, web and db are there", () => {
    const paths = new Set(allRows("zed").map(({ metadata }) => metadata.filepath))
    for (const folder of ["lib", "web", "db"]) assert.isTrue(paths.has(`${folder}/main.py`))
    assert.isTrue(paths.has("dîr with spaces/ünï cödé.py"))
  })

  it("a rename keeps its history and its group", () => {
    const rows = allRows("zed").filter(({ metadata }) => metadata.filepath === "src/renamed.js")
    assert.isAbove(rows.length, 0)
    assert.strictEqual(rows[0].metadata.parent_filepath, "src/added.js")
    const groups = new Set(
      allRows("zed").filter(({ metadata }) => metadata.filepath.startsWith("src/")).map(({ metadata }) =>
        metadata.group
      )
    )
    assert.deepStrictEqual([...groups], ["toy:src/added.js"])
  })

  it.each([
    ["changes", "not UTF-8"],
    ["changes", "too large"],
    ["changes", "submodule"],
    ["changes", "missing object"],
    ["changes", "binary"],
    ["changes", "vendored"],
    ["changes", "conflict markers"],
    ["changes", "file deleted"],
    ["changes", "no known language"],
    ["commits", "merge"],
    ["commits", "no file changed"],
    ["cuts", "model tokens in the source"],
    ["changes", "secret"]
  ])("the ledger counts under %s: %s", (stage, reason) => {
    assert.isAbove(ledgerOf("zed")[stage].leftOut[reason] ?? 0, 0)
  })

  it("a merge and an octopus are both counted", () => {
    assert.strictEqual(ledgerOf("zed").commits.leftOut.merge, 2)
  })

  it("the ledger adds up, stage by stage, to what was written", () => {
    for (const name of ["zed", "mixed"]) {
      assert.deepStrictEqual(unbalancedStages(ledgerOf(name)), [])
      assert.strictEqual(ledgerOf(name).rows.kept, allRows(name).length)
    }
  })

  it("what was left out is told with its reason", () => {
    const rejected = rowsIn(readFileSync(join(root, "rejected.jsonl"), "utf8"))
    assert.isAbove(rejected.length, 0)
    for (const row of rejected) {
      assert.isString(row.reason)
      assert.isString(row.middle)
    }
  })

  it("rows have the columns of their schema and no others, with the same keys in every row", () => {
    for (const [type, { files: stems, schema }] of Object.entries(datasetShapes)) {
      const rows = Object.values(stems).flatMap((stem) => rowsIn(files["zed"]?.[`${stem}.jsonl`]))
      assert.isAbove(rows.length, 0, type)
      for (const row of rows) {
        Schema.decodeUnknownSync(schema as Schema.Schema<unknown, any>, { onExcessProperty: "error" })(row)
      }
      assert.strictEqual(
        new Set(rows.map((row) => JSON.stringify([Object.keys(row), Object.keys(row.metadata)]))).size,
        1
      )
    }
  })

  it("every row parses back, meets at its span and rebuilds its file", () => {
    for (const name of ["zed", "mixed"]) {
      const preset = presetNamed("qwen2.5-coder")
      for (const line of allRows(name)) {
        const row = readRow(line, preset)
        assert.isDefined(row)
        if (row === undefined) continue
        const completion = row.wanted ?? row.unwanted ?? ""
        const parsed = parseRow(row, completion, preset)
        assert.isDefined(parsed, JSON.stringify(row.metadata))
        const { commit, filepath, format, span } = line.metadata
        const text = toy.repository.git("show", `${commit}:${filepath}`)
        const middle = Buffer.from(text).subarray(span[0], span[1]).toString()
        assert.isAbove(middle.trim().length, 0)
        if (format === "ZED" || row.wanted === undefined) continue
        assert.strictEqual(parsed?.completion, middle)
        assert.strictEqual(`${parsed?.before}${middle}${parsed?.after}`, text)
      }
    }
  })

  it("no group is on both sides, no negative is right, no prompt of the test set is in train", () => {
    for (const name of ["zed", "mixed"]) {
      const train = rowsIn(files[name]?.["train_kto.jsonl"])
      const test = rowsIn(files[name]?.["test_kto.jsonl"])
      const groupsOf = (rows: typeof train) => new Set(rows.map(({ metadata }) => metadata.group))
      for (const group of groupsOf(train)) assert.isFalse(groupsOf(test).has(group))
      const prompts = new Set(train.map(({ prompt }) => prompt))
      for (const { prompt } of test) assert.isFalse(prompts.has(prompt))
      const right = new Set(
        [...train, ...test].filter(({ label }) => label).map(({ completion, prompt }) => prompt + completion)
      )
      for (const { completion, label, prompt } of [...train, ...test]) {
        if (!label) assert.isFalse(right.has(prompt + completion))
      }
      for (const { chosen, rejected } of rowsIn(files[name]?.["train_dpo.jsonl"])) {
        assert.notStrictEqual(chosen, rejected)
      }
    }
  })
})

describe("one seed, one set of bytes", () => {
  it("again, at concurrency 2, and with rows that go through the disk", async () => {
    await generate("again", "--dataset-type", "both", "--format", "MIXED", "--concurrency", "2", "--buffer-mb", "1")
    assert.deepStrictEqual(files["again"], files["mixed"])
  })

  it("another seed gives others", async () => {
    await generate("other", "--dataset-type", "both", "--format", "MIXED", "--seed", "7")
    assert.notStrictEqual(files["other"]?.["train_kto.jsonl"], files["mixed"]?.["train_kto.jsonl"])
  })
})

describe("other ways to ask", () => {
  it("a tree gives FIM text with the end token, from HEAD only", async () => {
    await generate("tree", "--source", "tree", "--base-model", "codellama")
    const rows = rowsIn(files["tree"]?.["train.jsonl"])
    assert.isAtLeast(rows.length, 10)
    for (const { metadata, middle, text } of rows) {
      assert.isTrue(text.startsWith("<PRE> ") && text.endsWith(`<MID>${middle} <EOT>`))
      assert.strictEqual(metadata.commit, toy.commits["deleted"])
      assert.notStrictEqual(metadata.filepath, "db/main.py")
    }
  })

  it("a curriculum puts the hardest first and keeps its share", async () => {
    await generate("curriculum", "--source", "tree", "--curriculum-top-pct", "25", "--split", "0.99")
    const rows = rowsIn(files["curriculum"]?.["train.jsonl"]).map(({ metadata }) => metadata.complexity)
    assert.isAbove(rows.length, 2)
    assert.deepStrictEqual(rows, [...rows].sort((a, b) => b - a))
    assert.isAbove(ledgerOf("curriculum").rows.leftOut["past the curriculum's share"], 0)
  })

  it("LLaMA-Factory is told of its files", async () => {
    await generate("factory", "--dataset-type", "sft", "--format", "PSM", "--trainer", "llama-factory")
    const told = JSON.parse(files["factory"]?.["dataset_info.json"] ?? "{}")
    assert.strictEqual(told.retrace_train_sft.file_name, "train_sft.jsonl")
    for (const row of rowsIn(files["factory"]?.["train_sft.jsonl"])) {
      assert.deepStrictEqual(Object.keys(row), ["instruction", "input", "output", "metadata"])
      assert.isTrue(row.output.endsWith("<|endoftext|>"))
    }
  })

  it("LLaMA-Factory is told of every shard, and ends a text itself", async () => {
    const flags = ["--format", "PSM", "--trainer", "llama-factory", "--shard-rows", "5"]
    await generate("shards", "--dataset-type", "fim,kto", ...flags)
    const own = files["shards"] ?? {}
    const tables = Object.keys(own).filter((name) => name.endsWith(".jsonl"))
    assert.isAbove(tables.length, 4)
    const told: Record<string, { file_name: string }> = JSON.parse(own["dataset_info.json"] ?? "{}")
    assert.sameMembers(Object.values(told).map(({ file_name }) => file_name), tables)
    for (const name of tables.filter((name) => /^(?:train|val)-/.test(name))) {
      for (const row of rowsIn(own[name])) assert.isTrue(row.text.endsWith(row.middle))
    }
  })

  it("Axolotl gets KTO and DPO in TRL's columns, and begin tokens where it adds none", async () => {
    const flags = ["--format", "PSM", "--trainer", "axolotl", "--base-model", "codegemma"]
    await generate("axolotl", "--dataset-type", "kto,dpo,sft", ...flags)
    const rows = (name: string) => rowsIn(files["axolotl"]?.[name])
    for (const row of rows("train_kto.jsonl")) {
      assert.deepStrictEqual(Object.keys(row), ["prompt", "completion", "label", "metadata"])
      assert.isTrue(row.prompt.startsWith("<|fim_prefix|>") && row.completion.endsWith("<|file_separator|><eos>"))
    }
    for (const row of rows("train_dpo.jsonl")) {
      assert.deepStrictEqual(Object.keys(row), ["prompt", "chosen", "rejected", "metadata"])
      assert.isTrue(row.chosen.endsWith("<|file_separator|><eos>") && row.rejected.endsWith("<|file_separator|><eos>"))
    }
    for (const row of rows("train_sft.jsonl")) {
      assert.isTrue(row.segments[0].text.startsWith("<bos><|fim_prefix|>"))
    }
  })

  it("rows for LLaMA-Factory parse back behind their begin token", async () => {
    const flags = ["--format", "MIXED", "--trainer", "llama-factory", "--base-model", "codellama"]
    await generate("begun", "--dataset-type", "kto,fim", ...flags)
    const preset = presetNamed("codellama")
    const rows = allRows("begun")
    assert.isAbove(rows.length, 10)
    for (const line of rows) {
      if (line.instruction !== undefined) assert.isTrue(line.instruction.startsWith("<s>"))
      const row = readRow(line, preset)
      const completion = row?.wanted ?? row?.unwanted
      if (row === undefined || completion === undefined) return assert.fail(JSON.stringify(line))
      assert.strictEqual(typeof parseRow(row, completion, preset)?.completion, "string", JSON.stringify(line))
    }
  })

  it("no value of a row is null, and all files of a type have one schema", async () => {
    await generate("schema", "--dataset-type", "kto,dpo,fim,sft", "--shard-rows", "7")
    await generate("all of a tree", "--dataset-type", "kto,dpo,fim,sft", "--source", "tree")
    const keys = new Map<string, Set<string>>()
    for (const name of ["schema", "all of a tree"]) {
      for (const [file, text] of Object.entries(files[name] ?? {}).filter(([file]) => file.endsWith(".jsonl"))) {
        const feature = rowsIn(text).map(featureOf).reduce(merge, { kind: "null" })
        const known = keys.get(placeOf(file).config) ?? new Set()
        keys.set(placeOf(file).config, known.add(shapeKey(feature)))
      }
    }
    assert.strictEqual(keys.size, 4)
    for (const [config, schemas] of keys) {
      assert.strictEqual(schemas.size, 1, config)
      for (const schema of schemas) assert.notInclude(schema, "?", config)
    }
  })

  it("only the asked extensions and languages are read, as a list or in a row", async () => {
    await generate("js", "--extensions", ".js", ".ts", "--format", "PSM")
    await generate("python", "--language", "python,go", "--format", "PSM")
    const languages = (name: string) => [...new Set(allRows(name).map(({ metadata }) => metadata.language))]
    assert.deepStrictEqual(languages("js"), ["javascript"])
    assert.deepStrictEqual(languages("python"), ["python"])
  })

  it("a preview writes nothing and marks the middle", async () => {
    const output = join(root, "nothing")
    const ended = await runTask([
      "generate",
      toy.repository.path,
      "--preview",
      "3",
      "--output",
      output,
      "--quiet",
      "--source",
      "tree"
    ])
    assert.strictEqual(ended.code, 0, ended.stderr)
    assert.strictEqual(ended.stdout.match(/^— \d/gm)?.length, 3)
    assert.include(ended.stdout, "⟦")
    assert.strictEqual(ended.stderr, "")
    assert.isFalse(existsSync(output))
  })
})

it("two repositories of one name are refused, because rows could not tell them apart", async () => {
  const { path } = toy.repository
  const { code, stderr } = await runTask(["generate", path, `${path}/.`, "--output", join(root, "twice")])
  assert.strictEqual(code, 64)
  assert.match(stderr, /Cannot tell .* apart: both are called "toy"/)
  assert.isFalse(existsSync(join(root, "twice")))
})
