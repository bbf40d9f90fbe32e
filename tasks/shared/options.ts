/** Flags that several tasks share. */
import * as Options from "@effect/cli/Options"

export const concurrency = Options.integer("concurrency").pipe(
  Options.withAlias("j"),
  Options.optional,
  Options.withDescription("Worker threads (default: one for each core)")
)

export const quiet = Options.boolean("quiet").pipe(
  Options.withAlias("q"),
  Options.withDescription("No progress and no summary on standard error")
)
