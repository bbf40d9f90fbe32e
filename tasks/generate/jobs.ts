/** The two jobs of generate as they cross to a worker thread: their names, inputs and output. */
import { job } from "../../services/Compute.ts"
import type { Ledger } from "../../services/rows/ledger.ts"
import type { PooledRecord } from "../../services/Writer.ts"
import type { Side } from "../../services/history/groups.ts"
import type { LineageInput } from "../shared/history/plan-history.ts"
import type { GenerateSettings } from "./settings.ts"

/** What both kinds of item say of themselves. */
interface ItemInput {
  readonly settings: GenerateSettings
  readonly repository: string
  /** What opens the repository on this machine. */
  readonly location: string
}

/** Some lineages, or one stretch of a long one. */
export interface HistoryInput extends ItemInput {
  readonly lineages: ReadonlyArray<LineageInput>
}

/** Files of one tree, some at a time. */
export interface TreeInput extends ItemInput {
  readonly commit: string | null
  readonly files: ReadonlyArray<FileInput>
}

export interface FileInput {
  readonly path: string
  readonly language: string
  readonly blob: string
  readonly group: string
  readonly side: Side
}

/** Contents of blobs by id; an id that is not in it is missing from the repository. */
export type Contents = ReadonlyMap<string, Uint8Array>

export interface JobOutput {
  /** Their JSON lies in one buffer, which moves to whoever asked. */
  readonly records: ReadonlyArray<PooledRecord>
  readonly ledger: Ledger
}

export const historyJob = job<HistoryInput & { readonly contents: Contents }, JobOutput>("generate.history")
export const treeJob = job<TreeInput & { readonly contents: Contents }, JobOutput>("generate.tree")
