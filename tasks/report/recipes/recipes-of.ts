/** The recipes of a dataset: those that read what its rows have, for the trainer that they were written for. */
import { baseModels } from "../../../services/formats/base-models.ts"
import type { Dialect } from "../../../services/next-edit/dialect.ts"
import { dialectNamed } from "../../../services/next-edit/dialects/all.ts"
import { presets } from "../../../services/formats/presets.ts"
import { tokensAtMost, type TrainingFacts } from "../../../services/formats/trainer-settings.ts"
import type { Trainer } from "../../../services/formats/trainers.ts"
import type { Fields } from "../../../services/rows/fields.ts"
import type { Provenance } from "../../shared/provenance.ts"
import type { CardConfig } from "../configs.ts"
import { axolotlRecipe } from "./axolotl.ts"
import { columnsIn, type RowColumns } from "./columns.ts"
import { llamaCppRecipe } from "./llama-cpp.ts"
import { llamaFactoryRecipe, toldFile, toldOf } from "./llama-factory.ts"
import { outputOf, type Recipe, type RecipeInput, type RecipeModel } from "./recipe.ts"
import { trlRecipe } from "./trl.ts"
import { unslothRecipe } from "./unsloth.ts"
import { nextEditLlamaCpp, nextEditVllm } from "./next-edit-serving.ts"
import { vllmRecipe } from "./vllm.ts"

/** What can be done with the rows of a config, the recipe that fits best first. */
export interface ConfigRecipes {
  /** Name of the config. */
  readonly name: string
  readonly recipes: ReadonlyArray<Recipe>
}

/** All recipes of a dataset. */
export interface DatasetRecipes {
  readonly configs: ReadonlyArray<ConfigRecipes>
  /** Those that serve what was trained. */
  readonly serving: ReadonlyArray<Recipe>
  /** Files that recipes need beside them. */
  readonly beside: ReadonlyArray<Recipe>
}

type WriteRecipe = (input: RecipeInput) => Recipe | undefined

/** What reads the rows that were written for a trainer: others would add its tokens again, or miss them. */
const readers: Readonly<Record<Trainer, ReadonlyArray<WriteRecipe>>> = {
  trl: [trlRecipe, unslothRecipe, axolotlRecipe],
  axolotl: [axolotlRecipe],
  "llama-factory": [llamaFactoryRecipe]
}

/** What reads rows of these columns, where nothing tells what they were written for. */
const likely: Readonly<Record<RowColumns, Trainer>> = {
  texts: "trl",
  messages: "trl",
  segments: "axolotl",
  instructions: "llama-factory"
}

/** The model that chats are for, where nobody names one. */
const chatModel = "Qwen/Qwen2.5-Coder-1.5B-Instruct"

/** Returns the recipes of all configs that a trainer reads. */
export const recipesOf = (configs: ReadonlyArray<CardConfig>, provenance: Provenance): DatasetRecipes => {
  const formats = formatsOf(configs, provenance)
  const made = { ...provenance, formats, baseModel: provenance.baseModel ?? modelPredicting(formats) }
  const inputs = configs.flatMap((config) => inputOf(config, made))
  const told: Record<string, unknown> = {}
  const all = inputs.map((input): ConfigRecipes => {
    const writers = readers[made.trainer ?? likely[input.columns]]
    const chats = input.columns === "messages" ? [llamaFactoryRecipe] : []
    const recipes = [...writers, ...chats].flatMap((write) => write(input) ?? [])
    if (recipes.some(({ file }) => file.endsWith("-llama-factory.yaml"))) Object.assign(told, toldOf(input))
    return { name: input.name, recipes }
  }).filter(({ recipes }) => recipes.length > 0)
  return { configs: all, serving: servingOf(all, made), beside: besideOf(told) }
}

/** The formats that the run named, else those that rows name themselves. */
const formatsOf = (configs: ReadonlyArray<CardConfig>, { formats }: Provenance): ReadonlyArray<string> =>
  formats.length > 0 ? formats : [
    ...new Set(
      configs.flatMap(({ splits }) => splits.flatMap(({ files }) => files))
        .flatMap(({ stats }) => Object.keys(stats.fields["format"] ?? {}))
    )
  ]

/** The first model that was tuned on the dialect of all rows; null for other rows. */
const modelPredicting = (formats: ReadonlyArray<string>): string | null => {
  const dialect = dialectOf(formats)
  return [...presets.values()].find(({ nextEdit }) => nextEdit !== null && nextEdit === dialect?.name)?.name ?? null
}

/** The dialect of next edits that all rows are in; undefined for other rows, and for rows of several. */
const dialectOf = ([format, ...others]: ReadonlyArray<string>): Dialect | undefined =>
  format === undefined || others.length > 0 ? undefined : dialectNamed(format)

const besideOf = (told: Fields): ReadonlyArray<Recipe> =>
  Object.keys(told).length === 0 ? [] : [{
    file: toldFile,
    title: "LLaMA-Factory",
    language: "json",
    run: "",
    text: `${JSON.stringify(told, null, 2)}\n`
  }]

const servingOf = (configs: ReadonlyArray<ConfigRecipes>, made: Provenance): ReadonlyArray<Recipe> => {
  const preset = presets.get(made.baseModel ?? "")
  const family = baseModels.get(made.baseModel ?? "")
  const file = configs[0]?.recipes[0]?.file
  if (preset === undefined || family === undefined || file === undefined) return []
  const merged = `${outputOf(file)}/merged`
  const dialect = dialectOf(made.formats)
  if (dialect !== undefined) return [nextEditLlamaCpp(dialect, merged), nextEditVllm(dialect, merged)]
  return [llamaCppRecipe(preset, made.formats, merged), vllmRecipe(preset, family, made.formats, merged)]
    .flatMap((recipe) => recipe ?? [])
}

const inputOf = (config: CardConfig, made: Provenance): ReadonlyArray<RecipeInput> => {
  const all = config.splits.flatMap(({ files }) => files)
  const isInAll = (column: string) =>
    all.every(({ filled, stats }) => filled.get(column) === stats.rows - stats.malformed)
  const known = columnsIn(config.feature, isInAll)
  const filesIn = (isTrain: boolean) =>
    config.splits.filter(({ name }) => (name === "train") === isTrain).flatMap(({ files }) => files)
  const train = filesIn(true)
  if (known === undefined || train.length === 0) return []
  const { columns, training } = known
  const labels = (value: string) =>
    train.reduce((sum, { stats }) => sum + (stats.fields["label"]?.[value] ?? stats.fields["kto_tag"]?.[value] ?? 0), 0)
  const counted = made.lengths[config.name]
  const dialect = dialectOf(made.formats)
  const facts: TrainingFacts = {
    // A next edit is never longer than its format allows.
    maxLength: dialect?.maxTokens ??
      tokensAtMost(counted?.row ?? Math.max(...train.map(({ stats }) => stats.length.p99))),
    maxPromptLength: tokensAtMost(counted?.prompt ?? Math.max(...train.map(({ stats }) => stats.length.p99))),
    positives: labels("true"),
    negatives: labels("false")
  }
  return [{
    // A file may be called anything, and scripts and comments name their config.
    name: config.name.replace(/[^\w.-]/g, "_"),
    columns,
    training,
    train: train.map(({ name }) => name),
    held: filesIn(false).map(({ name }) => name),
    facts,
    model: modelOf(columns, made)
  }]
}

const modelOf = (columns: RowColumns, { baseModel, formats }: Provenance): RecipeModel => {
  const preset = presets.get(baseModel ?? "") ?? null
  const family = baseModels.get(baseModel ?? "") ?? null
  if (columns === "messages" || family === null || preset === null) {
    return {
      id: columns === "messages" ? chatModel : baseModels.get("qwen2.5-coder")?.model ?? chatModel,
      preset: null,
      family: null,
      carriesBegin: false
    }
  }
  const begins = Object.values(preset.layouts).some(([first]) =>
    typeof first === "string" && family.begin !== "" && first.startsWith(family.begin)
  )
  return { id: family.model, preset, family, carriesBegin: begins && formats.some((format) => format !== "ZED") }
}
