/** The job of vim-loop as it crosses to a worker thread: changes of a history become edits at every depth. */
import { job } from "../../services/Compute.ts"
import type { Ledger } from "../../services/rows/ledger.ts"
import type { Lineage } from "../../services/history/lineages.ts"
import type { Contents } from "../shared/dataset-run/contents.ts"
import type { LoopEdit } from "./edits.ts"
import type { EditSettings } from "./settings.ts"

export interface EditsInput {
  readonly settings: EditSettings
  readonly repository: string
  readonly lineages: ReadonlyArray<Lineage>
  readonly contents: Contents
}

export interface EditsOutput {
  readonly edits: ReadonlyArray<LoopEdit>
  readonly ledger: Ledger
}

export const editsJob = job<EditsInput, EditsOutput>("vim-loop.edits")
