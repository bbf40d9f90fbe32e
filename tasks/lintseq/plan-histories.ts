/** Plans a run over history: the versions of each file, from the commit that began it to the newest. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Commit, Repository } from "../../services/Git.ts"
import { languageOfPath } from "../../services/text/language.ts"
import { keep, leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import { reasonAgainstPath } from "../../services/text/source-file.ts"
import { type FileHistory, historiesJob } from "./jobs.ts"
import type { Plan } from "./plan.ts"
import { shapeOf } from "./structure/language-shapes.ts"

type Version = FileHistory["versions"][number]

interface Lineage {
  path: string
  readonly versions: Array<Version>
}

/** Versions of one file take this much memory at the most, and those of one job this much at least. */
const lineageBytes = 4 * 1024 * 1024
const itemBytes = 256 * 1024

export const planHistories = Effect.fn("lintseq.planHistories")(function*(
  repository: Repository,
  rev: string,
  maxCommits: number,
  language: string | null
) {
  const ledger: Ledger = {}
  const commits: Array<Commit> = []
  yield* Stream.runForEachChunk(
    repository.commits({ rev, maxCommits, startDate: null, endDate: null }),
    (chunk) => Effect.sync(() => void commits.push(...chunk))
  )
  // Git tells the newest first.
  const traced = traceLineages(commits.toReversed(), language, ledger)
  const ids = [...new Set(traced.flatMap(({ versions }) => versions.map(({ blob }) => blob)))]
  const sizes = new Map((yield* repository.sizes(ids)).map((size, at) => [ids[at] ?? "", size]))
  const histories: Array<{ readonly history: FileHistory; readonly bytes: number }> = []
  for (const lineage of traced) {
    const versions: Array<Version> = []
    let bytes = 0
    for (const version of lineage.versions) {
      const size = sizes.get(version.blob) ?? null
      if (size === null) leaveOut(ledger, "versions", "missing object")
      else if (bytes + size > lineageBytes) leaveOut(ledger, "versions", "past 4 MiB of its file")
      else {
        versions.push(version)
        bytes += size
      }
    }
    if (versions.length === 0) continue
    const known = languageOfPath(lineage.path)?.name ?? ""
    histories.push({ bytes, history: { index: histories.length, path: lineage.path, language: known, versions } })
  }
  const plan: Plan = {
    name: repository.name,
    unit: "files",
    size: histories.length,
    identity: { repository: repository.name, head: commits[0]?.sha ?? null, maxCommits },
    ledger,
    items: packed(histories).map((group) => ({
      size: group.length,
      run: (compute, settings) =>
        Effect.gen(function*() {
          const wanted = [...new Set(group.flatMap(({ versions }) => versions.map(({ blob }) => blob)))]
          const contents = new Map<string, Uint8Array>()
          for (const [at, blob] of (yield* repository.blobs(wanted)).entries()) {
            if (blob !== null) contents.set(wanted[at] ?? "", blob)
          }
          return yield* compute.run(historiesJob, { settings, repository: repository.name, histories: group, contents })
        })
    }))
  }
  return plan
})

const packed = (
  histories: ReadonlyArray<{ readonly history: FileHistory; readonly bytes: number }>
): ReadonlyArray<ReadonlyArray<FileHistory>> => {
  const groups: Array<Array<FileHistory>> = []
  let open: Array<FileHistory> = []
  let size = 0
  for (const { bytes, history } of histories) {
    open.push(history)
    size += bytes
    if (size < itemBytes) continue
    groups.push(open)
    open = []
    size = 0
  }
  return open.length === 0 ? groups : [...groups, open]
}

/** Follows each path through the commits, the oldest first, over renames; a deletion ends it. */
const traceLineages = (
  commits: ReadonlyArray<Commit>,
  language: string | null,
  ledger: Ledger
): ReadonlyArray<Lineage> => {
  const open = new Map<string, Lineage>()
  const lineages: Array<Lineage> = []
  for (const commit of commits) {
    if (commit.parents.length > 1 || commit.isShallowBoundary) continue
    for (const { kind, newBlob, oldBlob, oldPath, path, status } of commit.changes) {
      const known = kind === "file" ? languageOfPath(path) : undefined
      const isWanted = known !== undefined && shapeOf(known.name) !== undefined &&
        (language === null || known.name === language) && reasonAgainstPath(path) === undefined
      if (!isWanted) {
        leaveOut(ledger, "changes", known === undefined ? "no known language" : "not wanted")
        continue
      }
      keep(ledger, "changes")
      if (newBlob === null) {
        open.delete(path)
        continue
      }
      const old = status === "renamed" ? oldPath : path
      const lineage: Lineage = open.get(old) ?? { path, versions: [] }
      if (lineage.versions.length === 0) {
        lineages.push(lineage)
        // The file is older than the range: it starts as its first commit found it.
        if (oldBlob !== null && status !== "copied") {
          lineage.versions.push({ commit: commit.parents[0] ?? "", subject: "", blob: oldBlob })
        }
      }
      lineage.path = path
      if (lineage.versions[lineage.versions.length - 1]?.blob !== newBlob) {
        lineage.versions.push({ commit: commit.sha, subject: commit.subject, blob: newBlob })
      }
      if (status === "renamed") open.delete(oldPath)
      open.set(path, lineage)
    }
  }
  return lineages
}
