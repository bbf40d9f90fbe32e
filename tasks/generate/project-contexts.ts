/**
 * The rest of the project for the cuts of a thread: one index for each repository, moved from commit to commit. What it
 * answers at a commit does not depend on where it was before, so items may come in any order.
 */
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import { Git, type Repository } from "../../services/Git.ts"
import { Index, type ProjectIndex } from "../../services/Index.ts"
import { excludedPaths as excludedPathsOf, type PathExclusion } from "../../services/hygiene/excluded-paths.ts"
import { languageOfPath } from "../../services/text/language.ts"
import { isConfigPath, reasonAgainstPath } from "../../services/text/source-file.ts"
import { decodeSource } from "../../services/text/source-text.ts"
import { prefixOf, readProject } from "../shared/project-files.ts"
import type { ContextOf, ProjectPlace } from "./tools.ts"

/** Files with more bytes are not indexed. */
const largestFile = 1024 * 1024

interface Open {
  readonly repository: Repository
  readonly index: ProjectIndex
  readonly isExcluded: PathExclusion
  /** The commit whose files the index holds; undefined before the first, null for a plain folder. */
  commit: string | null | undefined
}

export const makeProjectContexts = Effect.gen(function*() {
  const git = yield* Git
  const makeIndex = (yield* Index).make
  const scope = yield* Effect.scope
  const environment = yield* Effect.context<Effect.Effect.Context<ReturnType<typeof readProject>>>()
  const projects = new Map<string, Open>()

  const open = Effect.fnUntraced(function*({ excludedPaths, includePaths, location, mostFiles }: ProjectPlace) {
    const key = JSON.stringify([location, includePaths, excludedPaths])
    const known = projects.get(key)
    if (known !== undefined) return known
    const repository = yield* Scope.extend(git.open(location, { orFolder: true, mostFiles }), scope)
    const index = yield* makeIndex({ weighting: "lucene" })
    for (const folder of includePaths) {
      const reading = readProject(folder, { prefix: prefixOf(folder), withVendored: true }, {})
      const files = yield* Effect.provide(reading, environment)
      yield* index.add(files)
    }
    const project: Open = { repository, index, isExcluded: excludedPathsOf(excludedPaths), commit: undefined }
    projects.set(key, project)
    return project
  })

  const isIndexed = (path: string): boolean =>
    (languageOfPath(path) !== undefined || isConfigPath(path)) && reasonAgainstPath(path) === undefined

  const move = Effect.fnUntraced(function*(project: Open, commit: string | null) {
    const { commit: from, index, isExcluded, repository } = project
    if (from === commit) return
    const changes = from === undefined || from === null || commit === null
      ? (yield* repository.files(commit ?? "HEAD")).files
      : yield* repository.treeChanges(from, commit)
    const wanted = changes.filter(({ kind, path }) => kind === "file" && isIndexed(path) && !isExcluded(path))
    for (const { blob, kind, path } of changes) if (blob === null || kind !== "file") index.remove(path)
    const present = wanted.flatMap(({ blob, path }) =>
      blob === null || index.recall(path, blob) ? [] : [{ blob, path }]
    )
    const blobs = yield* repository.blobs(present.map(({ blob }) => blob))
    for (const [place, { blob, path }] of present.entries()) {
      const bytes = blobs[place]
      const decoded = bytes === null || bytes === undefined || bytes.length > largestFile
        ? undefined
        : decodeSource(bytes)
      if (decoded?._tag === "text") yield* index.update({ path, text: decoded.text }, blob)
      else index.remove(path)
    }
    if (from === undefined) index.compact()
    project.commit = commit
  })

  const contextAt: ContextOf = Effect.fnUntraced(function*(place) {
    const project = yield* open(place)
    yield* move(project, place.commit)
    return project.index
  })
  return contextAt
})
