/**
 * The last step of both jobs: drafts become records as soon as they are made, so that nothing of a file is kept but the
 * bytes of its rows. These lie side by side: one buffer moves between threads faster than a thousand.
 */
import type { PooledRecord } from "../../services/Writer.ts"
import type { Draft, Rejection } from "./drafts.ts"
import { recordsOfDraft, rejectedRecord, type TextRecord } from "./records.ts"
import { type GenerateSettings, presetOf } from "./settings.ts"

/** The records of a job, while it is being done. */
export interface JobRecords {
  /** Adds the records of the drafts, and of the rejections where these are asked for. */
  readonly take: (
    made: { readonly drafts: ReadonlyArray<Draft>; readonly rejections: ReadonlyArray<Rejection> }
  ) => void
  /** Returns all records. Their bytes share one buffer; nothing can be added afterwards. */
  readonly finish: () => ReadonlyArray<PooledRecord>
}

const encoder = new TextEncoder()
/** The first size of the buffer, in bytes. */
const firstSize = 1 << 16
/** The most bytes that a UTF-16 unit takes. */
const widest = 3

/** Returns the records of a job, none so far. */
export const openRecords = (settings: GenerateSettings): JobRecords => {
  const preset = presetOf(settings)
  const placed: Array<{ readonly named: Omit<PooledRecord, "json">; readonly start: number; readonly end: number }> = []
  let buffer = new Uint8Array(firstSize)
  let used = 0
  const add = ({ json, ...named }: TextRecord): void => {
    const most = used + json.length * widest
    if (most > buffer.length) {
      const larger = new Uint8Array(Math.max(most, buffer.length * 2))
      larger.set(buffer.subarray(0, used))
      buffer = larger
    }
    const start = used
    used += encoder.encodeInto(json, buffer.subarray(used)).written
    placed.push({ named, start, end: used })
  }
  return {
    take: ({ drafts, rejections }) => {
      for (const draft of drafts) for (const record of recordsOfDraft(draft, settings, preset)) add(record)
      if (!settings.keepRejected) return
      for (const rejection of rejections) add(rejectedRecord(rejection, settings.seed))
    },
    finish: () => {
      // What is not used would move along.
      const bytes = buffer.slice(0, used)
      return placed.map(({ end, named, start }) => ({ ...named, json: bytes.subarray(start, end) }))
    }
  }
}
