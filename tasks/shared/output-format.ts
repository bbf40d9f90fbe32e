/** In which files rows are written, as the flags say it and as the Writer takes it. */
import type { OutputFormat } from "../../services/formats/output-format.ts"

export interface OutputAnswers {
  readonly outputFormat: OutputFormat["kind"] | undefined
  readonly shardRows: number | undefined
}

export const outputFormatOf = ({ outputFormat, shardRows }: OutputAnswers): OutputFormat => ({
  kind: outputFormat ?? "jsonl",
  shardRows: shardRows ?? null
})
