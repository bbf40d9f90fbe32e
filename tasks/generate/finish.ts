/** The last step of both jobs: rows that hold secrets go, the others become records. */
import * as Effect from "effect/Effect"
import type { Ledger } from "../../services/rows/ledger.ts"
import type { PooledRecord } from "../../services/Writer.ts"
import type { Draft, Rejection } from "./drafts.ts"
import { recordsOfDraft, rejectedRecord } from "./records.ts"
import { withoutSecrets } from "../shared/secrets/sweep.ts"
import { type GenerateSettings, presetOf } from "./settings.ts"
import type { JobTools } from "./tools.ts"

/** Lays the records' bytes side by side: one buffer moves between threads faster than a thousand. */
const inOneBuffer = (records: ReadonlyArray<PooledRecord>): ReadonlyArray<PooledRecord> => {
  const buffer = new Uint8Array(records.reduce((sum, { json }) => sum + json.length, 0))
  let at = 0
  return records.map((record) => {
    buffer.set(record.json, at)
    const json = buffer.subarray(at, at + record.json.length)
    at += record.json.length
    return { ...record, json }
  })
}

/** Returns the records of the drafts; those that hold a secret are counted and go. */
export const finishDrafts = Effect.fnUntraced(function*(
  settings: GenerateSettings,
  tools: JobTools,
  drafts: ReadonlyArray<Draft>,
  rejections: ReadonlyArray<Rejection>,
  ledger: Ledger
) {
  const kept = yield* withoutSecrets(drafts, {
    // Where neither the file nor its context is suspected, no row of it is.
    textOf: ({ example, maySecret, negative }) =>
      maySecret ? [example.prompt, example.completion, negative?.completion ?? ""].join("\n") : "",
    findSecrets: tools.findSecrets,
    stage: "cuts"
  }, ledger)
  const preset = presetOf(settings)
  const records = kept.flatMap((draft) => recordsOfDraft(draft, settings, preset))
  if (settings.keepRejected) {
    for (const rejection of rejections) records.push(rejectedRecord(rejection, settings.seed))
  }
  return inOneBuffer(records)
})
