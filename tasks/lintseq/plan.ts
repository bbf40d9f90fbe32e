/** A run over a list that is known beforehand: files, or histories of files. */
import type { Ledger } from "../../services/rows/ledger.ts"
import type { Item } from "../shared/dataset-run/item.ts"
import type { LintseqOutput } from "./jobs.ts"

export interface LintseqPlan {
  /** What the run is named after. */
  readonly name: string
  readonly unit: string
  /** How many programs there are. */
  readonly size: number
  /** What the input is, so that a run is only resumed over the same one. */
  readonly identity: unknown
  /** What was left out before any job. */
  readonly ledger: Ledger
  readonly items: ReadonlyArray<Item<LintseqOutput>>
}
