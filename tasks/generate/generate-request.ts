/** What a run of generate is asked, in all ways of running it. */
import type { OutputFormat } from "../../services/formats/output-format.ts"
import type { RepositoryAsked } from "../shared/repository-list.ts"
import type { GenerateSettings } from "./settings.ts"

export interface GenerateRequest {
  readonly repositories: ReadonlyArray<RepositoryAsked>
  readonly settings: GenerateSettings
  /** What was asked of the rows, by flag: the settings in metadata. */
  readonly recorded: Readonly<Record<string, unknown>>
  readonly output: string
  readonly resume: boolean
  readonly overwrite: boolean
  /** Bytes of rows that wait in memory for their place. */
  readonly bufferBytes: number
  readonly format: OutputFormat
  /** Absolute path for what was left out, or null. */
  readonly rejected: string | null
  readonly version: string
}
