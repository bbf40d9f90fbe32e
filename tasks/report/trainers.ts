/** Snippets that load the files into trainers, for each kind of rows that is there. */
import type { CardConfig } from "./configs.ts"
import type { Provenance } from "../shared/provenance.ts"

const trainers: Readonly<Record<string, readonly [string, string]>> = {
  fim: ["SFTTrainer", "SFTConfig"],
  text: ["SFTTrainer", "SFTConfig"],
  sft: ["SFTTrainer", "SFTConfig"],
  chat: ["SFTTrainer", "SFTConfig"],
  kto: ["KTOTrainer", "KTOConfig"],
  dpo: ["DPOTrainer", "DPOConfig"]
}

const shapeOf = ({ splits }: CardConfig): string =>
  Object.entries(splits[0]?.files[0]?.stats.shapes ?? {}).sort(([, a], [, b]) => b - a)[0]?.[0] ?? "other"

const fileIn = ({ splits }: CardConfig, split: string): string | undefined =>
  splits.find(({ name }) => name === split)?.files[0]?.name

/** Returns a section of Markdown; "" when nothing here is what a trainer reads. */
export const howToTrain = (configs: ReadonlyArray<CardConfig>, { advice }: Provenance): string =>
  configs.flatMap((config) => {
    const shape = shapeOf(config)
    const [trainer, settings] = trainers[shape] ?? []
    const train = fileIn(config, "train")
    if (trainer === undefined || settings === undefined || train === undefined) return []
    const kind = train.endsWith(".parquet") ? "parquet" : "json"
    const known = Object.entries(advice[config.name] ?? {}).map(([name, value]) => `, ${name}=${JSON.stringify(value)}`)
      .join("")
    return [
      `With TRL (${config.name}):`,
      "",
      "```python",
      "from datasets import load_dataset",
      `from trl import ${settings}, ${trainer}`,
      "",
      `train = load_dataset("${kind}", data_files="${train}", split="train").remove_columns(["metadata"])`,
      `${trainer}(model=model, processing_class=tokenizer, train_dataset=train, args=${settings}(output_dir="out"${known})).train()`,
      "```",
      ""
    ]
  }).concat(otherTrainers(configs)).join("\n")

const otherTrainers = (configs: ReadonlyArray<CardConfig>): ReadonlyArray<string> => {
  const sft = configs.find((config) => ["sft", "chat"].includes(shapeOf(config)))
  const train = sft === undefined ? undefined : fileIn(sft, "train")
  if (sft === undefined || train === undefined) return []
  const isChat = shapeOf(sft) === "chat"
  return [
    `With Axolotl (${sft.name}):`,
    "",
    "```yaml",
    "datasets:",
    `  - path: ${train}`,
    "    ds_type: json",
    isChat
      ? "    type: chat_template"
      : "    type: { field_instruction: prompt, field_output: completion, format: \"{instruction}\" }",
    "```",
    "",
    `With LLaMA-Factory (${sft.name}), in \`dataset_info.json\`:`,
    "",
    "```json",
    JSON.stringify({
      [sft.name]: isChat
        ? {
          file_name: train,
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
        : { file_name: train, columns: { prompt: "prompt", response: "completion" } }
    }),
    "```",
    ""
  ]
}
