/** Plans a run over history: commits become lineages of paths, each on its side of the split, lineages batches. */
import * as Effect from "effect/Effect"
import type { FileChange, Repository } from "../../../services/Git.ts"
import { expectedCutsOfChange } from "../../../services/cuts/how-many.ts"
import { type Groups, leastTwinBytes, makeGroups, memberOf } from "../../../services/history/groups.ts"
import { type Lineage, type LineageChange, type Traced, traceLineages } from "../../../services/history/lineages.ts"
import { packPieces } from "../../../services/history/pack.ts"
import { type Selected, selectPath, testedStems } from "../../../services/history/selection.ts"
import type { HistorySettings } from "../../../services/history/settings.ts"
import { type Side, type Split, splitGroups } from "../../../services/history/split.ts"
import { leaveOut, type Ledger } from "../../../services/rows/ledger.ts"
import { readHistory, readSizes, type SelectedChange } from "./read-history.ts"

export interface HistoryPlan {
  /** Lineages some at a time, each batch of one repository. */
  readonly batches: ReadonlyArray<{ readonly repository: number; readonly lineages: ReadonlyArray<Lineage> }>
  readonly ledger: Ledger
  /** Newest commit of each repository, null for one without any in range. */
  readonly heads: ReadonlyArray<{ readonly repository: string; readonly commit: string | null }>
  readonly split: Split
  /** How many changes the batches hold. */
  readonly size: number
}

/** A long lineage is cut in time past this many bytes of source: no item may fill the memory. */
const lineageBytes = 1024 * 1024

/**
 * With "commits" changes come one by one, the oldest first, whatever their path; with "paths" a path's come together.
 */
export const planHistory = Effect.fn("shared.planHistory")(function*(
  repositories: ReadonlyArray<Repository>,
  settings: HistorySettings,
  inOrderOf: "paths" | "commits"
) {
  const ledger: Ledger = {}
  const groups = makeGroups()
  const planned: Array<PlannedRepository> = []
  for (const repository of repositories) planned.push(yield* planRepository(repository, settings, groups, ledger))
  // A later repository may join groups of an earlier one.
  const split = splitGroups(groups.all(), settings)
  const batches = planned.flatMap(({ lineages, repository }, index) => {
    const whole = lineages.map(({ bytes, changes }): LineagePiece => {
      const group = groups.nameOf(memberOf(repository.name, changes[0]?.path ?? "", settings.groupBy))
      return { bytes, group, side: split.sideOf(group), changes }
    })
    const pieces = inOrderOf === "paths" ? whole : inOrderOfCommits(whole)
    return packPieces(pieces, ({ bytes }) => bytes).map((packed) => ({
      repository: index,
      lineages: packed.map(({ changes, group, side }): Lineage => ({ group, side, changes: changes.map(withoutSizes) }))
    }))
  })
  const plan: HistoryPlan = {
    batches,
    ledger,
    heads: planned.map(({ head, repository }) => ({ repository: repository.name, commit: head })),
    split,
    size: planned.reduce((sum, { lineages }) => sum + lineages.reduce((all, { changes }) => all + changes.length, 0), 0)
  }
  return plan
})

/** A change with both its blobs there. */
interface SizedChange extends SelectedChange {
  readonly newBlob: string
  readonly oldSize: number
  readonly newSize: number
  /** Its place among all of its repository, the oldest first. */
  readonly place: number
}

const withoutSizes = (change: SizedChange): LineageChange => {
  const { commit, language, newBlob, oldBlob, oldPath, parent, path, subject } = change
  return { commit, parent, subject, path, oldPath, language, oldBlob, newBlob }
}

interface LineagePiece extends Traced<SizedChange> {
  readonly group: string
  readonly side: Side
}

/** Changes one by one, oldest first: an index of the project moves through history once, whatever the path. */
const inOrderOfCommits = (pieces: ReadonlyArray<LineagePiece>): ReadonlyArray<LineagePiece> =>
  pieces.flatMap((piece) =>
    piece.changes.map((change) => ({
      piece: { ...piece, bytes: piece.bytes / piece.changes.length, changes: [change] },
      place: change.place
    }))
  ).sort((a, b) => a.place - b.place).map(({ piece }) => piece)

interface PlannedRepository {
  readonly repository: Repository
  readonly head: string | null
  readonly lineages: ReadonlyArray<Traced<SizedChange>>
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
  const { changes, head } = yield* readHistory(repository, settings, selectChange(settings, tested), ledger)
  const sizes = yield* readSizes(
    repository,
    changes.flatMap(({ newBlob, oldBlob }) => [oldBlob, newBlob].filter((id) => id !== null))
  )
  const sized = changes.flatMap((change, place): ReadonlyArray<SizedChange> => {
    const { newBlob, oldBlob } = change
    const oldSize = oldBlob === null ? 0 : sizes.get(oldBlob) ?? null
    const newSize = newBlob === null ? null : sizes.get(newBlob) ?? null
    if (newBlob !== null && oldSize !== null && newSize !== null) {
      return [{ ...change, newBlob, oldSize, newSize, place }]
    }
    leaveOut(ledger, "changes", "missing object")
    return []
  })
  for (const change of sized) joinGroups(groups, repository, change, settings)
  const kept = sized.filter(({ newSize, oldSize }) => Math.max(oldSize, newSize) <= settings.maxFileBytes)
  for (const change of kept) {
    const { language, newSize, oldBlob, oldSize, path } = change
    const weight = expectedCutsOfChange(oldBlob === null ? null : oldSize, newSize)
    groups.weigh(memberOf(repository.name, path, settings.groupBy), { language, weight })
  }
  leaveOut(ledger, "changes", "too large", sized.length - kept.length)
  const lineages = traceLineages(kept, {
    mostBytes: lineageBytes,
    bytesOf: ({ newSize, oldSize }, isFirst) => newSize + (isFirst ? oldSize : 0)
  })
  const planned: PlannedRepository = { repository, head, lineages }
  return planned
})

const joinGroups = (groups: Groups, repository: Repository, change: SizedChange, settings: HistorySettings): void => {
  const { newBlob, newSize, oldBlob, oldPath, oldSize, path, status } = change
  const member = memberOf(repository.name, path, settings.groupBy)
  if (status === "renamed") groups.join(memberOf(repository.name, oldPath, settings.groupBy), member)
  const held = [{ id: oldBlob, size: oldSize }, { id: newBlob, size: newSize }]
  groups.add(member, settings.groupBy === "repo" ? [] : held.flatMap(({ id, size }) => isTelling(id, size) ? [id] : []))
}

const isTelling = (blob: string | null, size: number): blob is string => blob !== null && size >= leastTwinBytes

const selectChange =
  (settings: HistorySettings, tested: ReadonlySet<string> | null) => (change: FileChange): Selected => {
    const reason = reasonAgainstChange(change)
    return reason === undefined ? selectPath(change.path, settings, tested) : { _tag: "refused", reason }
  }

const reasonAgainstChange = (change: FileChange): string | undefined => {
  if (change.kind !== "file") return change.kind
  if (change.newBlob === null) return "file deleted"
  if (change.status === "type-changed") return "type changed"
  if (change.oldBlob === change.newBlob) return change.oldPath === change.path ? "mode only" : "renamed only"
  return undefined
}
