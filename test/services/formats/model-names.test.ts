import { assert, it } from "@effect/vitest"
import { presetSpelled } from "../../../services/formats/model-names.ts"
import { presets } from "../../../services/formats/presets.ts"

it.each([
  ["Qwen/Qwen2.5-Coder-7B", "qwen2.5-coder"],
  ["Qwen/Qwen2.5-Coder-0.5B-Instruct", "qwen2.5-coder"],
  ["Qwen/Qwen3-Coder-30B-A3B-Instruct", "qwen3-coder"],
  ["bigcode/starcoder2-3b", "starcoder2"],
  ["bigcode/starcoderbase-1b", "starcoder"],
  ["bigcode/starcoder", "starcoder"],
  ["bigcode/santacoder", "santacoder"],
  ["codellama/CodeLlama-7b-hf", "codellama"],
  ["codellama/CodeLlama-13b-Python-hf", "codellama"],
  ["deepseek-ai/deepseek-coder-6.7b-base", "deepseek-coder"],
  ["deepseek-ai/DeepSeek-Coder-V2-Lite-Base", "deepseek-coder-v2-lite"],
  ["mistralai/Codestral-22B-v0.1", "codestral"],
  ["google/codegemma-2b", "codegemma"],
  ["ibm-granite/granite-8b-code-base", "granite-code"],
  ["ibm-granite/granite-3.3-8b-base", "granite-3.3"],
  ["ibm-granite/granite-4.0-h-small", "granite-4"],
  ["stabilityai/stable-code-3b", "stable-code"],
  ["ByteDance-Seed/Seed-Coder-8B-Base", "seed-coder"],
  ["JetBrains/Mellum-4b-base", "mellum"],
  ["aiXcoder/aixcoder-7b-base", "aixcoder"],
  ["THUDM/codegeex4-all-9b", "codegeex4"],
  ["StarCoder2", "starcoder2"],
  ["meta-llama/Llama-3.1-8B", undefined],
  ["", undefined]
])("presetSpelled(%j) is %j", (model, preset) => {
  assert.strictEqual(presetSpelled(model), preset)
})

it("finds every preset by its own name", () => {
  for (const name of presets.keys()) assert.strictEqual(presetSpelled(name), name)
})
