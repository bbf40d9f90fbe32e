/** The flags that say in which files rows are written. */
import * as Options from "@effect/cli/Options"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { type OutputFormat, outputFormatNames } from "../../services/formats/output-format.ts"
import { WrongUsage } from "./problems.ts"

export const outputFormatOptions = {
  outputFormat: Options.choice("output-format", outputFormatNames).pipe(
    Options.optional,
    Options.withDescription("Files of JSON Lines or Parquet (default: jsonl)")
  ),
  shardRows: Options.optional(Options.integer("shard-rows")).pipe(
    Options.withDescription("Split each file into shards of so many rows, named as the Hub names them")
  )
}

export interface OutputFlags {
  readonly outputFormat: Option.Option<OutputFormat["kind"]>
  readonly shardRows: Option.Option<number>
}

export const outputFormatOf = Effect.fnUntraced(function*({ outputFormat, shardRows }: OutputFlags) {
  if (Option.isSome(shardRows) && shardRows.value < 1) {
    return yield* new WrongUsage({ detail: `Cannot use --shard-rows ${shardRows.value}: it takes a number from 1 up` })
  }
  const format: OutputFormat = {
    kind: Option.getOrElse(outputFormat, () => "jsonl" as const),
    shardRows: Option.getOrNull(shardRows)
  }
  return format
})
