/** The last step of both jobs: rows that hold secrets go, the others become records. */
import * as Effect from "effect/Effect"
import { presets } from "../../services/formats/presets.ts"
import { type Ledger, leaveOut, stageOf } from "../../services/ledger.ts"
import type { PooledRecord } from "../../services/Writer.ts"
import type { Draft, Rejection } from "./drafts.ts"
import type { JobOutput } from "./jobs.ts"
import { fingerprint } from "../../services/random.ts"
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
  const right = new Set(drafts.map(({ example }) => fingerprint(example.prompt, example.completion)))
  for (const [index, draft] of drafts.entries()) {
    if (secret.has(index)) continue
    const { example, negative } = draft
    // What is wrong here may be what another version of the file was right to have.
    const isRight = negative !== null && right.has(fingerprint(example.prompt, negative.completion))
    if (isRight) withdrawNegative(ledger)
    records.push(...recordsOf(isRight ? { ...draft, negative: null } : draft, settings, preset))
  }
  if (settings.keepRejected) {
    for (const rejection of rejections) records.push(rejectedRecord(rejection, settings.seed))
  }
  const output: JobOutput = { records, ledger }
  return output
})

/** The negative was counted as kept when it was drafted. */
const withdrawNegative = (ledger: Ledger): void => {
  const negatives = stageOf(ledger, "negatives")
  negatives.kept--
  negatives.came--
  leaveOut(ledger, "negatives", "right in another version")
}
