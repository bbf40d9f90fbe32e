/** The items of generate: what a job takes of a history or of a tree at once. */
import * as Effect from "effect/Effect"
import { Compute } from "../../services/Compute.ts"
import type { FilePlace } from "../../services/Git.ts"
import { blobsOfParts, type CommitPart } from "../../services/history/commit-parts.ts"
import { blobsOf, type Lineage, lineagesOf, stepsOf } from "../../services/history/lineages.ts"
import { addLedger, leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import { readContents } from "../shared/dataset-run/contents.ts"
import { divisible, type Item, lostReason } from "../shared/dataset-run/item.ts"
import type { BlobSource } from "../shared/dataset-run/sources.ts"
import { commitsJob, type FileInput, type GenerateOutput, historyJob, type ItemInput, treeJob } from "./jobs.ts"
import { readLicenceFiles } from "./hygiene/licence-files.ts"
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
      const { buffers, input } = yield* readInput(
        repository,
        settings,
        blobsOf(lineages),
        steps.map(({ change }) => change),
        earlier
      )
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
      const { buffers, input } = yield* readInput(repository, settings, blobsOfParts(parts), changesIn(parts), earlier)
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
      const { buffers, input } = yield* readInput(
        repository,
        settings,
        blobs,
        files.map(({ path }) => ({ commit, path })),
        earlier
      )
      return yield* (yield* Compute).run(treeJob, { ...input, commit, files }, buffers)
    }),
    join,
    leaveOut: () => leftOut("files")
  })

const changesIn = (parts: ReadonlyArray<CommitPart>): ReadonlyArray<FilePlace> =>
  parts.flatMap(({ changes, earlier }) => [...changes, ...earlier])

/** What both jobs are told. The contents move to the worker. */
const readInput = Effect.fnUntraced(function*(
  repository: BlobSource,
  settings: GenerateSettings,
  blobs: ReadonlyArray<string>,
  places: ReadonlyArray<FilePlace>,
  earlier: ReadonlyArray<GenerateOutput> | null
) {
  const licenceFiles = settings.hygiene.licences === null ? undefined : yield* readLicenceFiles(repository, places)
  const licences = [...licenceFiles?.values() ?? []].flat().filter((blob) => blob !== null)
  const { buffers, contents } = yield* readContents(repository, [...blobs, ...licences])
  const { location, name } = repository
  const input: ItemInput = {
    settings,
    repository: name,
    location,
    contents,
    ...(licenceFiles === undefined ? {} : { licenceFiles }),
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
