/** The flags of generate: names, aliases, defaults and help; and the originals' names where they differ. */
import * as Args from "@effect/cli/Args"
import * as Options from "@effect/cli/Options"
import { datasetTypes, trainerNames } from "../../services/formats/trainers.ts"
import { formatNames } from "../../services/formats/format-name.ts"
import { languageNames } from "../../services/text/language.ts"
import { presets } from "../../services/formats/presets.ts"

const optionalText = (name: string) => Options.optional(Options.text(name))
const positive = (name: string) => Options.integer(name)

export const generateArgs = {
  repositories: Args.text({ name: "repository" }).pipe(
    Args.repeated,
    Args.withDescription("Paths of git repositories (or of folders in them), or URLs to clone")
  )
}

export const generateOptions = {
  repo: Options.text("repo").pipe(
    Options.withAlias("r"),
    Options.repeated,
    Options.withDescription("A repository, as the argument; may be given more than once")
  ),
  output: Options.text("output").pipe(
    Options.withAlias("o"),
    Options.withDefault("./dataset"),
    Options.withDescription("Folder for the dataset (default: ./dataset)")
  ),
  source: Options.choice("source", ["history", "tree"]).pipe(
    Options.withDefault("history"),
    Options.withDescription("history: what commits changed; tree: the files of one revision (default: history)")
  ),
  rev: Options.text("rev").pipe(
    Options.withDefault("HEAD"),
    Options.withDescription("Revision to start from (default: HEAD)")
  ),
  maxCommits: positive("max-commits").pipe(
    Options.withDefault(1000),
    Options.withDescription("The newest N commits that are no merges, for each repository (default: 1000)")
  ),
  startDate: optionalText("start-date").pipe(
    Options.withDescription("Only commits from this date on, such as 2024-01-31 or 2024-01-31T12:00:00Z (UTC)")
  ),
  endDate: optionalText("end-date").pipe(Options.withDescription("Only commits up to this date")),
  datasetType: optionalText("dataset-type").pipe(
    Options.withDescription(
      `Comma list of ${datasetTypes.join(", ")}, or both for kto,dpo (default: kto for history, fim for tree)`
    )
  ),
  format: Options.optional(Options.choice("format", formatNames)).pipe(
    Options.withDescription(
      "Layout of prompts; SPM is the model's own variant (default: ZED for history, PSM for tree)"
    )
  ),
  mix: optionalText("mix").pipe(
    Options.withDescription("Shares of --format MIXED, such as PSM=0.5,SPM=0.5")
  ),
  baseModel: Options.choice("base-model", [...presets.keys()]).pipe(
    Options.withDefault("qwen2.5-coder"),
    Options.withDescription("Whose tokens to write (default: qwen2.5-coder)")
  ),
  trainer: Options.choice("trainer", trainerNames).pipe(
    Options.withDefault("trl"),
    Options.withDescription("Whose columns to write (default: trl)")
  ),
  extensions: Options.text("extensions").pipe(
    Options.repeated,
    Options.withDescription("Only files with these extensions: a comma list, repeated, or several (.js .py)")
  ),
  language: Options.text("language").pipe(
    Options.repeated,
    Options.withDescription(
      `Only these languages, as a comma list or repeated: ${languageNames.slice(0, 13).join(", ")} …`
    )
  ),
  maxFileBytes: positive("max-file-bytes").pipe(
    Options.withDefault(1024 * 1024),
    Options.withDescription("Larger files are counted and left out (default: 1048576)")
  ),
  split: Options.float("split").pipe(
    Options.withDefault(0.9),
    Options.withDescription("Share of train, between 0 and 1 (default: 0.9)")
  ),
  group: Options.choice("group", ["file", "repo"]).pipe(
    Options.withDefault("file"),
    Options.withDescription("What stays on one side of the split: a file with its renames and twins, or a repository")
  ),
  maxMiddleLines: positive("max-middle-lines").pipe(
    Options.withDefault(30),
    Options.withDescription("Lines of a middle at the most (default: 30)")
  ),
  maxTotalChars: positive("max-total-chars").pipe(
    Options.withDefault(8192),
    Options.withDescription("UTF-16 units of an example at the most (default: 8192)")
  ),
  maxTokens: Options.optional(positive("max-tokens")).pipe(
    Options.withDescription("Tokens of an example at the most, by --tokenizer")
  ),
  tokenizer: Options.optional(Options.text("tokenizer")).pipe(
    Options.withDescription("A local tokenizer.json, for --max-tokens")
  ),
  characterShare: Options.optional(Options.float("character-share")).pipe(
    Options.withDescription("Share of random spans among the cuts (default: 0 for history, 0.1 for tree)")
  ),
  crossFileContext: Options.boolean("cross-file-context").pipe(
    Options.withDescription("Show rows the signatures of what their file imports, inherits and mentions")
  ),
  bm25Context: Options.boolean("bm25-context").pipe(
    Options.withDescription("Show rows the code of other files that reads most like theirs")
  ),
  includePath: Options.text("include-path").pipe(
    Options.repeated,
    Options.withDescription("Another folder to take context from; may be repeated")
  ),
  contextChars: Options.optional(positive("context-chars")).pipe(
    Options.withDescription("UTF-16 units of context at the most (default: 4096)")
  ),
  noContextShare: Options.optional(Options.float("no-context-share")).pipe(
    Options.withDescription("Share of rows without context, so that a model also works without (default: 0.2)")
  ),
  qualityFilter: Options.boolean("quality-filter").pipe(
    Options.withDescription("Leave out generated, vendored, minified, repetitive and comment-only code (the default)")
  ),
  noQualityFilter: Options.boolean("no-quality-filter").pipe(
    Options.withDescription("Keep them")
  ),
  testedOnly: Options.boolean("tested-only").pipe(
    Options.withDescription("Only files that have a test file of their name")
  ),
  curriculum: Options.boolean("curriculum").pipe(
    Options.withDescription("Sort rows by complexity, the hardest first, instead of shuffling")
  ),
  curriculumTopPct: Options.optional(Options.float("curriculum-top-pct")).pipe(
    Options.withDescription("Keep only this percentage of the hardest rows; implies --curriculum")
  ),
  preview: Options.optional(positive("preview")).pipe(
    Options.withDescription("Print N examples in colour and write nothing")
  ),
  seed: Options.integer("seed").pipe(
    Options.withDefault(42),
    Options.withDescription("Decides every choice (default: 42)")
  ),
  resume: Options.boolean("resume").pipe(
    Options.withDescription("Go on with the unfinished run in the output folder")
  ),
  overwrite: Options.boolean("overwrite").pipe(
    Options.withDescription("Replace the dataset, or the unfinished run, in the output folder")
  ),
  rejected: Options.optional(Options.text("rejected")).pipe(
    Options.withDescription("Also write the cuts that were left out, with their reasons, to this file")
  ),
  bufferMegabytes: positive("buffer-mb").pipe(
    Options.withDefault(16),
    Options.withDescription("Rows held in memory before they go to disk, in megabytes (default: 16)")
  )
}

type Infer<A> = A extends Options.Options<infer B> ? B : never
/** What the command line gives once it is read. */
export type GenerateFlags = { readonly [K in keyof typeof generateOptions]: Infer<(typeof generateOptions)[K]> } & {
  readonly repositories: ReadonlyArray<string>
}
