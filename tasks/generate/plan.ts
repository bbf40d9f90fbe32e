/** The plan of a run: items of work in a fixed order, and what was left out before any of them. */
import type { SplitOutcome } from "../../services/history/split.ts"
import type { Ledger } from "../../services/rows/ledger.ts"
import type { Item } from "../shared/dataset-run/item.ts"
import type { GenerateOutput } from "./jobs.ts"

export interface GeneratePlan {
  readonly items: ReadonlyArray<Item<GenerateOutput>>
  readonly ledger: Ledger
  /** Newest commit of each repository, null for a plain folder. */
  readonly heads: ReadonlyArray<{ readonly repository: string; readonly commit: string | null }>
  readonly split: SplitOutcome
  /** Whether an item is done faster by the thread that did the one before it. */
  readonly isContinued: boolean
  /** How many changes or files the items hold. */
  readonly size: number
  readonly unit: "changes" | "files"
  /** Of the items: equal plans are resumable by one another. */
  readonly fingerprint: string
}
