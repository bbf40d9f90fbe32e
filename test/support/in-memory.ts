/** What programs of tasks stand on where neither git nor a disk is the point: repositories and folders that are values. */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as NodePath from "@effect/platform-node/NodePath"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as InPlaceCompute from "../../layers/compute/InPlaceCompute.ts"
import * as MemoryGit from "../../layers/git/MemoryGit.ts"
import * as FileReader from "../../layers/reader/FileReader.ts"
import * as MemoryWriter from "../../layers/writer/MemoryWriter.ts"
import { jobTable } from "../../tasks/job-table.ts"

/** A history of one branch, a whole tree for each commit, oldest first; dated as those of makeRepository. */
export const repositoryOf = (
  name: string,
  trees: ReadonlyArray<Readonly<Record<string, string>>>,
  shas = trees.map((_, index) => `commit-${index}`)
): MemoryGit.MemoryRepository => ({
  name,
  commits: trees.map((files, index) => ({
    sha: shas[index] ?? "",
    parents: shas.slice(Math.max(0, index - 1), index),
    seconds: 1_700_000_060 + 60 * index,
    subject: `step ${index}`,
    files
  }))
})

const compute = Layer.unwrapEffect(Effect.map(jobTable, InPlaceCompute.layer))

/** Folders that are kept from run to run, and the layers over them. */
export const makeMemory = (repositories: Readonly<Record<string, MemoryGit.MemoryRepository>>) => {
  const folders = new Map<string, MemoryWriter.MemoryFolder>()
  const layer = Layer.mergeAll(
    MemoryGit.layer(repositories),
    FileReader.layer({ cache: null }),
    MemoryWriter.layer(folders),
    compute,
    NodeFileSystem.layer,
    NodePath.layer
  )
  const filesOf = (folder: string): Readonly<Record<string, string>> =>
    Object.fromEntries([...folders.get(folder)?.files ?? []].sort())
  return { layer, filesOf }
}
