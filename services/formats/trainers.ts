/** The trainers that rows are written for, and where their completions end. What columns each reads, a row shape says. */
import type { Preset } from "./presets.ts"

export const trainerNames = ["trl", "axolotl", "llama-factory"] as const
export type Trainer = typeof trainerNames[number]

/**
 * The end token behind a completion: TRL adds the tokenizer's own, the others add none.
 *
 * @example
 * endOfCompletion("llama-factory", presets.get("starcoder")!, false) // "<|endoftext|>"
 */
export const endOfCompletion = (trainer: Trainer, preset: Preset, isZed: boolean): string => {
  if (trainer !== "trl") return isZed ? "<|endoftext|>" : preset.end
  return isZed ? "" : preset.carriedEnd
}
