/**
 * The trainers that rows are written for, and where their texts begin and end: what a trainer adds by itself stands in no
 * row. Each row shape says which columns they read. Sources: TRL 1.13.0, Axolotl 0.18.0 and LLaMA-Factory 0.9.6.dev0, whose
 * fields are kept in test/fixtures/trainers.
 */
import { baseModels } from "./base-models.ts"
import type { Preset } from "./presets.ts"

/** The names of the trainers. */
export const trainerNames = ["trl", "axolotl", "llama-factory"] as const
/** The name of a trainer. */
export type Trainer = typeof trainerNames[number]

/**
 * Returns what ends a completion: TRL adds the end token of the tokenizer by itself, the others add nothing. Axolotl
 * trains KTO and DPO with TRL, which adds no second end token.
 *
 * @example
 * endOfCompletion("llama-factory", presets.get("starcoder")!, false) // "<|endoftext|>"
 */
export const endOfCompletion = (trainer: Trainer, preset: Preset, endsItself: boolean): string => {
  if (trainer !== "trl") return endsItself ? tokenizerEnd(preset) : preset.end
  return endsItself ? "" : preset.carriedEnd
}

/** Returns what ends a plain text: LLaMA-Factory adds the end token of the tokenizer always, TRL where it is missing. */
export const endOfText = (trainer: Trainer, preset: Preset, endsItself: boolean): string => {
  if (trainer === "llama-factory") return endsItself ? "" : preset.carriedEnd
  return endsItself ? tokenizerEnd(preset) : preset.end
}

/**
 * Returns what stands before a prompt for trainers that take its text as it is, where a tokenizer would have put its
 * begin token: Axolotl's segments, and LLaMA-Factory's `template: empty`.
 *
 * @example
 * beginOfPrompt(presets.get("codegemma")!, "<|fim_prefix|>x") // "<bos>"
 */
export const beginOfPrompt = ({ name }: Preset, prompt: string): string => {
  const begin = baseModels.get(name)?.begin ?? ""
  return prompt.startsWith(begin) ? "" : begin
}

/** Returns the UTF-16 units that the end token, and the begin token where rows carry it, take of a row at the most. */
export const tokensAround = (trainer: Trainer, preset: Preset): number =>
  preset.end.length + (trainer === "trl" ? 0 : beginOfPrompt(preset, "").length)

const tokenizerEnd = ({ end, name }: Preset): string => baseModels.get(name)?.end ?? end
