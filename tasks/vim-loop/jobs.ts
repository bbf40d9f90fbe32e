/** The job of vim-loop as it crosses to a worker thread: changes of a history become edits at every depth. */
import { job } from "../../services/Compute.ts"
import type { Ledger } from "../../services/rows/ledger.ts"
import type { LineageInput } from "../shared/history/plan-history.ts"
import type { LoopEdit } from "./edits.ts"
import type { EditSettings } from "./settings.ts"

export interface EditsInput {
  readonly settings: EditSettings
  readonly repository: string
  readonly lineages: ReadonlyArray<LineageInput>
  /** Blobs by id; one that is not in it is missing. */
  readonly contents: ReadonlyMap<string, Uint8Array>
}

export interface EditsOutput {
  readonly edits: ReadonlyArray<LoopEdit>
  readonly ledger: Ledger
}

export const editsJob = job<EditsInput, EditsOutput>("vim-loop.edits")
