/**
 * A config for LLaMA-Factory, and what it is told of each file. `template: empty` adds no token, so rows that were written
 * for it have all of theirs.
 */
import { trainerSettings, type Training } from "../../../services/formats/trainer-settings.ts"
import type { Fields } from "../../../services/rows/fields.ts"
import { datasetShapes, llamaFactoryName } from "../../../services/rows/shapes.ts"
import { learningRateOf, measuredEvery, outputOf, type Recipe, type RecipeInput, rowsToLearn } from "./recipe.ts"
import { config } from "./yaml.ts"

const title = "LLaMA-Factory 0.9.6.dev0"

/** What LLaMA-Factory reads beside its configs, in the folder that `dataset_dir` names. */
export const toldFile = "dataset_info.json"

/** Returns what LLaMA-Factory is told of files, by name; undefined for rows that it does not read. */
export const toldOf = ({ columns, held, train, training }: RecipeInput): Fields | undefined => {
  const entry = entryOf(columns, training)
  return entry === undefined
    ? undefined
    // The folder of the recipes lies in that of the files.
    : Object.fromEntries(
      [...train, ...held].map((name) => [llamaFactoryName(name), { file_name: `../${name}`, ...entry }])
    )
}

const entryOf = (columns: RecipeInput["columns"], training: Training): Fields | undefined => {
  if (columns === "instructions") return datasetShapes[training === "text" ? "fim" : training].llamaFactory
  if (columns === "texts" && training === "text") return datasetShapes.fim.llamaFactory
  return columns === "messages" && training === "sft" ? chats : undefined
}

const chats: Fields = {
  formatting: "sharegpt",
  columns: { messages: "messages" },
  tags: {
    role_tag: "role",
    content_tag: "content",
    user_tag: "user",
    assistant_tag: "assistant",
    system_tag: "system"
  }
}

/** Returns the config; undefined for rows that LLaMA-Factory does not read. */
export const llamaFactoryRecipe = (input: RecipeInput): Recipe | undefined => {
  const { columns, facts, held, model, name, train, training } = input
  if (toldOf(input) === undefined) return undefined
  const file = `${name}-llama-factory.yaml`
  const out = outputOf(file)
  const settings = trainerSettings("llama-factory", training, facts)
  const rowsAtOnce = Number(settings["per_device_train_batch_size"] ?? 2)
  const template = columns === "messages" ? "qwen" : "empty"
  const names = (files: ReadonlyArray<string>) => files.map(llamaFactoryName).join(",")
  return {
    file,
    title,
    language: "yaml",
    run: `llamafactory-cli train recipes/${file}`,
    text: config([
      `Trains ${model.id} on the ${name} rows of this folder with LLaMA-Factory. Written for ${title}.`,
      "",
      `    llamafactory-cli train recipes/${file}    # in the dataset's folder`,
      `    llamafactory-cli export --model_name_or_path ${model.id} --adapter_name_or_path ${out} \\`,
      `      --template ${template} --export_dir ${out}/merged`
    ], {
      model_name_or_path: model.id,
      ...settings,
      do_train: true,
      finetuning_type: "lora",
      lora_rank: 16,
      lora_alpha: 32,
      lora_target: "all",
      // Beside this file, dataset_info.json tells of the columns.
      dataset_dir: "recipes",
      dataset: names(train),
      ...(held.length === 0 ? {} : {
        eval_dataset: names(held),
        per_device_eval_batch_size: rowsAtOnce,
        eval_strategy: "steps",
        eval_steps: measuredEvery,
        // At the end, too.
        do_eval: true
      }),
      template,
      // Otherwise texts are laid end to end, and cut anywhere.
      ...(training === "text" ? { packing: false } : {}),
      per_device_train_batch_size: rowsAtOnce,
      gradient_accumulation_steps: rowsToLearn / rowsAtOnce,
      gradient_checkpointing: true,
      num_train_epochs: 1,
      learning_rate: learningRateOf(training),
      lr_scheduler_type: "cosine",
      bf16: true,
      report_to: "none",
      output_dir: out
    })
  }
}
