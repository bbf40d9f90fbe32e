/** Plans a run over history: commits become lineages of paths, lineages become batches. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Commit, FileChange, Repository } from "../../../services/Git.ts"
import { keep, leaveOut, type Ledger } from "../../../services/rows/ledger.ts"
import { type Groups, leastTwinBytes, makeGroups, type Side, sideOfGroup } from "../../../services/history/groups.ts"
import { packPieces } from "../../../services/history/pack.ts"
import { selectPath, testedStems } from "../../../services/history/selection.ts"
import type { HistorySettings } from "../../../services/history/settings.ts"

/** Changes of one path and its earlier names, oldest first. */
export interface LineageInput {
  readonly group: string
  readonly side: Side
  readonly changes: ReadonlyArray<ChangeInput>
}

export interface ChangeInput {
  readonly commit: string
  readonly parent: string | null
  readonly subject: string
  readonly path: string
  readonly oldPath: string
  /** Name of the language. */
  readonly language: string
  /** Blob ids; the old one is null for a file that the commit adds. */
  readonly oldBlob: string | null
  readonly newBlob: string
}

export interface HistoryPlan {
  /** Lineages some at a time, each batch of one repository. */
  readonly batches: ReadonlyArray<{ readonly repository: number; readonly lineages: ReadonlyArray<LineageInput> }>
  readonly ledger: Ledger
  /** Newest commit of each repository, null for one without any in range. */
  readonly heads: ReadonlyArray<{ readonly repository: string; readonly commit: string | null }>
  /** Groups that history joined although the split had them on two sides. */
  readonly movedGroups: number
  /** How many changes the batches hold. */
  readonly size: number
}

/** A long lineage is cut in time past this many bytes of source: no item may fill the memory. */
const lineageBytes = 1024 * 1024

/** With "commits" changes come one by one, the oldest first, whatever their path; with "paths" a path's come together. */
export const planHistory = Effect.fn("shared.planHistory")(function*(
  repositories: ReadonlyArray<Repository>,
  settings: HistorySettings,
  inOrderOf: "paths" | "commits"
) {
  const ledger: Ledger = {}
  const sideOf = sideOfGroup(settings.seed, settings.split)
  const groups = makeGroups(sideOf)
  const planned: Array<PlannedRepository> = []
  for (const repository of repositories) planned.push(yield* planRepository(repository, settings, groups, ledger))
  // Sides are known only now: a later repository may join groups of an earlier one.
  const batches = planned.flatMap(({ lineages, order, repository }, index) => {
    const whole = lineages.map((lineage) => {
      const group = settings.groupBy === "repo" ? repository.name : groups.nameOf(lineage.file)
      return { bytes: lineage.bytes, input: { group, side: sideOf(group), changes: lineage.changes } }
    })
    const pieces = inOrderOf === "paths" ? whole : inOrderOfCommits(whole, order)
    return packPieces(pieces, ({ bytes }) => bytes).map((packed) => ({
      repository: index,
      lineages: packed.map(({ input }): LineageInput => input)
    }))
  })
  const plan: HistoryPlan = {
    batches,
    ledger,
    heads: planned.map(({ head, repository }) => ({ repository: repository.name, commit: head })),
    movedGroups: settings.groupBy === "repo" ? 0 : groups.moved(),
    size: planned.reduce((sum, { lineages }) => sum + lineages.reduce((all, { changes }) => all + changes.length, 0), 0)
  }
  return plan
})

interface Piece {
  readonly bytes: number
  readonly input: LineageInput
}

/** Changes one by one, oldest first: an index of the project moves through history once, whatever the path. */
const inOrderOfCommits = (
  pieces: ReadonlyArray<Piece>,
  order: ReadonlyMap<ChangeInput, number>
): ReadonlyArray<Piece> =>
  pieces.flatMap(({ bytes, input }) =>
    input.changes.map((change) => ({
      bytes: bytes / input.changes.length,
      input: { ...input, changes: [change] },
      place: order.get(change) ?? 0
    }))
  ).sort((a, b) => a.place - b.place)

interface Lineage {
  /** The oldest name, with the repository's. */
  readonly file: string
  readonly changes: ReadonlyArray<ChangeInput>
  readonly bytes: number
}

interface PlannedRepository {
  readonly repository: Repository
  readonly head: string | null
  readonly lineages: ReadonlyArray<Lineage>
  /** Place of a change among all, the oldest first. */
  readonly order: ReadonlyMap<ChangeInput, number>
}

/** A change that passed all rules about its path, with both its blobs there. */
interface Candidate {
  readonly input: ChangeInput
  readonly isRename: boolean
}

const planRepository = Effect.fnUntraced(function*(
  repository: Repository,
  settings: HistorySettings,
  groups: Groups,
  ledger: Ledger
) {
  const tested = settings.testedOnly
    ? testedStems((yield* repository.files(settings.rev)).files.map(({ path }) => path))
    : null
  const candidates: Array<Candidate> = []
  let head: string | null = null
  yield* repository.commits(settings).pipe(
    Stream.runForEachChunk((commits) =>
      Effect.sync(() => {
        for (const commit of commits) {
          head ??= commit.sha
          readCommit(commit, settings, tested, candidates, ledger)
        }
      })
    )
  )
  // Git tells the newest first; lineages grow from the oldest on.
  candidates.reverse()
  const ids = [
    ...new Set(
      candidates.flatMap(({ input }) => input.oldBlob === null ? [input.newBlob] : [input.oldBlob, input.newBlob])
    )
  ]
  const sizes = new Map<string, number | null>()
  for (const [index, size] of (yield* repository.sizes(ids)).entries()) sizes.set(ids[index] ?? "", size)
  const lineages = traceLineages(repository.name, candidates, sizes, settings, groups, ledger)
  const order = new Map(candidates.map(({ input }, place) => [input, place]))
  return { repository, head, lineages, order } satisfies PlannedRepository
})

const readCommit = (
  commit: Commit,
  settings: HistorySettings,
  tested: ReadonlySet<string> | null,
  candidates: Array<Candidate>,
  ledger: Ledger
): void => {
  if (commit.parents.length > 1) return leaveOut(ledger, "commits", "merge")
  if (commit.isShallowBoundary) return leaveOut(ledger, "commits", "parent not in the shallow clone")
  if (commit.changes.length === 0) return leaveOut(ledger, "commits", "no file changed")
  keep(ledger, "commits")
  // Reversed as a whole later, so that within a commit the paths end up in their order.
  for (const change of commit.changes.toReversed()) {
    const reason = reasonAgainstChange(change)
    if (reason !== undefined) {
      leaveOut(ledger, "changes", reason)
      continue
    }
    const selected = selectPath(change.path, settings, tested)
    if (selected._tag === "refused") leaveOut(ledger, "changes", selected.reason)
    else if (change.newBlob !== null) {
      candidates.push({
        isRename: change.status === "renamed",
        input: {
          commit: commit.sha,
          parent: commit.parents[0] ?? null,
          subject: commit.subject,
          path: change.path,
          oldPath: change.oldPath,
          language: selected.language.name,
          oldBlob: change.oldBlob,
          newBlob: change.newBlob
        }
      })
    }
  }
}

const reasonAgainstChange = (change: FileChange): string | undefined => {
  if (change.kind !== "file") return change.kind
  if (change.newBlob === null) return "file deleted"
  if (change.status === "type-changed") return "type changed"
  if (change.oldBlob === change.newBlob) return change.oldPath === change.path ? "mode only" : "renamed only"
  return undefined
}

const traceLineages = (
  repository: string,
  candidates: ReadonlyArray<Candidate>,
  sizes: ReadonlyMap<string, number | null>,
  settings: HistorySettings,
  groups: Groups,
  ledger: Ledger
): ReadonlyArray<Lineage> => {
  const open = new Map<string, { file: string; changes: Array<ChangeInput>; bytes: number }>()
  const lineages: Array<Lineage> = []
  for (const { input, isRename } of candidates) {
    const oldSize = input.oldBlob === null ? 0 : sizes.get(input.oldBlob)
    const newSize = sizes.get(input.newBlob)
    const file = `${repository}:${input.path}`
    if (oldSize === null || oldSize === undefined || newSize === null || newSize === undefined) {
      leaveOut(ledger, "changes", "missing object")
      continue
    }
    const blobs = [{ id: input.oldBlob, size: oldSize }, { id: input.newBlob, size: newSize }]
    if (isRename) groups.join(`${repository}:${input.oldPath}`, file)
    groups.add(file, blobs.flatMap(({ id, size }) => (id !== null && size >= leastTwinBytes ? [id] : [])))
    if (Math.max(oldSize, newSize) > settings.maxFileBytes) {
      leaveOut(ledger, "changes", "too large")
      continue
    }
    const known = open.get(isRename ? input.oldPath : input.path)
    const lineage = known ?? { file, changes: [], bytes: 0 }
    if (known === undefined) lineages.push(lineage)
    lineage.changes.push(input)
    lineage.bytes += newSize + (lineage.changes.length === 1 ? oldSize : 0)
    if (isRename) open.delete(input.oldPath)
    if (lineage.bytes >= lineageBytes) open.delete(input.path)
    else open.set(input.path, lineage)
  }
  return lineages
}
