/** Pieces of Python that recipes have in common. */
import type { Training } from "../../../services/formats/trainer-settings.ts"
import { readColumns } from "./columns.ts"
import type { RecipeInput } from "./recipe.ts"

/** Returns a value as a literal of Python. */
export const literal = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`
  if (typeof value === "boolean") return value ? "True" : "False"
  return value === null ? "None" : JSON.stringify(value)
}

/** Returns lines of keyword arguments. */
export const keywords = (settings: Readonly<Record<string, unknown>>): ReadonlyArray<string> =>
  Object.entries(settings).map(([name, value]) => `    ${name}=${literal(value)},`)

/** Returns the lines that load all files of a dataset, and keep the columns that are read. */
export const loading = ({ columns, held, train, training }: RecipeInput): ReadonlyArray<string> => [
  "files = {",
  `    "train": ${literal(train)},`,
  ...(held.length === 0 ? [] : [`    "test": ${literal(held)},`]),
  "}",
  `rows = load_dataset(${literal(train[0]?.endsWith(".parquet") === true ? "parquet" : "json")}, data_files={`,
  "    split: [str(FOLDER / name) for name in names] for split, names in files.items()",
  `}).select_columns(${literal(readColumns(columns, training))})`
]

/** The trainer of TRL, and its config, by what is trained. */
export const trlNames: Readonly<Record<Training, readonly [trainer: string, config: string]>> = {
  text: ["SFTTrainer", "SFTConfig"],
  sft: ["SFTTrainer", "SFTConfig"],
  kto: ["KTOTrainer", "KTOConfig"],
  dpo: ["DPOTrainer", "DPOConfig"]
}

/** Returns the lines that set what ends a row, and what comes before it. */
export const tokenLines = ({ columns, model }: RecipeInput): ReadonlyArray<string> =>
  model.family === null || columns === "messages" ? [] : [
    "# What ends a row. TRL appends it where it is missing; tuned models would end a turn with another token.",
    `tokenizer.eos_token = ${literal(model.family.end)}`,
    ""
  ]
