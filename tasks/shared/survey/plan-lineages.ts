/** The lineages of some histories at once, for those who hold all of them in memory. */
import * as Effect from "effect/Effect"
import type { Repository } from "../../../services/Git.ts"
import type { Lineage } from "../../../services/history/lineages.ts"
import type { HistorySettings } from "../../../services/history/settings.ts"
import type { SplitOutcome } from "../../../services/history/split.ts"
import { addLedger, type Ledger } from "../../../services/rows/ledger.ts"
import { batchLineages } from "./batch-lineages.ts"
import { joinSurveys } from "./join-surveys.ts"
import { surveyHistory } from "./survey-history.ts"
import type { HistorySurvey } from "./survey.ts"

/** Lineages some at a time, each batch of one repository. */
export interface LineagesPlan {
  readonly batches: ReadonlyArray<{ readonly repository: Repository; readonly lineages: ReadonlyArray<Lineage> }>
  readonly ledger: Ledger
  /** Newest commit of each repository, null for one without any in range. */
  readonly heads: ReadonlyArray<{ readonly repository: string; readonly commit: string | null }>
  readonly split: SplitOutcome
  /** How many changes the batches hold. */
  readonly size: number
}

/** Surveys and joins histories. */
export const planLineages = Effect.fn("shared.planLineages")(function*(
  repositories: ReadonlyArray<Repository>,
  settings: HistorySettings,
  inOrderOf: "paths" | "commits"
) {
  const ledger: Ledger = {}
  const surveyed: Array<{ readonly repository: Repository; readonly survey: HistorySurvey }> = []
  for (const repository of repositories) {
    const survey = yield* surveyHistory(repository, settings, null)
    addLedger(ledger, survey.ledger)
    surveyed.push({ repository, survey })
  }
  const { joinedOf, split } = yield* joinSurveys(
    surveyed.map(({ survey }) => Effect.succeed(survey)),
    { ...settings, joinsCommits: false }
  )
  const batches = surveyed.flatMap(({ repository, survey }) =>
    batchLineages(survey, joinedOf(survey), inOrderOf).map((lineages) => ({ repository, lineages }))
  )
  const plan: LineagesPlan = {
    batches,
    ledger,
    heads: surveyed.map(({ survey: { head, repository } }) => ({ repository, commit: head })),
    split,
    size: batches.reduce((sum, { lineages }) => sum + lineages.reduce((all, { changes }) => all + changes.length, 0), 0)
  }
  return plan
})
