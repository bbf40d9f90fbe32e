/** The dataset card: a README whose head tells the Hugging Face Hub what is there, and whose body tells people. */
import { stringify } from "yaml"
import type { Measure, Score } from "../../services/measures/score.ts"
import type { CardConfig } from "./configs.ts"
import { type Feature, renderFeature } from "../../services/rows/features.ts"
import { shapes, tableShapes } from "../../services/rows/shapes.ts"
import type { Provenance } from "../shared/provenance.ts"
import { howToTrain } from "./how-to-train.ts"
import type { DatasetRecipes } from "./recipes/recipes-of.ts"
import type { SurveyedFile } from "./survey.ts"

const sizes: ReadonlyArray<readonly [number, string]> = [
  [1000, "n<1K"],
  [10_000, "1K<n<10K"],
  [100_000, "10K<n<100K"],
  [1_000_000, "100K<n<1M"],
  [10_000_000, "1M<n<10M"],
  [100_000_000, "10M<n<100M"],
  [1_000_000_000, "100M<n<1B"],
  [10_000_000_000, "1B<n<10B"]
]

export const sizeCategory = (rows: number): string => sizes.find(([most]) => rows < most)?.[1] ?? "10B<n<100B"

const columnsOf = (feature: Feature): ReadonlyArray<unknown> =>
  feature.kind === "struct" ? [...feature.fields].map(([name, part]) => renderFeature(name, part)) : []

export interface CardInput {
  readonly name: string
  readonly license: string
  readonly files: ReadonlyArray<SurveyedFile>
  readonly scores: Readonly<Record<Measure, Score>>
  readonly provenance: Provenance
  readonly configs: ReadonlyArray<CardConfig>
  readonly recipes: DatasetRecipes
}

const rowsOf = (files: ReadonlyArray<SurveyedFile>): number => files.reduce((sum, { stats }) => sum + stats.rows, 0)
const bytesOf = (files: ReadonlyArray<SurveyedFile>): number => files.reduce((sum, { bytes }) => sum + bytes, 0)

export const renderCard = (input: CardInput): string => {
  const { configs } = input
  const found = new Set(input.files.flatMap(({ stats }) => Object.keys(stats.shapes)))
  const tags = new Set(
    ["code", ...[...tableShapes, ...shapes].flatMap(({ name, tag }) => (tag !== null && found.has(name) ? [tag] : []))]
  )
  const head = {
    pretty_name: input.name,
    license: input.license,
    task_categories: ["text-generation"],
    tags: [...tags],
    size_categories: [sizeCategory(rowsOf(input.files))],
    configs: configs.map(({ name, splits }, index) => ({
      config_name: name,
      ...(index === 0 ? { default: true } : {}),
      data_files: splits.map(({ files, name: split }) => ({
        split,
        path: files.length === 1 ? files[0]?.name : files.map((file) => file.name)
      }))
    })),
    dataset_info: configs.map(({ feature, name, splits }) => ({
      config_name: name,
      features: columnsOf(feature),
      splits: splits.map(({ files, name: split }) => ({
        name: split,
        num_bytes: bytesOf(files),
        num_examples: rowsOf(files)
      })),
      download_size: bytesOf(splits.flatMap(({ files }) => files)),
      dataset_size: bytesOf(splits.flatMap(({ files }) => files))
    }))
  }
  return `---\n${stringify(head, { lineWidth: 0 })}---\n\n${bodyOf(input)}`
}

const bodyOf = ({ configs, name, provenance, recipes, scores }: CardInput): string => {
  const table = configs.flatMap(({ name: config, splits }) =>
    splits.map(({ files, name: split }) =>
      `| ${config} | ${split} | ${files.map((file) => `\`${file.name}\``).join(", ")} | ${rowsOf(files)} |`
    )
  )
  const scored = Object.entries(scores).filter(([, { of }]) => of > 0)
    .map(([measure, { hit, of }]) => `| ${measure.replaceAll("-", " ")} | ${hit} | ${of} |`)
  return [
    `# ${name}`,
    "",
    `Rows for models that complete and edit code, made by Retrace ${provenance.version ?? "(version unknown)"}${
      provenance.task === null ? "" : `, task ${provenance.task}`
    }. \`report.html\` beside this card shows figures and samples.`,
    "",
    "| config | split | files | rows |",
    "|---|---|---|---|",
    ...table,
    "",
    "## How to train on it",
    "",
    howToTrain(recipes),
    "## What its rows alone can tell",
    "",
    "| measure | rows | of |",
    "|---|---|---|",
    ...scored,
    "",
    "## How it was made",
    "",
    ...provenance.lines.map((line) => `- ${line}`),
    "",
    "Rows hold code of the repositories named above, under their licences: the licence of this card is for whoever publishes",
    "it to set.",
    ""
  ].join("\n")
}
