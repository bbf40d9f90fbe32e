/** The plan of a run: how much there is to do in each repository, and what was left out before any of it. */
import * as Effect from "effect/Effect"
import type { SplitOutcome } from "../../services/history/split.ts"
import { addLedger, type Ledger } from "../../services/rows/ledger.ts"
import { fingerprintOf } from "../../services/text/random.ts"
import { joinSurveys } from "../shared/survey/join-surveys.ts"
import type { JoinedRepository } from "../shared/survey/sides-of.ts"
import type { RepositorySurvey } from "../shared/survey/survey.ts"
import { type Batch, batchesOf } from "./batches.ts"
import type { GenerateSettings } from "./settings.ts"
import { joinSettingsOf } from "./survey.ts"

/** What is known of a run before its rows are made. Plain JSON. */
export interface GeneratePlan {
  readonly ledger: Ledger
  /** Newest commit of each repository, null for a plain folder. */
  readonly heads: ReadonlyArray<{ readonly repository: string; readonly commit: string | null }>
  readonly split: SplitOutcome
  /** How many changes or files there are. */
  readonly size: number
  readonly unit: "changes" | "files"
  /** Of all batches: equal plans are resumable by one another. */
  readonly fingerprint: string
}

/** What a repository of a plan is: its survey, what the join decided about it, and its batches. */
export interface PlannedRepository {
  readonly survey: RepositorySurvey
  readonly joined: JoinedRepository
  readonly batches: ReadonlyArray<Batch>
}

/**
 * Joins surveys, which are read one after the other and more than once, and plans what is to do; `planned` hears of each
 * repository in their order.
 */
export const planSurveys = Effect.fn("generate.plan")(function*<E, R, E2, R2>(
  surveys: ReadonlyArray<Effect.Effect<RepositorySurvey, E, R>>,
  settings: GenerateSettings,
  planned: (repository: PlannedRepository, place: number) => Effect.Effect<void, E2, R2>
) {
  const { joinedOf, split } = yield* joinSurveys(surveys, joinSettingsOf(settings))
  const ledger: Ledger = {}
  const heads: Array<GeneratePlan["heads"][number]> = []
  const fingerprints: Array<string> = []
  let size = 0
  for (const [place, read] of surveys.entries()) {
    const survey = yield* read
    const joined = joinedOf(survey)
    const batches = batchesOf(survey, joined, settings)
    addLedger(ledger, survey.ledger)
    heads.push({ repository: survey.repository, commit: survey.head })
    fingerprints.push(fingerprintOf(batches.flatMap(({ hashed }) => ["batch", ...hashed])))
    for (const batch of batches) size += batch.size
    yield* planned({ survey, joined, batches }, place)
  }
  const plan: GeneratePlan = {
    ledger,
    heads,
    split,
    size,
    unit: settings.source === "tree" ? "files" : "changes",
    fingerprint: fingerprintOf(fingerprints)
  }
  return plan
})
