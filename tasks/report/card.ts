/** The dataset card: a README whose head tells the Hugging Face Hub what is there, and whose body tells people. */
import { stringify } from "yaml"
import type { CardConfig } from "./configs.ts"
import { type Feature, renderFeature } from "../../services/rows/features.ts"
import { shapes, tableShapes } from "../../services/rows/shapes.ts"
import { leftOutInCard, licencesInCard, type Published, removalInCard } from "./card-fitness.ts"
import { chartInWords } from "./charts.ts"
import type { Figure } from "./figures.ts"
import type { Report } from "./page.ts"
import { otherLicence } from "./licences.ts"
import { sampleInMarkdown } from "./samples.ts"
import { bytesIn, rowsIn, type SurveyedFile } from "./survey.ts"
import { howToTrain } from "./how-to-train.ts"
import type { DatasetRecipes } from "./recipes/recipes-of.ts"
import { whatRowsAsk } from "./what-rows-ask.ts"
import { counted } from "./wording.ts"

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
  readonly published: Published
  readonly files: ReadonlyArray<SurveyedFile>
  readonly report: Report
  readonly configs: ReadonlyArray<CardConfig>
  readonly recipes: DatasetRecipes
}

export const renderCard = ({ configs, files, published, recipes, report }: CardInput): string => {
  const found = new Set(files.flatMap(({ stats }) => Object.keys(stats.shapes)))
  const tags = new Set(
    ["code", ...[...tableShapes, ...shapes].flatMap(({ name, tag }) => (tag !== null && found.has(name) ? [tag] : []))]
  )
  const head = {
    pretty_name: report.name,
    ...licenceHead(published),
    language: ["code"],
    annotations_creators: ["machine-generated"],
    language_creators: ["found"],
    source_datasets: ["original"],
    task_categories: ["text-generation"],
    tags: [...tags],
    // Two configs may show the same places in two ways: they are not added up.
    size_categories: [sizeCategory(Math.max(0, ...report.types.map((type) => rowsIn(type.files))))],
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
        num_bytes: bytesIn(files),
        num_examples: rowsIn(files)
      })),
      download_size: bytesIn(splits.flatMap(({ files }) => files)),
      dataset_size: bytesIn(splits.flatMap(({ files }) => files))
    }))
  }
  return `---\n${stringify(head, { lineWidth: 0 })}---\n\n${bodyOf(report, configs, recipes, published)}`
}

/** What the Hub calls the licences of rows that come from many places. */
const licenceOfSources = "licences-of-the-sources"

const licenceHead = ({ license, licenseLink }: Published) =>
  license !== otherLicence ? { license } : {
    license,
    license_name: licenceOfSources,
    ...(licenseLink === undefined ? {} : { license_link: licenseLink })
  }

const bodyOf = (
  report: Report,
  configs: ReadonlyArray<CardConfig>,
  recipes: DatasetRecipes,
  published: Published
): string =>
  [
    `# ${report.name}`,
    "",
    report.verdict.sentence,
    "",
    ...(report.verdict.beside === "" ? [] : [report.verdict.beside, ""]),
    ...report.types.slice(0, 1).map(whatRowsAsk).flatMap((asked) => (asked === "" ? [] : [asked, ""])),
    ...sizesOf(configs),
    "",
    ...(report.split === "" ? [] : [report.split, ""]),
    ...tellingFigures(report).flatMap((
      { chart, name }
    ) => [`![${inBrackets(chartInWords(chart))}](figures/${name}.svg)`, ""]),
    "`report.html` beside this card shows all figures, the measures and more rows.",
    "",
    ...sampleOf(report),
    "## How to train on it",
    "",
    howToTrain(recipes),
    "## How it was made",
    "",
    ...madeOf(report),
    ...licencesInCard(report, published),
    ...leftOutInCard(report),
    ...removalInCard(report, published)
  ].join("\n")

const sizesOf = (configs: ReadonlyArray<CardConfig>): ReadonlyArray<string> => [
  "| config | split | files | rows |",
  "|---|---|---|---|",
  ...configs.flatMap(({ name: config, splits }) =>
    splits.map(({ files, name: split }) =>
      `| ${config} | ${split} | ${files.map((file) => `\`${file.name}\``).join(", ")} | ${counted(rowsIn(files))} |`
    )
  )
]

/** The most telling figures of the type that leads come first; so many of those that there are go into the card. */
const figuresInCard = 3
const telling = ["answer-tokens", "repo", "kind", "negative", "near-equal", "language", "prompt-tokens", "lengths"]

const tellingFigures = ({ funnel, types: [lead] }: Report): ReadonlyArray<Figure> =>
  lead === undefined ? [] : [
    ...telling.flatMap((name) => lead.figures.filter((figure) => figure.name === `${lead.name}-${name}`)),
    ...funnel
  ].slice(0, figuresInCard)

/** A bracket would end the words that stand for a picture. */
const inBrackets = (words: string): string => words.replace(/[[\]\\]/g, "\\$&").replaceAll("\n", " ")

const sampleOf = ({ types: [lead] }: Report): ReadonlyArray<string> => {
  const sample = lead?.samples.map(sampleInMarkdown).find((text) => text !== "")
  return lead === undefined || sample === undefined ? [] : [`One row of ${lead.name}:`, "", sample, ""]
}

const madeOf = ({ made, version }: Report): ReadonlyArray<string> =>
  made === null ? ["Nothing beside the files says how.", ""] : [
    `By Retrace ${version ?? "(version unknown)"}. This makes it again:`,
    "",
    "```sh",
    made.command,
    "```",
    "",
    ...made.notes.flatMap((note) => [note, ""]),
    "Rows hold code of the repositories that it names, under their licences: the licence of this card is for whoever",
    "publishes it to set.",
    ""
  ]
