/** The last step of both jobs: rows that hold secrets go, the others become records. */
import * as Effect from "effect/Effect"
import { type Ledger, takeBack } from "../../services/rows/ledger.ts"
import type { PooledRecord } from "../../services/Writer.ts"
import type { Draft, Rejection } from "./drafts.ts"
import type { JobOutput } from "./jobs.ts"
import { recordsOf, rejectedRecord } from "./records.ts"
import { maySecret } from "../shared/secrets/prefilter.ts"
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

/** Returns what the job sends back. A secret anywhere in a row's text takes the whole row, and its reason is counted. */
export const finishDrafts = Effect.fnUntraced(function*(
  settings: GenerateSettings,
  tools: JobTools,
  drafts: ReadonlyArray<Draft>,
  rejections: ReadonlyArray<Rejection>,
  ledger: Ledger
) {
  const textOf = ({ example, negative }: Draft) =>
    [example.prompt, example.completion, negative?.completion ?? ""].join("\n")
  const suspects = drafts.flatMap((draft, index) => draft.maySecret && maySecret(textOf(draft)) ? [index] : [])
  const found = suspects.length === 0
    ? new Set<number>()
    : yield* tools.findSecrets(suspects.flatMap((index) => {
      const draft = drafts[index]
      return draft === undefined ? [] : [textOf(draft)]
    }))
  const secret = new Set(suspects.filter((_, order) => found.has(order)))
  takeBack(ledger, "cuts", "secret", secret.size)
  const preset = presetOf(settings)
  const records: Array<PooledRecord> = []
  for (const [index, draft] of drafts.entries()) {
    if (!secret.has(index)) records.push(...recordsOf(draft, settings, preset))
  }
  if (settings.keepRejected) {
    for (const rejection of rejections) records.push(rejectedRecord(rejection, settings.seed))
  }
  const output: JobOutput = { records: inOneBuffer(records), ledger }
  return output
})
