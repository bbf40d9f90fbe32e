/** The last step of both jobs: rows that hold secrets go, the others become records. */
import * as Effect from "effect/Effect"
import { presets } from "../../services/formats/presets.ts"
import { leaveOut, type Ledger, stageOf } from "../../services/ledger.ts"
import type { PooledRecord } from "../../services/Writer.ts"
import type { Draft, Rejection } from "./drafts.ts"
import type { JobOutput } from "./jobs.ts"
import { recordsOf, rejectedRecord } from "./records.ts"
import { maySecret } from "./secret-prefilter.ts"
import type { GenerateSettings } from "./settings.ts"
import type { JobTools } from "./tools.ts"

/** Returns what the job sends back. A secret anywhere in a row's text takes the whole row, and its reason is counted. */
export const finishDrafts = Effect.fnUntraced(function*(
  settings: GenerateSettings,
  tools: JobTools,
  drafts: ReadonlyArray<Draft>,
  rejections: ReadonlyArray<Rejection>,
  ledger: Ledger
) {
  const texts = drafts.map(({ example, negative }) =>
    [example.prompt, example.completion, negative?.completion ?? ""].join("\n")
  )
  const suspects = texts.flatMap((text, index) => (maySecret(text) ? [index] : []))
  const found = suspects.length === 0
    ? new Set<number>()
    : yield* tools.findSecrets(suspects.map((index) => texts[index] ?? ""))
  const secret = new Set(suspects.filter((_, order) => found.has(order)))
  const cuts = stageOf(ledger, "cuts")
  // The cuts were counted as kept when they were drafted.
  cuts.kept -= secret.size
  cuts.came -= secret.size
  leaveOut(ledger, "cuts", "secret", secret.size)
  const preset = presets.get(settings.baseModel)
  if (preset === undefined) return yield* Effect.die(new Error(`no preset "${settings.baseModel}"`))
  const records: Array<PooledRecord> = []
  for (const [index, draft] of drafts.entries()) {
    if (!secret.has(index)) records.push(...recordsOf(draft, settings, preset))
  }
  if (settings.keepRejected) {
    for (const rejection of rejections) records.push(rejectedRecord(rejection, settings.seed))
  }
  const output: JobOutput = { records, ledger }
  return output
})
