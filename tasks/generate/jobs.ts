/** The jobs of generate as they cross to a worker thread: their names, inputs and output. */
import { job } from "../../services/Compute.ts"
import type { Side } from "../../services/history/split.ts"
import type { CommitPart } from "../../services/history/commit-parts.ts"
import type { Lineage } from "../../services/history/lineages.ts"
import type { Ledger } from "../../services/rows/ledger.ts"
import type { PooledRecord } from "../../services/Writer.ts"
import type { Contents } from "../shared/dataset-run/contents.ts"
import type { LicenceFiles } from "./hygiene/licence-files.ts"
import type { GenerateSettings } from "./settings.ts"

/** What both kinds of item say of themselves. */
export interface ItemInput {
  readonly settings: GenerateSettings
  readonly repository: string
  /** What opens the repository on this machine. */
  readonly location: string
  readonly contents: Contents
  /** Prompts that earlier parts of the item asked; left out for an item as a whole. */
  readonly askedBefore?: ReadonlyArray<string>
  /** The licence files that speak for the files; left out where nobody asks for licences. */
  readonly licenceFiles?: LicenceFiles
}

/** Some lineages, or one stretch of a long one. */
export interface HistoryInput extends ItemInput {
  readonly lineages: ReadonlyArray<Lineage>
}

/** Commits of one history, some at a time. */
export interface CommitsInput extends ItemInput {
  readonly parts: ReadonlyArray<CommitPart>
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

export interface GenerateOutput {
  /** Their JSON lies in a few buffers, which move to whoever asked. */
  readonly records: ReadonlyArray<PooledRecord>
  readonly ledger: Ledger
  /** All prompts that the parts of the item asked so far; none for an item as a whole, which has no next part. */
  readonly asked: ReadonlyArray<string>
}

export const historyJob = job<HistoryInput, GenerateOutput>("generate.history")
export const commitsJob = job<CommitsInput, GenerateOutput>("generate.commits")
export const treeJob = job<TreeInput, GenerateOutput>("generate.tree")
