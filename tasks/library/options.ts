/** The library's options: what a task can be asked, in the shapes that programs pass. */
import type { OutputFormat } from "../../services/formats/output-format.ts"
import type { Choices } from "../shared/asked/asked.ts"

/** The questions of a task as options. The output's format may also be given with its shards, as one value. */
export type OptionsOf<D> = Omit<Choices<D>, "outputFormat"> & {
  /** JSON Lines or Parquet, whole or in shards; one file of JSON Lines for each table when left out. */
  readonly outputFormat?: OutputFormat["kind"] | OutputFormat | undefined
}

interface Output {
  readonly outputFormat?: OutputFormat["kind"] | OutputFormat | undefined
  readonly shardRows?: number | undefined
}

/** Takes an output format apart that is given with its shards. */
export const flatOutput = <A extends Output>(options: A) => {
  const { outputFormat } = options
  return typeof outputFormat === "object"
    ? { ...options, outputFormat: outputFormat.kind, shardRows: outputFormat.shardRows ?? undefined }
    : { ...options, outputFormat }
}
