/** A run over a list that is known beforehand: files, or histories of files. */
import type * as Effect from "effect/Effect"
import type { Compute, JobFailed, WorkerLost } from "../../services/Compute.ts"
import type { GitFailed, GitLost } from "../../services/Git.ts"
import type { Ledger } from "../../services/rows/ledger.ts"
import type { JobOutput } from "./jobs.ts"
import type { LintseqSettings } from "./settings.ts"

export interface Plan {
  /** What the run is named after. */
  readonly name: string
  readonly unit: string
  /** How many programs there are. */
  readonly size: number
  /** What the input is, so that a run is only resumed over the same one. */
  readonly identity: unknown
  /** What was left out before any job. */
  readonly ledger: Ledger
  readonly items: ReadonlyArray<PlanItem>
}

export interface PlanItem {
  /** How many programs it holds. */
  readonly size: number
  /** Reads what the item needs and runs its job. */
  readonly run: (
    compute: Compute["Type"],
    settings: LintseqSettings
  ) => Effect.Effect<JobOutput, JobFailed | WorkerLost | GitFailed | GitLost>
}
