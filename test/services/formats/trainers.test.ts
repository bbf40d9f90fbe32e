import { assert, it } from "@effect/vitest"
import { presets } from "../../../services/formats/presets.ts"
import { baseModels, withoutBegin } from "../../../services/formats/base-models.ts"
import { trainerSettings } from "../../../services/formats/trainer-settings.ts"
import { beginOfPrompt, endOfCompletion, endOfText, tokensAround } from "../../../services/formats/trainers.ts"
import { dpoColumns } from "../../../services/rows/dpo.ts"
import { ktoColumns } from "../../../services/rows/kto.ts"
import { sftColumns } from "../../../services/rows/sft.ts"
import { llamaFactoryEntry } from "../../../services/rows/shapes.ts"

it("each trainer gets the columns it reads", () => {
  assert.deepStrictEqual(sftColumns("trl", "p", "c"), { prompt: "p", completion: "c" })
  assert.deepStrictEqual(sftColumns("axolotl", "p", "c"), {
    segments: [{ label: false, text: "p" }, { label: true, text: "c" }]
  })
  assert.deepStrictEqual(sftColumns("llama-factory", "p", "c"), { instruction: "p", input: "", output: "c" })
  assert.deepStrictEqual(ktoColumns("trl", "p", "c", false), { prompt: "p", completion: "c", label: false })
  assert.deepStrictEqual(ktoColumns("llama-factory", "p", "c", true), { instruction: "p", output: "c", kto_tag: true })
  assert.deepStrictEqual(dpoColumns("llama-factory", "p", "c", "r"), { instruction: "p", chosen: "c", rejected: "r" })
})

it("the columns that LLaMA-Factory is told of are those of its rows", () => {
  const told = (type: "sft" | "kto" | "dpo") =>
    Object.values(llamaFactoryEntry("x.jsonl", type)["columns"] as object).sort()
  assert.deepStrictEqual(told("sft"), Object.keys(sftColumns("llama-factory", "p", "c")).sort())
  assert.deepStrictEqual(told("kto"), Object.keys(ktoColumns("llama-factory", "p", "c", true)).sort())
  assert.deepStrictEqual(told("dpo"), Object.keys(dpoColumns("llama-factory", "p", "c", "r")).sort())
})

it("the end token stands where the trainer adds none of its own", () => {
  const qwen = presets.get("qwen2.5-coder")
  const codellama = presets.get("codellama")
  if (qwen === undefined || codellama === undefined) throw new Error("presets are missing")
  assert.strictEqual(endOfCompletion("trl", qwen, false), "")
  assert.strictEqual(endOfCompletion("trl", codellama, false), " <EOT>")
  assert.strictEqual(endOfCompletion("axolotl", qwen, false), "<|endoftext|>")
  assert.strictEqual(endOfCompletion("trl", codellama, true), "")
  // The prompt of Zed has no tokens of the model: its own end token ends it.
  assert.strictEqual(endOfCompletion("axolotl", codellama, true), "</s>")
  assert.strictEqual(endOfCompletion("axolotl", qwen, true), "<|endoftext|>")
})

it("a text ends with the end token once, whoever adds it", () => {
  const [qwen, codegemma] = [presetOf("qwen2.5-coder"), presetOf("codegemma")]
  assert.strictEqual(endOfText("trl", qwen, false), "<|endoftext|>")
  // LLaMA-Factory adds one in any case.
  assert.strictEqual(endOfText("llama-factory", qwen, false), "")
  assert.strictEqual(endOfText("llama-factory", codegemma, false), "<|file_separator|>")
})

it("the begin token stands once before a prompt, and is taken off again", () => {
  for (const [name, { begin }] of baseModels) {
    const preset = presetOf(name)
    const layout = Object.values(preset.layouts)[0]
    const prompt = typeof layout?.[0] === "string" ? layout[0] : ""
    const begun = beginOfPrompt(preset, prompt) + prompt
    assert.strictEqual(begun.split(begin).length, begin === "" ? begun.length : 2, name)
    assert.strictEqual(withoutBegin(begun), prompt, name)
    assert.strictEqual(tokensAround("trl", preset), preset.end.length)
    assert.strictEqual(tokensAround("axolotl", preset), preset.end.length + begin.length)
  }
  assert.strictEqual(withoutBegin("<bos>### Instruction:"), "### Instruction:")
})

it("settings that follow from rows have the names of the trainer", () => {
  const facts = { maxLength: 1024, maxPromptLength: 1000, positives: 3, negatives: 2 }
  assert.deepStrictEqual(trainerSettings("trl", "dpo", facts), { max_length: 1024 })
  assert.deepStrictEqual(trainerSettings("axolotl", "sft", facts), { sequence_len: 1024 })
  assert.deepStrictEqual(trainerSettings("llama-factory", "text", facts), { stage: "pt", cutoff_len: 1024 })
  assert.deepStrictEqual(trainerSettings("unsloth", "dpo", facts), { max_length: 1024, max_prompt_length: 896 })
  assert.deepStrictEqual(trainerSettings("trl", "kto", { ...facts, maxLength: null }), {
    per_device_train_batch_size: 4,
    train_sampling_strategy: "sequential",
    desirable_weight: 1,
    undesirable_weight: 1.5
  })
})

const presetOf = (name: string) => {
  const preset = presets.get(name)
  if (preset === undefined) throw new Error(`no preset ${name}`)
  return preset
}
