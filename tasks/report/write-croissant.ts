/** Writes croissant.json beside the card, where the publisher says what only a publisher knows. */
import { createHash } from "node:crypto"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { systemWords } from "../../services/faults/system-words.ts"
import { croissantOf } from "../../services/hygiene/croissant.ts"
import { CannotReadInput, WrongUsage } from "../shared/problems.ts"
import type { Provenance } from "../shared/provenance.ts"
import type { ReportAnswers } from "./asked.ts"
import type { CardConfig } from "./configs.ts"
import { licenceAddresses } from "./licences.ts"
import type { Report } from "./page.ts"
import type { SurveyedFile } from "./survey.ts"
import { whatRowsAsk } from "./what-rows-ask.ts"
import { writeFile } from "./write-file.ts"

/** What Croissant requires, and only a publisher knows. */
export interface Publication {
  readonly url: string
  readonly creator: string
  readonly datePublished: string
}

/** Returns what the publisher says; null for nothing, and never a part of it. */
export const publicationIn = Effect.fnUntraced(function*({ creator, datePublished, url }: ReportAnswers) {
  if (creator !== undefined && datePublished !== undefined && url !== undefined) {
    const publication: Publication = { creator, datePublished, url }
    return publication
  }
  if (creator === undefined && datePublished === undefined) return null
  const missing = Object.entries({ "--url": url, "--creator": creator, "--date-published": datePublished })
    .flatMap(([flag, value]) => (value === undefined ? [flag] : []))
  return yield* new WrongUsage({ detail: `Cannot write croissant.json: pass ${missing.join(" and ")} too` })
})

export interface CroissantInput {
  readonly publication: Publication
  readonly answers: ReportAnswers
  readonly configs: ReadonlyArray<CardConfig>
  readonly report: Report
  readonly provenance: Provenance
}

/** Makes the document: reads all files once more, for their hashes. */
export const makeCroissant = Effect.fnUntraced(function*(input: CroissantInput) {
  const { answers, configs, provenance, publication, report } = input
  const licences = licenceAddresses(answers, report.licences)
  if (typeof licences === "string") {
    return yield* new WrongUsage({ detail: `Cannot write croissant.json: ${licences}` })
  }
  const files = configs.flatMap(({ splits }) => splits.flatMap((split) => split.files))
  return croissantOf({
    ...publication,
    name: report.name,
    description: report.types.slice(0, 1).map(whatRowsAsk).join("") || report.verdict.sentence,
    licences,
    keywords: ["code", ...report.types.map(({ name }) => name)],
    files: yield* Effect.forEach(files, describeFile),
    records: configs.flatMap(({ feature, name, splits }) =>
      feature.kind !== "struct" ? [] : [{
        name,
        description: `Rows of ${name}`,
        files: splits.flatMap((split) => split.files.map((file) => file.name)),
        columns: feature.fields
      }]
    ),
    sources: provenance.repositories
  })
})

const describeFile = Effect.fnUntraced(function*({ bytes, name, path }: SurveyedFile) {
  const fs = yield* FileSystem.FileSystem
  const hash = createHash("sha256")
  yield* Stream.runForEach(fs.stream(path), (chunk) => Effect.sync(() => hash.update(chunk))).pipe(
    Effect.mapError((cause) => new CannotReadInput({ path, detail: systemWords(cause) }))
  )
  const format = name.endsWith(".parquet") ? "parquet" as const : "jsonl" as const
  return { name, format, bytes, sha256: hash.digest("hex") }
})

/** Writes the document. */
export const writeCroissant = Effect.fnUntraced(function*(folder: string, document: unknown) {
  const path = yield* Path.Path
  yield* writeFile(path.join(folder, "croissant.json"), `${JSON.stringify(document, null, 2)}\n`)
})
