/** An answer as it was given, and what it is worth. */
import type { Stopping } from "../../services/measures/infill/stopping.ts"
import type { EvaluationMeasure } from "./measures.ts"

/** What an answer is worth; a measure that says nothing of it is left out. */
export interface ScoredAnswer {
  readonly scores: Readonly<Partial<Record<EvaluationMeasure, number>>>
  /** Where a gap's answer stopped; null for other answers. */
  readonly stopping: Stopping | null
}

/** An answer as it is scored: one that the limit of tokens cut off is never exact. */
export interface GivenAnswer {
  readonly text: string
  readonly isCutOff: boolean
}
