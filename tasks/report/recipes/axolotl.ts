/**
 * A config for Axolotl, with an entry for each file, because entries for KTO and DPO name no folder of Parquet. Its SFT
 * takes our segments as they are, its KTO and DPO train with TRL.
 */
import { trainerSettings } from "../../../services/formats/trainer-settings.ts"
import { learningRateOf, outputOf, type Recipe, type RecipeInput, rowsToLearn } from "./recipe.ts"
import { config } from "./yaml.ts"

const title = "Axolotl 0.18.0"

/** Returns the config; undefined for rows that Axolotl does not read. */
export const axolotlRecipe = (input: RecipeInput): Recipe | undefined => {
  const { columns, facts, held, model, name, train, training } = input
  const type = typeOf(input)
  if (type === undefined) return undefined
  const file = `${name}-axolotl.yaml`
  const out = outputOf(file)
  const settings = trainerSettings("axolotl", training, facts)
  const rowsAtOnce = Number(settings["micro_batch_size"] ?? 2)
  const entries = (files: ReadonlyArray<string>) => files.map((path) => ({ path, split: "train", ...type }))
  return {
    file,
    title,
    language: "yaml",
    run: `axolotl train recipes/${file} && axolotl merge-lora recipes/${file}`,
    text: config([
      `Trains ${model.id} on the ${name} rows of this folder with Axolotl. Written for ${title}, which has TRL 1.8.0.`,
      "",
      `    axolotl train recipes/${file} && axolotl merge-lora recipes/${file}    # in the dataset's folder`
    ], {
      // Any model of the family will do.
      base_model: model.id,
      // What ends a row; tuned models would end a turn with another token.
      ...(model.family === null || columns === "messages" ? {} : { special_tokens: { eos_token: model.family.end } }),
      ...settings,
      datasets: entries(train),
      // Axolotl measures before the first step, too; a number of steps would miss the end.
      ...(held.length === 0 ? {} : { test_datasets: entries(held), eval_strategy: "epoch" }),
      val_set_size: 0,
      ...(training === "sft" ? { train_on_inputs: false } : {}),
      // Axolotl asks for this: KTO reads columns that the model does not take.
      ...(training === "kto" ? { remove_unused_columns: false } : {}),
      adapter: "lora",
      lora_r: 16,
      lora_alpha: 32,
      lora_target_linear: true,
      micro_batch_size: rowsAtOnce,
      gradient_accumulation_steps: rowsToLearn / rowsAtOnce,
      gradient_checkpointing: true,
      num_epochs: 1,
      learning_rate: learningRateOf(training),
      lr_scheduler: "cosine",
      optimizer: "adamw_torch_fused",
      bf16: "auto",
      output_dir: out
    })
  }
}

/** How Axolotl is told of the columns. */
const typeOf = ({ columns, model, training }: RecipeInput): Readonly<Record<string, unknown>> | undefined => {
  if (columns === "segments") return { type: "input_output" }
  if (columns === "messages") return training === "sft" ? { type: "chat_template" } : undefined
  // Its tokenizer would put a second begin token before such rows, and nothing can be set against it.
  if (columns !== "texts" || model.carriesBegin) return undefined
  switch (training) {
    case "text":
      return { type: "completion", field: "text" }
    case "sft":
      // Without no_input_format, Axolotl writes a space after the prompt.
      return {
        type: {
          field_instruction: "prompt",
          field_output: "completion",
          format: "{instruction}",
          no_input_format: "{instruction}"
        }
      }
    case "kto":
      return { type: { field_prompt: "prompt", field_completion: "completion", field_label: "label" } }
    case "dpo":
      return { type: { field_prompt: "prompt", field_chosen: "chosen", field_rejected: "rejected" } }
  }
}
