/** The names that models have on the Hugging Face Hub, and which preset each of them stands for. */
import { presets } from "./presets.ts"

/** Parts of the name of a model that say nothing of how it fills in the middle: its size, its tuning, its version. */
const passing =
  /^(?:\d+(?:\.\d+)?[bm]|a\d+b|base|instruct|chat|hf|it|all|python|h|tiny|small|micro|fp8|awq|gptq|gguf|int[48]|v0\.\d+|v1\.\d+|\d{4})$/

/** Names of families that differ from those of their presets. */
const families: ReadonlyMap<string, string> = new Map(
  Object.entries({
    starcoderbase: "starcoder",
    "granite-4.0": "granite-4",
    qwen: "qwen2.5-coder",
    deepseek: "deepseek-coder",
    zeta: "zeta1",
    "zeta-2": "zeta2",
    "zeta-2.1": "zeta2.1"
  })
)

/**
 * Returns the name of the preset for a model by any of the usual names of the model, or undefined where none is known.
 *
 * @example
 * presetSpelled("Qwen/Qwen2.5-Coder-7B") // "qwen2.5-coder"
 * presetSpelled("bigcode/starcoder2-3b") // "starcoder2"
 */
export const presetSpelled = (model: string): string | undefined => {
  const name = model.slice(model.lastIndexOf("/") + 1).trim().toLowerCase()
  const plain = name.split(/[-_\s:]+/).filter((part) => !passing.test(part)).join("-")
  return [name, families.get(name), plain, families.get(plain)].find((known) =>
    known !== undefined && presets.has(known)
  )
}
