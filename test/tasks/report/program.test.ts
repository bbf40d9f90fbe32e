import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { parse } from "yaml"
import { featureOf, merge, renderFeature, shapeKey } from "../../../services/rows/features.ts"
import { placeOf, sideOfFile } from "../../../services/rows/tables.ts"
import { sizeCategory } from "../../../tasks/report/card.ts"
import { zeta2 } from "../../../services/next-edit/dialects/zeta2.ts"
import { nextEditMetadata, promptAndAnswer, quietExample } from "../../support/next-edit-rows.ts"
import { runTask } from "../../support/task.ts"
import { makeRepository, pythonModule, temporaryFolder, type TestRepository } from "../../support/repository.ts"

let root = ""
let repository: TestRepository
const at = (name: string) => join(root, name)
const write = (folder: string, name: string, rows: ReadonlyArray<unknown>) => {
  mkdirSync(at(folder), { recursive: true })
  writeFileSync(at(`${folder}/${name}`), rows.map((row) => `${JSON.stringify(row)}\n`).join(""))
}

beforeAll(async () => {
  root = temporaryFolder()
  repository = makeRepository("shop")
  for (let step = 0; step < 8; step++) {
    for (const name of ["a", "b", "c", "d"]) repository.write(`${name}.py`, pythonModule(4, `${name}${step}_`))
    repository.commit(`step ${step}`)
  }
  const made = await runTask([
    "generate",
    repository.path,
    "-o",
    at("made"),
    "--dataset-type",
    "kto,dpo,sft,fim",
    "--split",
    "0.6",
    "-q"
  ])
  assert.strictEqual(made.code, 0, made.stderr)
})
afterAll(() => {
  repository.dispose()
  rmSync(root, { recursive: true, force: true })
})

/** The head of a card as YAML, and its body. */
const cardOf = (folder: string) => {
  const match = /^---\n([^]*?)\n---\n([^]*)$/.exec(readFileSync(at(`${folder}/README.md`), "utf8"))
  return { head: parse(match?.[1] ?? ""), body: match?.[2] ?? "" }
}

/** What the Hugging Face Hub wants of a card's head. */
const assertCard = (folder: string, head: any) => {
  assert.isString(head.pretty_name)
  assert.isString(head.license)
  assert.deepStrictEqual(head.task_categories, ["text-generation"])
  assert.isTrue(head.size_categories.every((size: string) => /^(?:n<1K|\d+[KMB]<n<\d+[KMB]|n>1T)$/.test(size)))
  assert.isNotEmpty(head.configs)
  assert.strictEqual(head.configs.filter((config: any) => config.default === true).length, 1)
  const names = head.configs.map((config: any) => config.config_name)
  assert.strictEqual(new Set(names).size, names.length)
  assert.deepStrictEqual(head.dataset_info.map((info: any) => info.config_name), names)
  for (const config of head.configs) {
    for (const { path, split } of config.data_files) {
      assert.include(["train", "validation", "test"], split)
      for (const one of [path].flat()) assert.isTrue(existsSync(at(`${folder}/${one}`)))
    }
  }
  for (const info of head.dataset_info) {
    assert.isNotEmpty(info.features)
    for (const split of info.splits) assert.isAbove(split.num_examples, 0)
    assert.isNumber(info.download_size)
    assert.isNumber(info.dataset_size)
  }
}

describe("report", () => {
  it("writes a page, figures and a card that the Hub takes", { timeout: 60_000 }, async () => {
    const ended = await runTask(["report", at("made"), "--title", "Shop: edits", "--license", "mit"])
    assert.strictEqual(ended.code, 0, ended.stderr)
    const { body, head } = cardOf("made")
    assertCard("made", head)
    assert.strictEqual(head.pretty_name, "Shop: edits")
    assert.strictEqual(head.license, "mit")
    assert.deepStrictEqual(head.configs.map((config: any) => config.config_name), ["fim", "sft", "kto", "dpo"])
    assert.deepStrictEqual(head.configs[0].data_files.map(({ split }: any) => split), ["train", "validation"])
    assert.deepStrictEqual(head.configs[2].data_files.map(({ split }: any) => split), ["train", "test"])
    const kto = head.dataset_info[2]
    assert.deepStrictEqual(kto.features.slice(0, 3), [
      { name: "prompt", dtype: "string" },
      { name: "completion", dtype: "string" },
      { name: "label", dtype: "bool" }
    ])
    const lines = readFileSync(at("made/train_kto.jsonl"), "utf8").trim().split("\n").length
    assert.strictEqual(kto.splits[0].num_examples, lines)
    // The card shows the recipe of its first config, and names all.
    assert.include(
      body,
      readFileSync(at("made/recipes/fim-trl.py"), "utf8").split("\n# written by")[0]?.trimEnd() ?? "?"
    )
    const recipes = readdirSync(at("made/recipes"))
    for (const name of recipes) assert.include(body, `](recipes/${name})`)
    assert.includeMembers(recipes, ["kto-trl.py", "kto-unsloth.py", "kto-axolotl.yaml", "serve-llama-cpp.sh"])
    const { advice } = JSON.parse(readFileSync(at("made/metadata.json"), "utf8"))
    for (const [type, settings] of Object.entries(advice)) {
      const recipe = readFileSync(at(`made/recipes/${type}-trl.py`), "utf8")
      for (const [name, value] of Object.entries(settings as object)) {
        assert.include(recipe, `    ${name}=${JSON.stringify(value)},`, type)
      }
    }
    const page = readFileSync(at("made/report.html"), "utf8")
    assert.notMatch(page, /<script|https?:\/\/(?!www\.w3\.org\/2000\/svg)/)
    for (const name of readdirSync(at("made")).concat(readdirSync(at("made/figures")))) assert.notInclude(name, ".part")
  })

  it("begins page and card with the verdict on the largest type, and shows what it is made of in order", () => {
    const { body } = cardOf("made")
    const rows = (table: string) => readFileSync(at(`made/${table}.jsonl`), "utf8").trim().split("\n").length
    const [train, test] = [rows("train_kto"), rows("test_kto")]
    const sentence = new RegExp(
      `^# Shop: edits\n\n${
        train + test
      } rows of kto, [\\d.]+ % of them to train on \\(60 % asked for\\), [\\d.]+ % of the answers wanted, which is balanced\\. `
    )
    assert.match(body.trimStart(), sentence)
    const page = readFileSync(at("made/report.html"), "utf8")
    const places = [
      "rows of kto",
      "<h2>Sizes",
      "<h2>Quality",
      "<h2>Distributions",
      "kto: answers, in tokens",
      "kto: prompts, in tokens",
      "kto: kinds of places",
      "kto: operators of unwanted answers",
      "From what was read to the rows",
      "Most repeated answers of kto",
      "Distributions of fim",
      "<h2>Samples",
      "<h2>How it was made"
    ].map((text) => page.indexOf(text))
    assert.notInclude(places, -1)
    assert.deepStrictEqual(places, places.toSorted((a, b) => a - b))
    // No count of the page adds up rows that show the same places.
    const sum = ["train", "train_sft", "train_kto", "train_dpo"].reduce((sum, name) => sum + rows(name), 0)
    assert.notInclude(page, `<td class="n">${sum}</td>`)
    const stages = ["commits", "changes", "cuts", "negatives", "rows of all types"].map((stage) =>
      page.indexOf(`>${stage}<`)
    )
    assert.notInclude(stages, -1)
    assert.deepStrictEqual(stages, stages.toSorted((a, b) => a - b))
  })

  it("shows three figures and one row in the card, and the command that makes the dataset again", {
    timeout: 60_000
  }, async () => {
    const { body } = cardOf("made")
    const figures = [...body.matchAll(/^!\[[^\]]+\]\((figures\/[\w-]+\.svg)\)$/gm)].map(([, path = ""]) => path)
    assert.strictEqual(figures.length, 3)
    for (const path of figures) assert.isTrue(existsSync(at(`made/${path}`)))
    assert.match(
      body,
      /One row of kto:\n\nWanted and unwanted \(`\+` is wanted, `-` is unwanted\):\n\n```diff\n[^]*?^\+ [^]*?^- [^]*?```/m
    )
    const command = /```sh\n(retrace generate .*)\n```/.exec(body)?.[1] ?? ""
    const words = command.split(" ").map((word) => (word === "shop" ? repository.path : word))
    const again = await runTask([...words.slice(1), "-o", at("again"), "-q"])
    assert.strictEqual(again.code, 0, again.stderr)
    for (const name of readdirSync(at("again")).filter((name) => name.endsWith(".jsonl"))) {
      assert.strictEqual(readFileSync(at(`again/${name}`), "utf8"), readFileSync(at(`made/${name}`), "utf8"), name)
    }
  })

  it("says in the card why most of what was read was left out", () => {
    const { ledger } = JSON.parse(readFileSync(at("made/metadata.json"), "utf8"))
    const reasons = Object.entries<any>(ledger).flatMap(([stage, { came, leftOut }]) =>
      Object.entries<number>(leftOut).map(([reason, count]) => ({
        count,
        told: `${reason} (${count} of ${came} ${stage})`
      }))
    )
    const most = Math.max(...reasons.map(({ count }) => count))
    const section = cardOf("made").body.split("## What was left out\n")[1]?.split("\n## ")[0] ?? ""
    for (const { count, told } of reasons) if (count === most) assert.include(section, told)
  })

  it("says what falls short of which threshold, the usual one or the user's", { timeout: 60_000 }, async () => {
    write("short", "train_sft.jsonl", [
      ...Array.from({ length: 8 }, () => ({ prompt: "p", completion: "same" })),
      { prompt: "q", completion: " " },
      { prompt: "r", completion: "other" }
    ])
    const verdict = async (...args: ReadonlyArray<string>) => {
      const ended = await runTask(["report", at("short"), ...args])
      assert.strictEqual(ended.code, 0, ended.stderr)
      return ended.stderr.split("\n").find((line) => line.includes(" rows of "))
    }
    assert.strictEqual(
      await verdict(),
      "10 rows of sft, none held out. What falls short of its threshold: blank completions, 10 % (at most 0 %) and near-equal rows, 70 % (at most 5 %)."
    )
    assert.strictEqual(
      await verdict("--max", "blank-completions=0.1", "--max", "near-equal-rows=0.7"),
      "10 rows of sft, none held out. All 2 thresholds are met."
    )
    assert.match(readFileSync(at("short/report.html"), "utf8"), /<code>same<\/code><\/td><td class="n">8</)
  })

  it("calls the rows of another tool what they are, whatever their file is called", { timeout: 60_000 }, async () => {
    write("theirs", "train.jsonl", [{ prompt: "p", completion: "c" }, { prompt: "q", completion: "d" }])
    write("theirs", "test.jsonl", [{ prompt: "r", completion: "e" }])
    const ended = await runTask(["report", at("theirs")])
    assert.strictEqual(ended.code, 0, ended.stderr)
    assert.match(ended.stderr, /^3 rows of sft, 66\.7 % of them to train on/m)
    const { body, head } = cardOf("theirs")
    assert.deepStrictEqual(head.configs.map((config: any) => config.config_name), ["sft"])
    assert.include(body, "recipes/sft-trl.py")
  })

  it("tells how a file was made whose metadata lies beside it alone", { timeout: 60_000 }, async () => {
    write("paths", "paths.jsonl", [{ edit_path: ["@@ -0,0 +1,1 @@\n+a"] }, { edit_path: ["@@ -0,0 +1,1 @@\n+b"] }])
    const identity = { task: "lintseq", version: "1.2.3", settings: { seed: 7 }, input: { folder: "programs" } }
    writeFileSync(at("paths/paths.metadata.json"), JSON.stringify({ identity, ledger: {} }))
    const ended = await runTask(["report", at("paths")])
    assert.strictEqual(ended.code, 0, ended.stderr)
    assert.include(ended.stderr, "The one threshold is met.")
    const { body } = cardOf("paths")
    assert.include(body, "```sh\nretrace lintseq --directory programs --seed 7\n```")
    assert.include(body, "## How to have code removed\n\nTo have code of yours removed, ask ")
    // Two files that were made in two ways are not told as one.
    write("paths", "others.jsonl", [{ edit_path: ["@@ -0,0 +1,1 @@\n+c"] }])
    writeFileSync(
      at("paths/others.metadata.json"),
      JSON.stringify({ identity: { ...identity, settings: {} }, ledger: {} })
    )
    assert.strictEqual((await runTask(["report", at("paths")])).code, 0)
    assert.include(cardOf("paths").body, "Nothing beside the files says how.")
  })

  it("replaces its own card, and none that a person wrote in", { timeout: 60_000 }, async () => {
    assert.strictEqual((await runTask(["report", at("made")])).code, 0)
    appendFileSync(at("made/README.md"), "\nWe thank everybody.\n")
    const refused = await runTask(["report", at("made")])
    assert.strictEqual(refused.code, 73)
    assert.match(refused.stderr, /--overwrite/)
    assert.include(readFileSync(at("made/README.md"), "utf8"), "We thank everybody.")
    assert.strictEqual((await runTask(["report", at("made"), "--overwrite"])).code, 0)
    assert.notInclude(readFileSync(at("made/README.md"), "utf8"), "We thank everybody.")
  })

  it("keeps a recipe that a person edited, and takes away one that no longer fits", { timeout: 60_000 }, async () => {
    const [edited, stale] = [at("made/recipes/kto-trl.py"), at("made/recipes/chat-trl.py")]
    const own = readFileSync(edited, "utf8")
    writeFileSync(edited, own.replace("Qwen2.5-Coder-1.5B", "Qwen2.5-Coder-7B"))
    writeFileSync(stale, readFileSync(at("made/recipes/dpo-trl.py"), "utf8"))
    writeFileSync(at("made/recipes/mine.py"), "print(1)\n")
    const ended = await runTask(["report", at("made")])
    assert.strictEqual(ended.code, 0, ended.stderr)
    assert.include(ended.stderr, "Kept recipes/kto-trl.py, which was edited")
    assert.include(readFileSync(edited, "utf8"), "Qwen2.5-Coder-7B")
    assert.isFalse(existsSync(stale))
    assert.isTrue(existsSync(at("made/recipes/mine.py")))
    assert.strictEqual((await runTask(["report", at("made"), "--overwrite"])).code, 0)
    assert.strictEqual(readFileSync(edited, "utf8"), own)
  })

  it("lets nothing in a row run", { timeout: 60_000 }, async () => {
    const hostile = "</pre><script>alert(1)</script><svg onload=alert(1)>\u0000\"><img src=x onerror=alert(1)>"
    write("hostile", "train_sft.jsonl", [{
      prompt: hostile,
      completion: hostile,
      [hostile]: hostile,
      metadata: { language: hostile, kind: "a" }
    }, { prompt: "p", completion: "c", metadata: { language: "b", kind: "b" } }])
    const ended = await runTask(["report", at("hostile"), "--title", hostile.replace("\u0000", "")])
    assert.strictEqual(ended.code, 0, ended.stderr)
    for (const file of ["report.html", ...readdirSync(at("hostile/figures")).map((name) => `figures/${name}`)]) {
      const text = readFileSync(at(`hostile/${file}`), "utf8")
      assert.notMatch(text, /<script|<img|<svg onload/, file)
      assert.notInclude(text, "\u0000")
    }
    assertCard("hostile", cardOf("hostile").head)
  })

  it("measures what is wrong with a dataset, ours or another's", { timeout: 60_000 }, async () => {
    const fim = (prefix: string, middle: string, suffix: string) => ({
      text: `<|fim_prefix|>${prefix}<|fim_suffix|>${suffix}<|fim_middle|>${middle}`,
      language: "python"
    })
    write("faulty", "train.jsonl", [
      fim("x = ", "1", "\n"),
      fim("coun", "ter", " = 1\n"),
      fim("def f(", "", "):\n    pass\n"),
      fim("y = ", "(", "\n")
    ])
    write("faulty", "val.jsonl", [fim("x = ", "2", "\n"), fim("z = ", "2", "\n")])
    write("faulty", "train_dpo.jsonl", [
      { prompt: "p", chosen: "return total", rejected: "return" },
      { prompt: "q", chosen: "same", rejected: "same" },
      { prompt: "r", chosen: "right", rejected: "wrong" }
    ])
    write("faulty", "train_kto.jsonl", [
      { prompt: "k", completion: "ret", label: false },
      { prompt: "k", completion: "return 1", label: true }
    ])
    const ended = await runTask(["report", at("faulty"), "--score", "--json", "--max-tokens", "4"])
    assert.strictEqual(ended.code, 0, ended.stderr)
    const scores = JSON.parse(ended.stdout)
    const hits = Object.fromEntries(Object.entries<any>(scores).map(([name, { hit, of }]) => [name, [hit, of]]))
    assert.deepStrictEqual(hits, {
      "test-prompts-in-train": [1, 2],
      "middles-inside-identifiers": [1, 6],
      "negatives-that-are-truncations": [2, 4],
      "negatives-that-equal-the-answer": [1, 4],
      "blank-completions": [1, 14],
      "rows-over-token-budget": [1, 11],
      "parse-errors-after-splicing": [1, 6],
      "near-equal-rows": [0, 11],
      "next-edits-outside-the-region": [0, 0],
      "model-tokens-in-next-edits": [0, 0]
    })
    assert.strictEqual(scores["test-prompts-in-train"].example, "val.jsonl:1")
    const beside = await runTask(["report", at("faulty"), "--score", "--against", at("made")])
    assert.strictEqual(beside.code, 0, beside.stderr)
    assert.match(beside.stdout, /^blank-completions +1 of 14 \(7\.14 %\) +0 of \d+ \(0\.00 %\)$/m)
    assert.strictEqual(beside.stdout.trimEnd().split("\n").length, 11)
    for (const idle of [["--json"], ["--against", at("made")]]) {
      const refused = await runTask(["report", at("faulty"), ...idle])
      assert.strictEqual(refused.code, 64)
      assert.include(refused.stderr, `Cannot use ${idle[0]} without --score`)
    }
    const gate = await runTask(["report", at("faulty"), "--score", "--max", "blank-completions=0.01"])
    assert.strictEqual(gate.code, 2)
    assert.match(gate.stderr, /blank-completions is 7\.14 %, above 1 %/)
    assert.strictEqual(
      (await runTask(["report", at("faulty/train_kto.jsonl"), "--score", "--max", "blank-completions=0"])).code,
      0
    )
  })

  it("tells what rows of next edits ask, and compares answers to them", { timeout: 60_000 }, async () => {
    const used = promptAndAnswer(zeta2)
    const quiet = promptAndAnswer(zeta2, quietExample)
    const row = (label: boolean, completion: string, kind: string, negative = "") => ({
      prompt: used.prompt,
      completion,
      label,
      metadata: nextEditMetadata(zeta2, kind, negative)
    })
    const other = { ...quiet, prompt: quiet.prompt.replaceAll("area", "room"), label: true }
    write("edits", "train_kto.jsonl", [
      row(true, used.completion, "same line"),
      row(false, quiet.completion, "same line", "none where one is due"),
      {
        ...other,
        completion: quiet.completion.replaceAll("area", "room"),
        metadata: nextEditMetadata(zeta2, "no edit")
      }
    ])
    const ended = await runTask(["report", at("edits")])
    assert.strictEqual(ended.code, 0, ended.stderr)
    const { body } = cardOf("edits")
    assert.include(
      body,
      "asks for the lines around the cursor as they are after the next edit (the prompt of Zed's zeta2)."
    )
    assert.include(
      body,
      "50 % of the wanted answers change nothing, because nothing is left to do. 66.7 % of the rows stop in a line that is half typed."
    )
    const page = readFileSync(at("edits/report.html"), "utf8")
    for (const text of ["kto: where the next edit lies", "at most 4,096 are allowed", "(nothing is left to do)"]) {
      assert.include(page, text)
    }
    // A sample opens at the region, and its pair.
    assert.match(
      page,
      /<details open><summary>train_kto\.jsonl, row \d, kto<\/summary><h4>(?:wanted and unwanted|wanted: what changes)</
    )
    assert.includeMembers(readdirSync(at("edits/recipes")), ["serve-llama-cpp.sh", "serve-vllm.sh"])

    write("edits", "answers.jsonl", [
      { ...used, answer: used.completion, metadata: nextEditMetadata(zeta2, "near") },
      { ...used, answer: "def area(", metadata: nextEditMetadata(zeta2, "near") }
    ])
    const scored = await runTask(["report", at("edits/answers.jsonl"), "--score"])
    assert.strictEqual(scored.code, 0, scored.stderr)
    for (
      const line of [
        /^next edits of answers: 2 of zeta2$/m,
        /^ {2}answers of the column answer +2$/m,
        /^ {4}unreadable +1: the answer is cut off$/m,
        /^ {4}ΔchrF, β = 0\.5 +100\.00$/m,
        /^ {4}exact lines +precision 1\.00, recall 1\.00, F1 1\.00$/m
      ]
    ) assert.match(scored.stdout, line)
    const json = JSON.parse((await runTask(["report", at("edits/train_kto.jsonl"), "--score", "--json"])).stdout)
    const { nextEdits: { kto: figures } } = json
    assert.deepStrictEqual(figures.quiet, { hit: 1, of: 2 })
    assert.deepStrictEqual([figures.unwanted.answers, figures.unwanted.quiet, figures.answers], [
      1,
      { hit: 1, of: 1 },
      null
    ])
    assert.strictEqual(figures.deltaChrfBeta, 0.5)
    assert.deepStrictEqual(json["next-edits-outside-the-region"], { of: 2, hit: 0, example: "" })
  })

  it("finds little wrong with what generate writes", { timeout: 60_000 }, async () => {
    const zero = [
      "test-prompts-in-train",
      "middles-inside-identifiers",
      "negatives-that-equal-the-answer",
      "blank-completions"
    ]
    const ended = await runTask(["report", at("made"), "--score", ...zero.flatMap((name) => ["--max", `${name}=0`])])
    assert.strictEqual(ended.code, 0, ended.stderr)
  })

  it("says in one line what is wrong with a call", { timeout: 60_000 }, async () => {
    mkdirSync(at("empty"))
    for (
      const [args, code, message] of [
        [["report", at("nowhere")], 66, /no such folder/],
        [["report", at("empty")], 66, /no \.jsonl or \.parquet/],
        [["report", at("made"), "--score", "--max", "beauty=1"], 64, /it takes a measure/],
        [["report", at("made"), "--score", "--max", "blank-completions=2"], 64, /from 0 to 1/]
      ] as const
    ) {
      const ended = await runTask(args)
      assert.strictEqual(ended.code, code, ended.stderr)
      assert.match(ended.stderr, message)
    }
  })
})

describe("columns", () => {
  it("are told by their types, whatever is null, and differ where no loader could read them as one", () => {
    const feature = [{ a: 1, b: null, c: [1], m: { x: "s", y: null } }, {
      a: 2.5,
      b: "t",
      c: [],
      m: { x: null, y: true }
    }]
      .map(featureOf).reduce(merge, { kind: "null" })
    assert.deepStrictEqual(
      feature.kind === "struct" ? [...feature.fields].map(([name, part]) => renderFeature(name, part)) : [],
      [
        { name: "a", dtype: "float64" },
        { name: "b", dtype: "string" },
        { name: "c", list: "int64" },
        { name: "m", struct: [{ name: "x", dtype: "string" }, { name: "y", dtype: "bool" }] }
      ]
    )
    assert.notStrictEqual(shapeKey(featureOf({ a: 1 })), shapeKey(featureOf({ a: "1" })))
    assert.strictEqual(merge(featureOf("a"), featureOf(1)).kind, "mixed")
  })

  it.each([
    ["train_kto.jsonl", "kto", "train"],
    ["val.jsonl", "fim", "validation"],
    ["val_sft.jsonl", "sft", "validation"],
    ["test_dpo.parquet", "dpo", "test"],
    ["train_kto-00001-of-00004.parquet", "kto", "train"],
    ["transforms.jsonl", "transforms", "train"]
  ])("%s is of config %s, split %s", (file, config, split) => assert.deepStrictEqual(placeOf(file), { config, split }))

  it.each([[0, "n<1K"], [1000, "1K<n<10K"], [99_999, "10K<n<100K"], [5_000_000, "1M<n<10M"]] as const)(
    "%d rows are of size %s",
    (rows, size) => assert.strictEqual(sizeCategory(rows), size)
  )

  it.each(
    [["test_kto.jsonl", "held"], ["val.jsonl", "held"], ["contest.jsonl", "train"], ["my-eval.jsonl", "held"]] as const
  )(
    "%s is %s",
    (file, side) => assert.strictEqual(sideOfFile(file), side)
  )
})
