/** The columns that trainers read, for each kind of dataset. */
import type { Preset } from "./presets.ts"

export const trainerNames = ["trl", "axolotl", "llama-factory"] as const
export type Trainer = typeof trainerNames[number]

export const datasetTypes = ["fim", "sft", "kto", "dpo"] as const
export type DatasetType = typeof datasetTypes[number]

/** What each trainer can read. Axolotl's templates of preference data know no raw text. */
export const trainerReads: Readonly<Record<Trainer, ReadonlyArray<DatasetType>>> = {
  trl: ["fim", "sft", "kto", "dpo"],
  axolotl: ["fim", "sft"],
  "llama-factory": ["fim", "sft", "kto", "dpo"]
}

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

/** Columns of a supervised row. */
export const sftColumns = (trainer: Trainer, prompt: string, completion: string): Readonly<Record<string, unknown>> => {
  switch (trainer) {
    case "trl":
      return { prompt, completion }
    case "axolotl":
      return { segments: [{ label: false, text: prompt }, { label: true, text: completion }] }
    case "llama-factory":
      return { instruction: prompt, input: "", output: completion }
  }
}

/** Columns of a row with one completion and whether it is wanted. */
export const ktoColumns = (
  trainer: Trainer,
  prompt: string,
  completion: string,
  label: boolean
): Readonly<Record<string, unknown>> =>
  trainer === "llama-factory"
    ? { instruction: prompt, output: completion, kto_tag: label }
    : { prompt, completion, label }

/** Columns of a row with a wanted and an unwanted completion. */
export const dpoColumns = (
  trainer: Trainer,
  prompt: string,
  chosen: string,
  rejected: string
): Readonly<Record<string, unknown>> =>
  trainer === "llama-factory" ? { instruction: prompt, chosen, rejected } : { prompt, chosen, rejected }

/** LLaMA-Factory's entry in dataset_info.json for one file. */
export const llamaFactoryEntry = (fileName: string, type: DatasetType): Readonly<Record<string, unknown>> => {
  switch (type) {
    case "fim":
      return { file_name: fileName, columns: { prompt: "text" } }
    case "sft":
      return { file_name: fileName, columns: { prompt: "instruction", query: "input", response: "output" } }
    case "dpo":
      return {
        file_name: fileName,
        ranking: true,
        columns: { prompt: "instruction", chosen: "chosen", rejected: "rejected" }
      }
    case "kto":
      return {
        file_name: fileName,
        columns: { prompt: "instruction", response: "output", kto_tag: "kto_tag" }
      }
  }
}

/**
 * Returns TRL's weights that make both labels count alike: desirable × positives to undesirable × negatives
 * between 1:1 and 4:3 is what its documentation advises.
 */
export const ktoWeights = (positives: number, negatives: number) => ({
  desirable_weight: positives >= negatives || positives === 0 ? 1 : round(negatives / positives),
  undesirable_weight: negatives >= positives || negatives === 0 ? 1 : round(positives / negatives)
})

const round = (value: number): number => Math.round(value * 1000) / 1000
