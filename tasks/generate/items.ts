/** The items of generate: what a job takes of a history or of a tree at once. */
import * as Effect from "effect/Effect"
import { Compute } from "../../services/Compute.ts"
import { blobsOfParts, type CommitPart } from "../../services/history/commit-parts.ts"
import { blobsOf, type Lineage, lineagesOf, stepsOf } from "../../services/history/lineages.ts"
import { addLedger, leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import { readContents } from "../shared/dataset-run/contents.ts"
import { divisible, type Item, lostReason } from "../shared/dataset-run/item.ts"
import type { BlobSource } from "../shared/dataset-run/sources.ts"
import { commitsJob, type FileInput, type GenerateOutput, historyJob, type ItemInput, treeJob } from "./jobs.ts"
import type { GenerateSettings } from "./settings.ts"

/** Changes of some lineages. One that is cut begins anew behind the cut, as a long one does. */
export const historyItem = (
  repository: BlobSource,
  settings: GenerateSettings,
  lineages: ReadonlyArray<Lineage>
): Item<GenerateOutput> =>
  divisible({
    units: stepsOf(lineages),
    run: Effect.fnUntraced(function*(steps, earlier) {
      const lineages = lineagesOf(steps)
      const { buffers, input } = yield* readInput(repository, settings, blobsOf(lineages), earlier)
      return yield* (yield* Compute).run(historyJob, { ...input, lineages }, buffers)
    }),
    join,
    leaveOut: () => leftOut("changes")
  })

/** Whole commits, each with what its author did before. */
export const commitsItem = (
  repository: BlobSource,
  settings: GenerateSettings,
  parts: ReadonlyArray<CommitPart>
): Item<GenerateOutput> =>
  divisible({
    units: parts,
    run: Effect.fnUntraced(function*(parts, earlier) {
      const { buffers, input } = yield* readInput(repository, settings, blobsOfParts(parts), earlier)
      return yield* (yield* Compute).run(commitsJob, { ...input, parts }, buffers)
    }),
    join,
    leaveOut: ({ changes }) => leftOut("changes", changes.length)
  })

/** Files of one revision or folder. */
export const treeItem = (
  repository: BlobSource,
  settings: GenerateSettings,
  commit: string | null,
  files: ReadonlyArray<FileInput>
): Item<GenerateOutput> =>
  divisible({
    units: files,
    run: Effect.fnUntraced(function*(files, earlier) {
      const blobs = files.map(({ blob }) => blob)
      const { buffers, input } = yield* readInput(repository, settings, blobs, earlier)
      return yield* (yield* Compute).run(treeJob, { ...input, commit, files }, buffers)
    }),
    join,
    leaveOut: () => leftOut("files")
  })

/** What both jobs are told. The contents move to the worker. */
const readInput = Effect.fnUntraced(function*(
  repository: BlobSource,
  settings: GenerateSettings,
  blobs: ReadonlyArray<string>,
  earlier: ReadonlyArray<GenerateOutput> | null
) {
  const { buffers, contents } = yield* readContents(repository, blobs)
  const { location, name } = repository
  const input: ItemInput = {
    settings,
    repository: name,
    location,
    contents,
    ...(earlier === null ? {} : { askedBefore: [...new Set(earlier.flatMap(({ asked }) => asked))] })
  }
  return { input, buffers }
})

const join = (outputs: ReadonlyArray<GenerateOutput>): GenerateOutput => {
  const ledger: Ledger = {}
  for (const output of outputs) addLedger(ledger, output.ledger)
  return { records: outputs.flatMap(({ records }) => records), ledger, asked: [] }
}

const leftOut = (stage: "changes" | "files", count = 1): GenerateOutput => {
  const ledger: Ledger = {}
  leaveOut(ledger, stage, lostReason, count)
  return { records: [], ledger, asked: [] }
}
