/** What a surveyed and joined repository is worked on in: batches in a fixed order, each of which gives an item. */
import { packPieces } from "../../services/history/pack.ts"
import type { HashPart } from "../../services/text/random.ts"
import type { Item } from "../shared/dataset-run/item.ts"
import type { BlobSource } from "../shared/dataset-run/sources.ts"
import { batchCommits } from "../shared/survey/batch-commits.ts"
import { batchLineages } from "../shared/survey/batch-lineages.ts"
import { type JoinedRepository, sidesOf } from "../shared/survey/sides-of.ts"
import type { HistorySurvey, RepositorySurvey, TreeSurvey } from "../shared/survey/survey.ts"
import { commitsItem, historyItem, treeItem } from "./items.ts"
import type { FileInput, GenerateOutput } from "./jobs.ts"
import type { GenerateSettings, NextEditSettings } from "./settings.ts"

/** A batch of changes or files. */
export interface Batch {
  /** How many changes or files it holds. */
  readonly size: number
  /** What makes it the same as another one. */
  readonly hashed: ReadonlyArray<HashPart>
  readonly itemIn: (repository: BlobSource) => Item<GenerateOutput>
}

/** Returns the batches of a repository. */
export const batchesOf = (
  survey: RepositorySurvey,
  joined: JoinedRepository,
  settings: GenerateSettings
): ReadonlyArray<Batch> =>
  survey._tag === "tree"
    ? batchesOfTree(survey, joined, settings)
    : settings.nextEdits !== null
    ? batchesOfCommits(survey, joined, settings, settings.nextEdits)
    : batchesOfHistory(survey, joined, settings)

const batchesOfHistory = (
  survey: HistorySurvey,
  joined: JoinedRepository,
  settings: GenerateSettings
): ReadonlyArray<Batch> =>
  // Context needs changes in the order of commits: an index of the project then moves through history once.
  batchLineages(survey, joined, settings.context === null ? "paths" : "commits").map((lineages) => ({
    size: lineages.reduce((sum, { changes }) => sum + changes.length, 0),
    hashed: lineages.flatMap(({ changes, group, side }): ReadonlyArray<HashPart> => [
      group,
      side,
      ...changes.flatMap(({ commit, newBlob, path }) => [commit, path, newBlob])
    ]),
    itemIn: (repository) => historyItem(repository, settings, lineages)
  }))

const batchesOfCommits = (
  survey: HistorySurvey,
  joined: JoinedRepository,
  settings: GenerateSettings,
  { history }: NextEditSettings
): ReadonlyArray<Batch> =>
  batchCommits(survey, joined, history).map((parts) => ({
    size: parts.reduce((sum, { changes }) => sum + changes.length, 0),
    hashed: parts.flatMap(({ changes, commit, earlier, group, side }): ReadonlyArray<HashPart> => [
      commit,
      group,
      side,
      ...[...changes, ...earlier].flatMap(({ newBlob, path }) => [path, newBlob])
    ]),
    itemIn: (repository) => commitsItem(repository, settings, parts)
  }))

const batchesOfTree = (
  survey: TreeSurvey,
  joined: JoinedRepository,
  settings: GenerateSettings
): ReadonlyArray<Batch> => {
  const { groupOf, sideOf } = sidesOf(survey, joined)
  return packPieces(survey.files, ({ size }) => size).map((packed) => {
    const files = packed.map(({ blob, language, path }): FileInput => ({
      path,
      language,
      blob,
      group: groupOf(path),
      side: sideOf({ path, place: 0 })
    }))
    return {
      size: files.length,
      hashed: files.flatMap(({ blob, group, path, side }) => [path, blob, group, side]),
      itemIn: (repository) => treeItem(repository, settings, survey.head, files)
    }
  })
}
