/** The flags of report: names, defaults and help. */
import * as Args from "@effect/cli/Args"
import * as Options from "@effect/cli/Options"
import { measures } from "../../services/measures/score.ts"

export const reportArgs = {
  directory: Args.text({ name: "directory" }).pipe(
    Args.withDescription("A folder of rows, or one file of them: JSON Lines or Parquet, ours or another tool's")
  )
}

export const reportOptions = {
  score: Options.boolean("score").pipe(
    Options.withDescription("Print the measures only, and write nothing")
  ),
  max: Options.text("max").pipe(
    Options.repeated,
    Options.withDescription(
      `With --score: end with code 2 when a measure's share is above, as in --max blank-completions=0.01; measures are ${
        measures.join(", ")
      }`
    )
  ),
  against: Options.optional(Options.text("against")).pipe(
    Options.withDescription("With --score: another folder or file of rows, scored in a column beside it")
  ),
  maxTokens: Options.optional(Options.integer("max-tokens")).pipe(
    Options.withDescription("Count rows over so many tokens, by --tokenizer or at 4 characters a token")
  ),
  tokenizer: Options.optional(Options.text("tokenizer")).pipe(
    Options.withDescription("A local tokenizer.json, for --max-tokens")
  ),
  json: Options.boolean("json").pipe(Options.withDescription("With --score: print JSON")),
  title: Options.optional(Options.text("title")).pipe(
    Options.withDescription("Name of the dataset (default: the folder's)")
  ),
  license: Options.text("license").pipe(
    Options.withDefault("other"),
    Options.withDescription("Licence in the card, by the Hub's names (default: other)")
  ),
  samples: Options.integer("samples").pipe(
    Options.withDefault(5),
    Options.withDescription("Rows of each file that the report shows (default: 5)")
  ),
  overwrite: Options.boolean("overwrite").pipe(
    Options.withDescription("Replace a README.md that was not written by report, or was edited since")
  )
}

type Infer<A> = A extends Options.Options<infer B> ? B : never
/** What the command line gives once it is read. */
export type ReportFlags = { readonly [K in keyof typeof reportOptions]: Infer<(typeof reportOptions)[K]> } & {
  readonly directory: string
}
