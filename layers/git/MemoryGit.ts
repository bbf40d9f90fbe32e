/** Git over commits that are given as values: for tests, and as the shortest statement of what Git means. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import {
  type Commit,
  CommitGone,
  type FileChange,
  Git,
  NoSuchRevision,
  NotARepository,
  type Repository,
  type Unreadable
} from "../../services/Git.ts"
import { nearestOf } from "../../services/history/nearest-files.ts"
import { fingerprint } from "../../services/text/random.ts"

/** A commit as its whole tree. Blobs are told apart by their content; null in place of a text is a missing object. */
export interface MemoryCommit {
  readonly sha: string
  readonly parents: ReadonlyArray<string>
  readonly seconds: number
  /** "" where it is left out. */
  readonly author?: string
  readonly subject: string
  readonly files: Readonly<Record<string, string | null>>
}

export interface MemoryRepository {
  readonly name: string
  /** Oldest first; the last is HEAD. */
  readonly commits: ReadonlyArray<MemoryCommit>
}

const encoder = new TextEncoder()

/** A layer that opens, for each location, the repository given for it. Dates are compared as whole seconds. */
export const layer = (repositories: Readonly<Record<string, MemoryRepository>>): Layer.Layer<Git> =>
  Layer.succeed(
    Git,
    Git.of({
      open: (location) => {
        const repository = repositories[location]
        return repository === undefined
          ? new NotARepository({ location, detail: "there is no such folder; pass a path or a clone URL" })
          : Effect.succeed(openRepository(location, repository))
      },
      warnings: Effect.succeed([]),
      workingFiles: (folder) => {
        const repository = repositories[folder]
        return repository === undefined
          ? new NotARepository({ location: folder, detail: "there is no such folder" })
          : Effect.succeed(Object.keys(repository.commits[repository.commits.length - 1]?.files ?? {}).sort())
      },
      workingSizes: (folder, paths) =>
        Effect.sync(() =>
          paths.map((path) => {
            const content = workingContent(repositories[folder], path)
            return typeof content === "string" ? content : content.length
          })
        ),
      workingContents: (folder, paths, mostBytes) =>
        Effect.sync(() =>
          paths.map((path) => {
            const content = workingContent(repositories[folder], path)
            return typeof content !== "string" && content.length > mostBytes ? "too large" : content
          })
        )
    })
  )

const workingContent = (repository: MemoryRepository | undefined, path: string): Uint8Array | Unreadable => {
  if (path.startsWith("/") || path.split("/").includes("..")) return "outside the folder"
  const text = repository?.commits[repository.commits.length - 1]?.files[path] ?? null
  return text === null ? "gone" : encoder.encode(text)
}

const openRepository = (location: string, repository: MemoryRepository): Repository => {
  const bySha = new Map(repository.commits.map((commit) => [commit.sha, commit]))
  const blobs = new Map<string, Uint8Array | null>()
  const idOf = (path: string, text: string | null) => {
    const id = text === null ? fingerprint("missing", path) : fingerprint("blob", text)
    blobs.set(id, text === null ? null : encoder.encode(text))
    return id
  }
  const treeOf = (commit: MemoryCommit | undefined) =>
    new Map(Object.entries(commit?.files ?? {}).sort(byPath).map(([path, text]) => [path, idOf(path, text)]))
  for (const commit of repository.commits) treeOf(commit)

  const resolve = (rev: string) => {
    const commit = rev === "HEAD" ? repository.commits[repository.commits.length - 1] : bySha.get(rev)
    return commit === undefined
      ? new NoSuchRevision({ repository: repository.name, rev })
      : Effect.succeed(commit)
  }

  const reachable = (commit: MemoryCommit): ReadonlyArray<MemoryCommit> => {
    const seen = new Set<MemoryCommit>()
    const waiting = [commit]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (seen.has(next)) continue
      seen.add(next)
      for (const parent of next.parents) {
        const found = bySha.get(parent)
        if (found !== undefined) waiting.push(found)
      }
    }
    return [...seen].sort((a, b) => b.seconds - a.seconds)
  }

  return {
    name: repository.name,
    location,
    treeChanges: (from, to) => {
      const trees = [from, to].map((sha) => treeOf(bySha.get(sha)))
      return Effect.succeed(
        changesBetween(trees[0] ?? new Map(), trees[1] ?? new Map()).flatMap(({ newBlob, oldPath, path }) => [
          ...oldPath === path ? [] : [{ path: oldPath, kind: "file" as const, blob: null }],
          { path, kind: "file" as const, blob: newBlob }
        ])
      )
    },
    commits: (range) =>
      Stream.unwrap(Effect.map(resolve(range.rev), (head) => {
        const commits: Array<Commit> = []
        let left = range.maxCommits
        for (const commit of reachable(head)) {
          if (left === 0) break
          if (commit.parents.length < 2) left--
          commits.push({
            sha: commit.sha,
            parents: commit.parents,
            isCutOff: false,
            seconds: commit.seconds,
            author: commit.author ?? "",
            subject: commit.subject,
            changes: commit.parents.length > 1
              ? []
              : changesBetween(treeOf(bySha.get(commit.parents[0] ?? "")), treeOf(commit))
          })
        }
        return Stream.fromIterable(commits)
      })),
    commitsSince: (base, rev) =>
      Effect.gen(function*() {
        const known = new Set(reachable(yield* resolve(base)))
        return new Set(reachable(yield* resolve(rev)).filter((commit) => !known.has(commit)).map(({ sha }) => sha))
      }),
    files: (rev) =>
      Effect.map(resolve(rev), (commit) => ({
        commit: commit.sha,
        files: [...treeOf(commit)].map(([path, blob]) => ({ path, kind: "file" as const, blob }))
      })),
    nearestFiles: (places, isWanted) =>
      Effect.succeed(places.flatMap((place) => {
        const files = [...treeOf(bySha.get(place.commit ?? ""))]
        return nearestOf(files.map(([path, blob]) => ({ path, kind: "file" as const, blob })), [place], isWanted)
      })),
    sizes: (ids) => Effect.succeed(ids.map((id) => blobs.get(id)?.length ?? null)),
    blobs: (ids) => Effect.succeed(ids.map((id) => blobs.get(id)?.slice() ?? null)),
    ensure: (commit) =>
      bySha.has(commit)
        ? Effect.void
        : new CommitGone({ repository: repository.name, sha: commit, detail: "it is not one of those given" })
  }
}

const byPath = (a: readonly [string, unknown], b: readonly [string, unknown]) => (a[0] < b[0] ? -1 : 1)

/** Returns the changes between two trees; only files of equal content count as renamed. */
const changesBetween = (
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>
): ReadonlyArray<FileChange> => {
  const gone = new Map([...before].filter(([path]) => !after.has(path)).map(([path, blob]) => [blob, path]))
  const changes: Array<FileChange> = []
  const moved = new Set<string>()
  for (const [path, blob] of after) {
    const oldBlob = before.get(path)
    const from = oldBlob === undefined ? gone.get(blob) : undefined
    if (from !== undefined) {
      gone.delete(blob)
      moved.add(from)
      changes.push({ status: "renamed", path, oldPath: from, kind: "file", oldBlob: blob, newBlob: blob })
    } else if (oldBlob === undefined) {
      changes.push({ status: "added", path, oldPath: path, kind: "file", oldBlob: null, newBlob: blob })
    } else if (oldBlob !== blob) {
      changes.push({ status: "modified", path, oldPath: path, kind: "file", oldBlob, newBlob: blob })
    }
  }
  for (const [path, blob] of before) {
    if (!after.has(path) && !moved.has(path)) {
      changes.push({ status: "deleted", path, oldPath: path, kind: "file", oldBlob: blob, newBlob: null })
    }
  }
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1))
}
