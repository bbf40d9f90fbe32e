/**
 * The last step of both jobs: drafts become records as soon as they are made, so that nothing of a file is kept but the
 * bytes of its rows. These lie side by side in pages: a few buffers move between threads faster than a thousand.
 */
import type { PooledRecord } from "../../services/Writer.ts"
import type { Draft, Rejection } from "./draft.ts"
import { contaminatedRecord, recordsOfDraft, rejectedRecord, type TextRecord } from "./records.ts"
import { type GenerateSettings, presetOf } from "./settings.ts"

/** The records of a job, while it is being done. */
export interface JobRecords {
  /** Adds the records of the drafts, and of the rejections where these are asked for. */
  readonly take: (
    made: { readonly drafts: ReadonlyArray<Draft>; readonly rejections: ReadonlyArray<Rejection> }
  ) => void
  /** Returns all records, which share the pages of their bytes. */
  readonly finish: () => ReadonlyArray<PooledRecord>
}

const encoder = new TextEncoder()
/** Bytes of a page, unless a row needs more. */
const pageSize = 1 << 20
/** The most bytes that a UTF-16 unit takes. */
const widest = 3

/** Returns the records of a job, none so far. */
export const openRecords = (settings: GenerateSettings): JobRecords => {
  const preset = presetOf(settings)
  const records: Array<PooledRecord> = []
  let page = new Uint8Array(0)
  let used = 0
  const add = ({ json, ...named }: TextRecord): void => {
    const most = json.length * widest
    if (page.length - used < most) {
      page = new Uint8Array(Math.max(pageSize, most))
      used = 0
    }
    const start = used
    used += encoder.encodeInto(json, page.subarray(start)).written
    records.push({ ...named, json: page.subarray(start, used) })
  }
  return {
    take: ({ drafts, rejections }) => {
      for (const draft of drafts) for (const record of recordsOfDraft(draft, settings, preset)) add(record)
      for (const { hit, metadata } of rejections) {
        if (hit !== undefined) add(contaminatedRecord(hit, metadata, settings.seed))
      }
      if (!settings.keepRejected) return
      for (const rejection of rejections) add(rejectedRecord(rejection, settings.seed))
    },
    finish: () => records
  }
}
