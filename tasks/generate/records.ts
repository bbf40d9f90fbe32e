/** Drafts become records: the trainer's columns, and the key that orders and names each record. */
import { dpoColumns, endOfCompletion, ktoColumns, sftColumns } from "../../services/formats/trainers.ts"
import type { Preset } from "../../services/formats/presets.ts"
import { fingerprint } from "../../services/text/random.ts"
import type { PooledRecord } from "../../services/Writer.ts"
import type { Draft, Rejection } from "./drafts.ts"
import { fileStem, type GenerateSettings } from "./settings.ts"

const encoder = new TextEncoder()

/** The pool of the rows that `--rejected` asks for. */
export const rejectedPool = "rejected"

/** The pools of preference rows by label: they are shuffled apart and interleaved when written. */
export const wantedPool = (stem: string): string => `${stem}.wanted`
export const unwantedPool = (stem: string): string => `${stem}.unwanted`

/** Returns the rows of a draft, one or two for each type of dataset. */
export const recordsOf = (draft: Draft, settings: GenerateSettings, preset: Preset): ReadonlyArray<PooledRecord> => {
  const { example, metadata, negative, side } = draft
  const { seed, trainer } = settings
  const end = endOfCompletion(trainer, preset, example.format === "ZED")
  const { prompt } = example
  const completion = example.completion + end
  const mate = fingerprint(prompt)
  const rank = settings.curriculum ? rankOf(metadata.complexity) : ""
  const spoiled = { ...metadata, negative: negative?.operator ?? null }
  const record = (pool: string, salt: string, operator: string | null, columns: Readonly<Record<string, unknown>>) => ({
    pool,
    rival: operator === null ? "" : fingerprint(wantedSalt(salt), seed, mate, negative?.completion ?? ""),
    key: rank + fingerprint(salt, seed, mate, example.completion),
    mate,
    facet: facetOf(draft, operator),
    json: encoder.encode(JSON.stringify(columns))
  })
  return settings.datasetTypes.flatMap((type): ReadonlyArray<PooledRecord> => {
    const stem = fileStem(type, side)
    switch (type) {
      case "fim": {
        const columns = trainer === "axolotl"
          ? sftColumns(trainer, prompt, completion)
          : { text: prompt + example.completion + preset.end }
        const { context, middle, prefix, suffix } = example
        return [record(stem, "fim", null, { ...columns, prefix, middle, suffix, context, metadata })]
      }
      case "sft":
        return [record(stem, "sft", null, { ...sftColumns(trainer, prompt, completion), metadata })]
      case "kto": {
        const wanted = record(wantedPool(stem), "wanted", null, {
          ...ktoColumns(trainer, prompt, completion, true),
          metadata
        })
        if (negative === null) return [wanted]
        return [
          wanted,
          record(unwantedPool(stem), "unwanted", negative.operator, {
            ...ktoColumns(trainer, prompt, negative.completion + end, false),
            metadata: spoiled
          })
        ]
      }
      case "dpo":
        return negative === null
          ? []
          : [record(stem, "dpo", negative.operator, {
            ...dpoColumns(trainer, prompt, completion, negative.completion + end),
            metadata: spoiled
          })]
    }
  })
}

/** Returns the row of a place that was left out. */
export const rejectedRecord = (rejection: Rejection, seed: number): PooledRecord => {
  const { metadata, middle, reason } = rejection
  return {
    pool: rejectedPool,
    key: fingerprint(
      reason,
      seed,
      metadata.repo,
      metadata.filepath,
      metadata.commit ?? "",
      metadata.span.join("-"),
      metadata.kind
    ),
    mate: fingerprint(metadata.filepath),
    rival: "",
    facet: reason,
    json: encoder.encode(JSON.stringify({ reason, middle, metadata }))
  }
}

/** The salt of the keys that say "this completion is right" among the records of a salt. */
const wantedSalt = (salt: string): string => (salt === "unwanted" ? "wanted" : salt)

/** Eight hex digits that sort the hardest first. */
const rankOf = (complexity: number): string =>
  (0xffffffff - Math.min(0xffffffff, Math.round(complexity))).toString(16).padStart(8, "0")

/** Prompts are counted in steps of this many UTF-16 units, for the advice on a trainer's maximal length. */
export const promptStep = 512

const facetOf = ({ example, metadata, negative }: Draft, operator: string | null): string => {
  const longest = Math.max(example.completion.length, operator === null ? 0 : negative?.completion.length ?? 0)
  return JSON.stringify([
    metadata.kind,
    metadata.language,
    example.format,
    operator,
    Math.ceil(example.prompt.length / promptStep),
    Math.ceil((example.prompt.length + longest) / promptStep)
  ])
}
