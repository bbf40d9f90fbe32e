/** Drafts become records: rows of the shapes that are asked, and the key that orders and names each record. */
import type { Preset } from "../../services/formats/presets.ts"
import { beginOfPrompt, endOfCompletion, endOfText } from "../../services/formats/trainers.ts"
import type { BenchmarkHit } from "../../services/hygiene/decontamination.ts"
import { type RejectedPlace, rejectedPlaceRow } from "../../services/rows/rejected.ts"
import { comparedText, signatureOf } from "../../services/hygiene/min-hash.ts"
import type { Place } from "../../services/rows/shape.ts"
import { datasetShapes } from "../../services/rows/shapes.ts"
import { poolOf } from "../../services/rows/tables.ts"
import { tellingLines } from "../../services/text/lines-around.ts"
import { fingerprint, inkOf } from "../../services/text/random.ts"
import type { PooledRecord } from "../../services/Writer.ts"
import { rowSourceOf } from "./papers/attribution.ts"
import type { Draft, Rejection } from "./draft.ts"
import type { Example } from "./example.ts"
import { tokensOf } from "./negatives.ts"
import type { GenerateSettings } from "./settings.ts"

/** A record whose line of JSON is still text. */
export interface TextRecord extends Omit<PooledRecord, "json"> {
  readonly json: string
}

/** The pool of the rows that `--rejected` asks for. */
export const rejectedPool = "rejected"

/** Returns the rows of a draft, one or two for each type of dataset. */
export const recordsOfDraft = (
  draft: Draft,
  settings: GenerateSettings,
  preset: Preset
): ReadonlyArray<TextRecord> => {
  const { example, metadata, negative, side } = draft
  const { seed, trainer } = settings
  const end = endOfCompletion(trainer, preset, example.endsItself)
  const place: Place = {
    prompt: example.prompt,
    completion: example.completion + end,
    begunPrompt: beginOfPrompt(preset, example.prompt) + example.prompt,
    text: example.prompt + example.completion + endOfText(trainer, preset, example.endsItself),
    prefix: example.prefix,
    middle: example.middle,
    suffix: example.suffix,
    context: example.context,
    metadata,
    negative: negative === null
      ? null
      : { completion: negative.completion + end, operator: negative.operator }
  }
  const mate = fingerprint(example.prompt)
  const answers = [
    ...example.answers.map((answer, place) =>
      place === 0 ? fingerprint(tokensOf(answer)) : fingerprint("whole", tokensOf(answer))
    ),
    // The last one is what keeps the sides of a split in time apart.
    ...(settings.testAfter === null || example.answers.length === 0 ? [] : [placedAnswer(example)])
  ].join("")
  const signature = settings.nearDuplicates ? undefined : signatureOf(comparedText(example))
  const signed = signature === undefined ? {} : { signature: Buffer.from(signature).toString("hex") }
  const rank = settings.curriculum ? rankOf(metadata.complexity) : ""
  return settings.datasetTypes.flatMap((type) => {
    const { contrast, files, rowsOf } = datasetShapes[type]
    return rowsOf(place, trainer).map(({ answer, row }): TextRecord => {
      const operator = answer === "wanted" ? null : negative?.operator ?? null
      // What makes two records the same is their answer; the key that contradicts one says that its wrong answer is
      // right.
      const salt = contrast === "labels" ? answer : type
      const rightSalt = contrast === "labels" ? "wanted" : type
      return {
        pool: poolOf(contrast, files[side], answer),
        rival: operator === null ? "" : fingerprint(rightSalt, seed, mate, negative?.completion ?? ""),
        key: rank + fingerprint(salt, seed, mate, example.completion),
        mate,
        answers,
        facet: facetOf(draft, operator),
        ...(settings.hygiene.licences === null ? {} : { source: rowSourceOf(metadata) }),
        // A wrong row goes where the right one of its place goes.
        ...(answer === "unwanted" ? {} : signed),
        json: JSON.stringify(row)
      }
    })
  })
}

/** An answer between the lines that it stands between; one that recurs by nature is told from others by its prompt. */
const placedAnswer = ({ middle, prefix, prompt, suffix }: Example): string => {
  const lines = tellingLines(prefix + middle + suffix, { start: prefix.length, end: prefix.length + middle.length })
  return lines === undefined ? fingerprint("asked", prompt) : fingerprint("placed", inkOf(lines))
}

/** Returns the row of a place that was left out. */
export const rejectedRecord = (rejection: Rejection, seed: number): TextRecord => {
  const { metadata, middle, reason } = rejection
  return {
    pool: rejectedPool,
    key: fingerprint(
      reason,
      seed,
      metadata.repo,
      metadata.filepath,
      metadata.commit,
      metadata.span.join("-"),
      metadata.kind
    ),
    mate: fingerprint(metadata.filepath),
    rival: "",
    answers: "",
    facet: reason,
    json: JSON.stringify(rejectedPlaceRow(reason, middle, metadata))
  }
}

/** The pool of what holds a piece of a benchmark. */
export const contaminatedPool = "contaminated"

/** Returns what is told of a place whose row was left out for a task of a benchmark. */
export const contaminatedRecord = (
  { file, example, runs, task }: BenchmarkHit,
  { commit, filepath, kind, repo, span }: RejectedPlace,
  seed: number
): TextRecord => ({
  pool: contaminatedPool,
  key: fingerprint(file, task, seed, repo, filepath, commit, span.join("-"), kind),
  mate: fingerprint(task),
  rival: "",
  answers: "",
  facet: "",
  json: JSON.stringify({ file, task, runs, example, repo, filepath, commit, kind, span })
})

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
