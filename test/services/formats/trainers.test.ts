import { assert, it } from "@effect/vitest"
import { presets } from "../../../services/formats/presets.ts"
import { endOfCompletion } from "../../../services/formats/trainers.ts"
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
})
