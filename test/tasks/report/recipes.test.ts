import { spawnSync } from "node:child_process"
import { assert, describe, it } from "@effect/vitest"
import { parse } from "yaml"
import { baseModels } from "../../../services/formats/base-models.ts"
import { presets } from "../../../services/formats/presets.ts"
import { dialectNamed, dialects } from "../../../services/next-edit/dialects/all.ts"
import { type Trainer, trainerNames } from "../../../services/formats/trainers.ts"
import type { Place } from "../../../services/rows/shape.ts"
import { datasetTypes } from "../../../services/rows/shapes.ts"
import { prefixTokens } from "../../../tasks/report/recipes/llama-cpp.ts"
import type { Recipe } from "../../../tasks/report/recipes/recipe.ts"
import { type DatasetRecipes, recipesOf } from "../../../tasks/report/recipes/recipes-of.ts"
import { noProvenance } from "../../../tasks/shared/provenance.ts"
import { configOf, keptFields, madeFor, writtenConfig } from "../../support/trainers.ts"

const place: Place = {
  prompt: "<|fim_prefix|>x = <|fim_suffix|>\n<|fim_middle|>",
  completion: "1",
  begunPrompt: "<|fim_prefix|>x = <|fim_suffix|>\n<|fim_middle|>",
  text: "<|fim_prefix|>x = <|fim_suffix|>\n<|fim_middle|>1<|endoftext|>",
  prefix: "x = ",
  middle: "1",
  suffix: "\n",
  context: "",
  metadata: {} as never,
  negative: { completion: "2", operator: "literal" }
}

/** The recipes of all types for a trainer and a model. */
const recipesFor = (trainer: Trainer, model: string, format = "PSM", ending = "jsonl"): DatasetRecipes =>
  recipesOf(datasetTypes.map((type) => writtenConfig(type, trainer, place, ending)), madeFor(model, trainer, format))

/** The models of next edits, with their dialects. */
const predicting = [...presets.values()].flatMap(({ name, nextEdit }) => {
  const dialect = dialectNamed(nextEdit ?? "")
  return dialect === undefined ? [] : [[name, dialect] as const]
})

const chats = [
  configOf("sft", [{ messages: [{ role: "user", content: "x" }] }], ["sft.jsonl"], ["test_sft.jsonl"]),
  configOf("kto", [{ prompt: [{}], completion: [{}], label: true }], ["kto.jsonl"], []),
  configOf("dpo", [{ prompt: [{}], chosen: [{}], rejected: [{}] }], ["dpo.jsonl"], [])
]

const all: ReadonlyArray<readonly [string, DatasetRecipes]> = [
  ...[...presets.keys()].flatMap((model) =>
    trainerNames.flatMap((trainer) =>
      ["PSM", "SPM1", "SPM2", "ZED"].map((format) =>
        [`${model}, ${trainer}, ${format}`, recipesFor(trainer, model, format)] as const
      )
    )
  ),
  ...predicting.flatMap(([model, dialect]) =>
    trainerNames.map((trainer) => [`${model}, ${trainer}`, recipesFor(trainer, model, dialect.name)] as const)
  ),
  ["parquet", recipesFor("trl", "qwen2.5-coder", "PSM", "parquet")],
  ["chats", recipesOf(chats, { ...noProvenance, task: "vim-loop" })]
]

const flat = ({ beside, configs, serving }: DatasetRecipes): ReadonlyArray<Recipe> => [
  ...configs.flatMap(({ recipes }) => recipes),
  ...serving,
  ...beside
]

const assertKnown = (fields: ReadonlyArray<string> | undefined, names: ReadonlyArray<string>, what: string) =>
  assert.deepStrictEqual(names.filter((name) => fields?.includes(name) !== true), [], what)

/** The names that a call in a script is given, its own lines being indented once. */
const namesGivenTo = (call: string, text: string): ReadonlyArray<string> => {
  const body = text.split(`${call}(\n`)[1]?.split("\n)")[0] ?? ""
  return [...body.matchAll(/^ {4}(\w+)=/gm)].flatMap(([, name]) => name ?? [])
}

const one = (from: DatasetRecipes, file: string): Recipe => {
  const found = flat(from).find((recipe) => recipe.file === file)
  if (found === undefined) throw new Error(`no ${file} among ${flat(from).map((recipe) => recipe.file).join()}`)
  return found
}

describe("recipes", () => {
  it("for TRL and Unsloth give only what their configs, trainers and models take", () => {
    for (const [what, recipes] of all) {
      for (const { file, text } of flat(recipes)) {
        const program = /-(trl|unsloth)\.py$/.exec(file)?.[1]
        if (program === undefined) continue
        const { fields, version } = keptFields(program)
        assert.include(text, version, what)
        const [, config = "", trainer = ""] = /^from trl import (\w+), (\w+)$/m.exec(text) ?? []
        const calls = [
          config,
          trainer,
          ...program === "trl" ? [] : Object.keys(fields).filter((name) => name.startsWith("Fast"))
        ]
        for (const call of calls) {
          const given = namesGivenTo(call, text)
          assert.isNotEmpty(given, `${what}: ${file}: ${call}`)
          assertKnown(fields[call], given, `${what}: ${file}: ${call}`)
        }
        const lora = /LoraConfig\((.*)\)/.exec(text)?.[1]
        if (lora !== undefined) {
          assertKnown(fields["LoraConfig"], [...lora.matchAll(/(\w+)=/g)].flatMap(([, name]) => name ?? []), what)
        }
      }
    }
  })

  it("for Axolotl give only what its schema has, so that each entry is of the kind that it trains", () => {
    const { fields, version } = keptFields("axolotl")
    const kinds: Readonly<Record<string, readonly [string, string]>> = {
      kto: ["KTODataset", "UserDefinedKTOType"],
      dpo: ["DPODataset", "UserDefinedDPOType"]
    }
    let count = 0
    for (const [what, recipes] of all) {
      for (const { file, text } of flat(recipes).filter(({ file }) => file.endsWith("-axolotl.yaml"))) {
        count++
        const config = parse(text)
        assert.include(text, version, what)
        assertKnown(fields["config"], Object.keys(config), `${what}: ${file}`)
        assertKnown(fields["special_tokens"], Object.keys(config.special_tokens ?? {}), `${what}: ${file}`)
        const [dataset, type] = kinds[config.rl] ?? ["SFTDataset", "UserDefinedPrompterType"]
        for (const entry of [...config.datasets, ...config.test_datasets ?? []]) {
          assertKnown(fields[dataset], Object.keys(entry), `${what}: ${file}`)
          if (typeof entry.type === "string") assertKnown(fields["types"], [entry.type], `${what}: ${file}`)
          else assertKnown(fields[type], Object.keys(entry.type), `${what}: ${file}`)
        }
      }
    }
    assert.isAbove(count, 100)
  })

  it("for LLaMA-Factory give only what it takes, and name files that it is told of", () => {
    const { fields, version } = keptFields("llama-factory")
    let count = 0
    for (const [what, recipes] of all) {
      const configs = flat(recipes).filter(({ file }) => file.endsWith("-llama-factory.yaml"))
      if (configs.length === 0) continue
      const told = JSON.parse(one(recipes, "dataset_info.json").text)
      for (const { file, text } of configs) {
        count++
        const config = parse(text)
        assert.include(text, version, what)
        assertKnown(fields["config"], Object.keys(config), `${what}: ${file}`)
        assertKnown(fields["templates"], [config.template], `${what}: ${file}`)
        assertKnown(fields["stages"], [config.stage], `${what}: ${file}`)
        assert.strictEqual(config.dataset_dir, "recipes")
        for (
          const name of [config.dataset, config.eval_dataset ?? ""].join().split(",").filter((name) => name !== "")
        ) {
          const entry = told[name]
          assertKnown(fields["dataset"], Object.keys(entry), `${what}: ${name}`)
          assertKnown(fields["columns"], Object.keys(entry.columns), `${what}: ${name}`)
          assertKnown(fields["tags"], Object.keys(entry.tags ?? {}), `${what}: ${name}`)
          assert.match(entry.file_name, /^\.\.\/[\w-]+\.jsonl$/)
          // DPO rows are told by a mark of the file, and by that alone.
          assert.strictEqual(entry.ranking === true, config.stage === "dpo", `${what}: ${name}`)
        }
      }
    }
    assert.isAbove(count, 100)
  })

  it("name all shards, and the held-out file to be measured on", () => {
    for (const trainer of trainerNames) {
      const recipes = recipesFor(trainer, "qwen2.5-coder")
      assert.deepStrictEqual(recipes.configs.map(({ name }) => name), ["fim", "sft", "kto", "dpo"])
      for (const { name, recipes: own } of recipes.configs) {
        assert.isNotEmpty(own)
        const train = name === "fim" ? "train" : `train_${name}`
        const held = { fim: "val", sft: "val_sft" }[name] ?? `test_${name}`
        for (const { file, text } of own) {
          const isTold = file.endsWith("-llama-factory.yaml")
          const spelled = (stem: string, shard: string) =>
            isTold
              ? `retrace_${stem}${shard.replace("-", "_")}`
              : `${stem}${shard}${shard === "" ? "" : "-of-00002"}.jsonl`
          for (const shard of ["-00000", "-00001"]) assert.include(text, spelled(train, shard), file)
          assert.include(text, spelled(held, ""), file)
          assert.match(text, /eval_dataset|test_datasets/, file)
          // A run may have fewer steps than any fixed number, and its end is what counts.
          assert.match(
            text,
            file.endsWith("-axolotl.yaml") ? /^eval_strategy: epoch$/m : /\beval_steps(?:=|: )0\.3\b/,
            file
          )
          if (isTold) assert.match(text, /^do_eval: true$/m, file)
          if (file.endsWith(".py")) assert.match(text, /^trainer\.train\(\)\ntrainer\.evaluate\(\)$/m, file)
        }
      }
    }
    const noHeld = recipesOf(
      [configOf("sft", [{ prompt: "a", completion: "b" }], ["train_sft.jsonl"], [])],
      noProvenance
    )
    for (const { text } of flat(noHeld)) assert.notMatch(text, /eval_|evaluate|test_datasets|"test"/)
    assert.include(
      one(all.find(([what]) => what === "parquet")?.[1] ?? recipesFor("trl", ""), "kto-trl.py").text,
      "\"parquet\""
    )
  })

  it("set the end token of the model, and no second begin token", () => {
    for (const [name, family] of baseModels) {
      const preset = presets.get(name)
      if (preset === undefined) return assert.fail(name)
      // What a row carries and what the tokenizer ends it with are the vendor's end together.
      if (name !== "codellama") assert.strictEqual(preset.carriedEnd + family.end, preset.end, name)
      const { text } = one(recipesFor("trl", name), "kto-trl.py")
      assert.include(text, `tokenizer.eos_token = ${JSON.stringify(family.end)}`)
      assert.include(text, `MODEL = "${family.model}"`)
      assert.strictEqual(text.includes("add_bos_token=False"), name === "codestral" || name === "aixcoder", name)
    }
    assert.deepStrictEqual([...baseModels.keys()], [...presets.keys()])
  })

  it("keep the order of KTO rows, with more than one at once", () => {
    const trl = one(recipesFor("trl", "qwen2.5-coder"), "kto-trl.py").text
    assert.include(trl, "train_sampling_strategy=\"sequential\"")
    assert.include(trl, "per_device_train_batch_size=4")
    assert.notMatch(trl, /^ +max_prompt_length/m)
    const axolotl = parse(one(recipesFor("axolotl", "qwen2.5-coder"), "kto-axolotl.yaml").text)
    assert.strictEqual(axolotl.shuffle_merged_datasets, false)
    assert.strictEqual(axolotl.micro_batch_size, 4)
    assert.strictEqual(axolotl.rl, "kto")
    // Axolotl refuses a config for KTO without it.
    assert.strictEqual(axolotl.remove_unused_columns, false)
    const unsloth = one(recipesFor("trl", "codegemma"), "dpo-unsloth.py").text
    assert.match(unsloth, /^ +max_prompt_length=/m)
    assert.include(unsloth, "\"<bos>\" + row[\"prompt\"]")
  })

  it("read rows only for the trainer that they were written for", () => {
    const programs = (recipes: DatasetRecipes) =>
      new Set(recipes.configs.flatMap(({ recipes }) => recipes.map(({ title }) => title.split(/[ ,]/)[0])))
    assert.deepStrictEqual([...programs(recipesFor("trl", "qwen2.5-coder"))], ["TRL", "Unsloth", "Axolotl"])
    assert.deepStrictEqual([...programs(recipesFor("axolotl", "qwen2.5-coder"))], ["Axolotl"])
    assert.deepStrictEqual([...programs(recipesFor("llama-factory", "qwen2.5-coder"))], ["LLaMA-Factory"])
    const foreign = configOf("alpaca", [{ instruction: "a", input: "", output: "b" }], ["alpaca.jsonl"], [])
    assert.deepStrictEqual([...programs(recipesOf([foreign], noProvenance))], ["LLaMA-Factory"])
    const none = configOf("transforms", [{ source: "a", target: "b", keys: "x" }], ["transforms.jsonl"], [])
    assert.deepStrictEqual(flat(recipesOf([none], noProvenance)), [])
    const pair = { prompt: "a", chosen: "b", rejected: "c" }
    const some = configOf("some", [pair, { question: "d" }], ["some.jsonl"], [])
    assert.deepStrictEqual(flat(recipesOf([some], noProvenance)), [])
    const whole = configOf("some", [pair, { ...pair, question: "d" }], ["some.jsonl"], [])
    assert.isNotEmpty(flat(recipesOf([whole], noProvenance)))
    const sft = one(recipesFor("trl", "qwen2.5-coder"), "sft-axolotl.yaml").text
    assert.strictEqual(parse(sft).datasets[0].type.no_input_format, "{instruction}")
  })

  it("serve with the tokens that llama.cpp finds, or with those of the rows", () => {
    const cpp = keptFields("llama-cpp").fields
    assert.deepStrictEqual([...prefixTokens].sort(), [...cpp["prefixes"] ?? []].sort())
    for (const [what, recipes] of all) {
      for (const { file, text } of recipes.serving) {
        if (file === "serve-llama-cpp.sh") {
          const line = /^llama-server .*$/m.exec(text)?.[0] ?? ""
          assertKnown(cpp["llama-server"], line.split(" ").filter((word) => word.startsWith("-")), what)
        } else {
          const body = text.split("body = {\n")[1]?.split("\n            }")[0] ?? ""
          const given = [...body.matchAll(/^ +"(\w+)":/gm)].flatMap(([, name]) => name ?? [])
          assertKnown(keptFields("vllm").fields["CompletionRequest"], given, what)
          const asked = [...text.matchAll(/asked\.get\("(\w+)"/g)].flatMap(([, name]) => name ?? [])
          assertKnown(keptFields("llama-vim").fields["request"], asked, what)
        }
      }
    }
    const files = (model: string, format: string) => recipesFor("trl", model, format).serving.map(({ file }) => file)
    assert.deepStrictEqual(files("qwen2.5-coder", "PSM"), ["serve-llama-cpp.sh", "serve-vllm.py"])
    assert.notInclude(one(recipesFor("trl", "starcoder", "PSM"), "serve-llama-cpp.sh").text, "--spm-infill")
    assert.include(one(recipesFor("trl", "starcoder", "SPM1"), "serve-llama-cpp.sh").text, "--spm-infill")
    // llama.cpp has no way to ask codestral, nor to put the middle straight behind the prefix.
    assert.deepStrictEqual(files("codestral", "SPM1"), ["serve-vllm.py"])
    assert.deepStrictEqual(files("starcoder", "SPM2"), ["serve-vllm.py"])
    assert.deepStrictEqual(files("qwen2.5-coder", "ZED"), ["serve-llama-cpp.sh"])
    assert.include(one(recipesFor("trl", "codestral", "SPM1"), "serve-vllm.py").text, "\"add_special_tokens\": False")
  })

  it("for next edits train with what the format allows, and serve with its stop strings", () => {
    assert.deepStrictEqual(
      [...new Set(predicting.map(([, { name }]) => name))].sort(),
      dialects.map(({ name }) => name).sort()
    )
    for (const [model, dialect] of predicting) {
      const recipes = recipesFor("trl", model, dialect.name)
      const { text } = one(recipes, "sft-trl.py")
      assert.include(text, `MODEL = "${baseModels.get(model)?.model}"`)
      assert.include(text, `tokenizer.eos_token = ${JSON.stringify(baseModels.get(model)?.end)}`)
      assert.include(text, `    max_length=${dialect.maxTokens},`, model)
      assert.include(one(recipes, "kto-unsloth.py").text, `max_seq_length=${dialect.maxTokens},`, model)
      for (const file of ["serve-llama-cpp.sh", "serve-vllm.sh"]) {
        assert.include(one(recipes, file).text, `"stop": ${JSON.stringify(dialect.stops)}`, model)
      }
    }
    // Rows name their format themselves where their run does not.
    const told = configOf("sft", [{ prompt: "p", completion: "c", metadata: { format: "sweep" } }], ["train.jsonl"], [])
    const named = recipesOf([told], madeFor("sweep-next-edit-1.5b", "trl"))
    assert.include(one(named, "serve-llama-cpp.sh").text, "\"<|file_sep|>\"")
    assert.include(one(named, "sft-trl.py").text, "max_length=8192")
  })

  it("name a file as it is, whatever it is called, and nothing of its name runs", () => {
    const hostile = "a\"\"\"\nimport os;os.system('id')#`$(id)`,x.jsonl"
    const rows = [{ prompt: "a", completion: "b" }]
    const named = recipesOf([configOf(hostile.replace(".jsonl", ""), rows, [hostile], [])], noProvenance)
    const { file, text } = flat(named)[0] ?? assert.fail("no recipe")
    assert.match(file, /^[\w.-]+$/)
    assert.strictEqual(text.split(JSON.stringify(hostile)).length, 2)
    assert.notMatch(text, /^import os/m)
    const yaml = flat(named).find((recipe) => recipe.language === "yaml")?.text ?? ""
    assert.strictEqual(parse(yaml).datasets[0].path, hostile)
  })

  it("are scripts that Python reads", (context) => {
    const scripts = all.flatMap(([, recipes]) => flat(recipes).filter(({ language }) => language === "python"))
    const check = "import ast, json, sys\nfor text in json.load(sys.stdin): ast.parse(text)"
    const read = spawnSync("python3", ["-c", check], { input: JSON.stringify(scripts.map(({ text }) => text)) })
    if (read.error !== undefined) return context.skip("there is no python3 on this machine")
    assert.strictEqual(read.status, 0, String(read.stderr))
  })

  it("give TRL what its own classes take, where it is installed", (context) => {
    const python = process.env["RETRACE_PYTHON"] ?? "python3"
    if (spawnSync(python, ["-c", "import trl, peft"]).status !== 0) {
      return context.skip("TRL is not installed: name a Python that has it and PEFT in RETRACE_PYTHON")
    }
    // The scripts up to their trainers, without the model and the rows: only the configs are made.
    const parts = ["kto", "dpo", "sft", "fim"].map((name) => {
      const { text } = one(recipesFor("trl", "qwen2.5-coder"), `${name}-trl.py`)
      const config = /^args = (\w+\([^]*?\n\))/m.exec(text)?.[1]?.replace("str(OUT)", "\"/tmp\", use_cpu=True") ?? ""
      return `trl.${config}\npeft.${/LoraConfig\(.*\)/.exec(text)?.[0] ?? ""}`
    })
    const made = spawnSync(python, ["-c", `import trl, peft\n${parts.join("\n")}`])
    assert.strictEqual(made.status, 0, String(made.stderr))
  }, 120_000)
})
