/** The trainers that rows are written for, and how their completions end. Each row shape says which columns they read. */
import type { Preset } from "./presets.ts"

/** The names of the trainers. */
export const trainerNames = ["trl", "axolotl", "llama-factory"] as const
/** The name of a trainer. */
export type Trainer = typeof trainerNames[number]

/**
 * Returns what ends a completion: TRL adds the end token of the tokenizer by itself, the others add nothing.
 *
 * @example
 * endOfCompletion("llama-factory", presets.get("starcoder")!, false) // "<|endoftext|>"
 */
export const endOfCompletion = (trainer: Trainer, preset: Preset, isZed: boolean): string => {
  if (trainer !== "trl") return isZed ? "<|endoftext|>" : preset.end
  return isZed ? "" : preset.carriedEnd
}
