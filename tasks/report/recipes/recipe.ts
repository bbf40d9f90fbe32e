/** What a recipe is: a script or a config that trains on files of rows, or serves what came out, as it stands. */
import type { BaseModel } from "../../../services/formats/base-models.ts"
import type { Preset } from "../../../services/formats/presets.ts"
import type { Training, TrainingFacts } from "../../../services/formats/trainer-settings.ts"
import type { RowColumns } from "./columns.ts"

/** A file of the folder `recipes`. */
export interface Recipe {
  /** Its name in that folder. */
  readonly file: string
  /** The program that it is for, and the versions that it was written for. */
  readonly title: string
  /** The language that it is written in, as Markdown names it. */
  readonly language: "python" | "yaml" | "sh" | "json"
  /** What to type in the dataset's folder. */
  readonly run: string
  readonly text: string
}

/** Files that are trained on together, and what their run says of them. */
export interface RecipeInput {
  /** Name of the config of the card. */
  readonly name: string
  readonly columns: RowColumns
  readonly training: Training
  /** Names of the files in the dataset's folder, all shards; none is held out where `held` is empty. */
  readonly train: ReadonlyArray<string>
  readonly held: ReadonlyArray<string>
  readonly facts: TrainingFacts
  readonly model: RecipeModel
}

/** The model that rows are for. */
export interface RecipeModel {
  /** Its name on the Hugging Face Hub. */
  readonly id: string
  /** Its preset and family; null for chats, which any model that chats can learn, and where nothing tells. */
  readonly preset: Preset | null
  readonly family: BaseModel | null
  /** Whether the rows have a begin token themselves, which the tokenizer would add again. */
  readonly carriesBegin: boolean
}

/** Where a recipe leaves what it trained, from the dataset's folder. */
export const outputOf = (file: string): string => `out/${file.replace(/\.\w+$/, "")}`

/** Rows that are learned from before the weights change, on one device. */
export const rowsToLearn = 16

/**
 * Held-out rows are measured each time that this share of all steps is done, however few steps there are, and at the
 * end. It is no part of the whole, so that few runs measure their last step twice.
 */
export const measuredEvery = 0.3

/** Learning rates that suit a LoRA adapter; preferences move a model far with little. */
export const learningRateOf = (training: Training): number => (training === "kto" || training === "dpo" ? 5e-6 : 1e-4)
