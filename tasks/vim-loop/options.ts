/** The flags of vim-loop: names, defaults and help. */
import * as Options from "@effect/cli/Options"
import { predictorNames } from "./predictor-names.ts"

const optionalText = (name: string) => Options.optional(Options.text(name))

export const vimLoopOptions = {
  repo: Options.text("repo").pipe(
    Options.withAlias("r"),
    Options.repeated,
    Options.withDescription("Path or URL of a git repository whose edits are solved; may be given more than once")
  ),
  pairs: optionalText("pairs").pipe(
    Options.withDescription("Instead of --repo: JSON Lines with source and target; - reads standard input")
  ),
  output: Options.text("output").pipe(
    Options.withAlias("o"),
    Options.withDefault("./vim-dataset"),
    Options.withDescription("Folder for the dataset (default: ./vim-dataset)")
  ),
  predictor: Options.choice("predictor", predictorNames).pipe(
    Options.withDefault("search"),
    Options.withDescription(
      "Who proposes keys. search: our own, no model; chat: a model server; replay: a file (default: search)"
    )
  ),
  rounds: Options.integer("rounds").pipe(
    Options.withDefault(3),
    Options.withDescription("Rounds at the most; each asks for what is not solved yet (default: 3)")
  ),
  count: Options.integer("count").pipe(
    Options.withDefault(8),
    Options.withDescription("Candidates for one edit in one round (default: 8)")
  ),
  rev: Options.text("rev").pipe(
    Options.withDefault("HEAD"),
    Options.withDescription("Revision to start from (default: HEAD)")
  ),
  maxCommits: Options.integer("max-commits").pipe(
    Options.withDefault(1000),
    Options.withDescription("The newest N commits that are no merges, for each repository (default: 1000)")
  ),
  startDate: optionalText("start-date").pipe(Options.withDescription("Only commits from this date on")),
  endDate: optionalText("end-date").pipe(Options.withDescription("Only commits up to this date")),
  language: Options.text("language").pipe(
    Options.repeated,
    Options.withDescription("Only these languages, as a comma list or repeated")
  ),
  maxLines: Options.integer("max-lines").pipe(
    Options.withDefault(50),
    Options.withDescription("Changed lines of an edit at the most (default: 50)")
  ),
  maxChars: Options.integer("max-chars").pipe(
    Options.withDefault(8192),
    Options.withDescription("UTF-16 units of each text of an edit at the most (default: 8192)")
  ),
  maxEdits: Options.optional(Options.integer("max-edits")).pipe(
    Options.withDescription("Draw so many edits at the most (default: all)")
  ),
  endpoint: optionalText("endpoint").pipe(
    Options.withDescription("With chat: the server, such as http://127.0.0.1:8000/v1; its key is RETRACE_API_KEY")
  ),
  model: optionalText("model").pipe(Options.withDescription("With chat: the model's name on the server")),
  temperature: Options.float("temperature").pipe(
    Options.withDefault(0.8),
    Options.withDescription("With chat: how much chance there is in an answer (default: 0.8)")
  ),
  maxTokens: Options.integer("max-tokens").pipe(
    Options.withDefault(1024),
    Options.withDescription("With chat: tokens of one answer at the most (default: 1024)")
  ),
  tokenBudget: Options.optional(Options.integer("token-budget")).pipe(
    Options.withDescription("With chat: no request is sent once all together took so many tokens (default: no bound)")
  ),
  requests: Options.integer("requests").pipe(
    Options.withDefault(8),
    Options.withDescription("With chat: requests under way at once (default: 8)")
  ),
  requestTimeout: Options.float("request-timeout").pipe(
    Options.withDefault(120),
    Options.withDescription("With chat: seconds that an answer may take, or with --stream each piece (default: 120)")
  ),
  retries: Options.integer("retries").pipe(
    Options.withDefault(5),
    Options.withDescription("With chat: how often a request is repeated after 429, 5xx or a timeout (default: 5)")
  ),
  stream: Options.boolean("stream").pipe(
    Options.withDescription("With chat: have answers sent piece by piece, for servers behind impatient proxies")
  ),
  examples: Options.integer("examples").pipe(
    Options.withDefault(4),
    Options.withDescription("With chat: solved edits that are shown with each question (default: 4)")
  ),
  examplesFrom: optionalText("examples-from").pipe(
    Options.withDescription("With chat: solved edits for the first round, such as transforms.jsonl of an earlier run")
  ),
  replay: optionalText("replay").pipe(
    Options.withDescription(
      "With replay: JSON Lines with id, or source and target, and keys, transform or completion (default: the pairs')"
    )
  ),
  nearMisses: Options.integer("near-misses").pipe(
    Options.withDefault(2),
    Options.withDescription("Wrong keys for each solved edit, made from right ones where nobody was wrong (default: 2)")
  ),
  split: Options.float("split").pipe(
    Options.withDefault(0.9),
    Options.withDescription("Share of train, between 0 and 1 (default: 0.9)")
  ),
  seed: Options.integer("seed").pipe(
    Options.withDefault(42),
    Options.withDescription("Decides every choice (default: 42)")
  ),
  listEdits: Options.boolean("list-edits").pipe(
    Options.withDescription("Print the edits as JSON Lines, with the messages that ask for them, and solve nothing")
  ),
  resume: Options.boolean("resume").pipe(
    Options.withDescription("Go on with the unfinished run in the output folder; nothing is asked twice")
  ),
  overwrite: Options.boolean("overwrite").pipe(
    Options.withDescription("Replace the dataset, or the unfinished run, in the output folder")
  )
}

type Infer<A> = A extends Options.Options<infer B> ? B : never
/** What the command line gives once it is read. */
export type VimLoopFlags = { readonly [K in keyof typeof vimLoopOptions]: Infer<(typeof vimLoopOptions)[K]> }
