/** Snippets that load the files into trainers, for each kind of rows that is there. */
import type { CardConfig } from "./configs.ts"
import type { RowShape } from "../../services/rows/shape.ts"
import { shapeNamed } from "../../services/rows/shapes.ts"
import type { Provenance } from "../shared/provenance.ts"

/** The shape of most rows of a config's first file. */
const shapeIn = ({ splits }: CardConfig): RowShape | undefined => {
  const [name] = Object.entries(splits[0]?.files[0]?.stats.shapes ?? {}).sort(([, a], [, b]) => b - a)[0] ?? []
  return name === undefined ? undefined : shapeNamed(name)
}

const fileIn = ({ splits }: CardConfig, split: string): string | undefined =>
  splits.find(({ name }) => name === split)?.files[0]?.name

/** Returns a section of Markdown; "" when nothing here is what a trainer reads. */
export const howToTrain = (configs: ReadonlyArray<CardConfig>, { advice }: Provenance): string =>
  configs.flatMap((config) => {
    const name = shapeIn(config)?.trl ?? null
    const train = fileIn(config, "train")
    if (name === null || train === undefined) return []
    const [trainer, settings] = [`${name}Trainer`, `${name}Config`]
    const kind = train.endsWith(".parquet") ? "parquet" : "json"
    const known = Object.entries(advice[config.name] ?? {}).map(([option, value]) =>
      `, ${option}=${JSON.stringify(value)}`
    )
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

/** How the first config that other trainers can read is introduced to them. */
const otherTrainers = (configs: ReadonlyArray<CardConfig>): ReadonlyArray<string> => {
  const config = configs.find((one) => shapeIn(one)?.introduction != null)
  const introduction = config === undefined ? null : shapeIn(config)?.introduction ?? null
  const train = config === undefined ? undefined : fileIn(config, "train")
  if (config === undefined || introduction === null || train === undefined) return []
  return [
    `With Axolotl (${config.name}):`,
    "",
    "```yaml",
    "datasets:",
    `  - path: ${train}`,
    "    ds_type: json",
    `    type: ${introduction.axolotl}`,
    "```",
    "",
    `With LLaMA-Factory (${config.name}), in \`dataset_info.json\`:`,
    "",
    "```json",
    JSON.stringify({ [config.name]: { file_name: train, ...introduction.llamaFactory } }),
    "```",
    ""
  ]
}
