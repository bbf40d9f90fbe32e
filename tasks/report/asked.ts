/** All that report can be asked. */
import { measures } from "../../services/measures/score.ts"
import { type AnswersTo, declare, toggle } from "../shared/asked/asked.ts"
import { file, repeated, text, whole } from "../shared/asked/kinds.ts"
import { day, webAddress } from "./published.ts"
import { cardLicence } from "./card-licence.ts"
import { share } from "./limit.ts"

export const asked = declare({
  task: "report",
  summary: "a page of figures, a dataset card, and the measures a dataset is judged by",
  sentence: "Write report.html, figures and the dataset card of a folder of rows, or score any dataset.",
  examples: [
    "dataset",
    "dataset --score --max test-prompts-in-train=0",
    "rows.jsonl --score"
  ],
  questions: {
    directory: {
      kind: { ...text("FOLDER"), completes: "files" as const, takes: "a folder or a file of rows" },
      heading: "Input",
      argument: "only",
      help: "A folder of rows, or one file with --score",
      more: "JSON Lines, JSON or Parquet, ours or another tool's, packed by gzip or zstd or not.",
      required: "Cannot report on nothing: pass a folder of rows, such as dataset"
    },
    tokenizer: {
      kind: file(),
      heading: "Quality",
      help: "A local tokenizer.json to count tokens by",
      more: "Without it, lengths in tokens are an estimate, at 4 characters a token."
    },
    maxTokens: {
      kind: whole({ from: 1 }),
      heading: "Quality",
      help: "Count rows of more than N tokens"
    },
    score: toggle({ heading: "Quality", help: "Print the measures only and write nothing" }),
    max: {
      kind: repeated(share),
      heading: "Quality",
      help: "Threshold; with --score: exit with code 2 above it",
      more: `As in --max blank-completions=0.01, in place of the usual threshold. The measures are ${
        measures.join(", ")
      }.`,
      default: []
    },
    against: {
      kind: { ...text("PATH"), completes: "files" as const },
      heading: "Quality",
      help: "With --score: score these rows too, side by side"
    },
    json: toggle({ heading: "Output", help: "With --score: print JSON" }),
    title: {
      kind: text("NAME"),
      heading: "Output",
      help: "Name of the dataset",
      otherwise: "the folder's"
    },
    license: {
      kind: cardLicence,
      heading: "Output",
      help: "Licence in the card, as the Hub names it",
      default: "other"
    },
    licenseLink: {
      kind: webAddress,
      heading: "Output",
      help: "Where a licence is told that has no name there"
    },
    url: {
      kind: webAddress,
      heading: "Output",
      help: "Where the dataset is published",
      more: "With --creator and --date-published it makes report write croissant.json too."
    },
    creator: {
      kind: text("NAME"),
      heading: "Output",
      help: "Who publishes it, for croissant.json"
    },
    datePublished: {
      kind: day,
      heading: "Output",
      help: "When, for croissant.json, as in 2026-01-31"
    },
    samples: {
      kind: whole({ from: 0 }),
      heading: "Output",
      help: "Rows of each file to show",
      default: 5
    },
    overwrite: toggle({
      heading: "Output",
      help: "Replace a README.md that report did not write",
      more: "One that was edited since is kept without it, too."
    })
  }
})

export type ReportAnswers = AnswersTo<typeof asked>
