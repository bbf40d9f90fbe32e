/** Which changes of a repository's history are worked on: their languages, sizes and groups. */
import * as Effect from "effect/Effect"
import type { FileChange, Repository } from "../../../services/Git.ts"
import { expectedCutsOfChange } from "../../../services/cuts/how-many.ts"
import { type Groups, leastTwinBytes, memberOf } from "../../../services/history/groups.ts"
import type { LineageChange } from "../../../services/history/lineages.ts"
import { type Selected, selectPath, testedStems } from "../../../services/history/selection.ts"
import type { HistorySettings } from "../../../services/history/settings.ts"
import { leaveOut, type Ledger } from "../../../services/rows/ledger.ts"
import { readHistory, readSizes, type SelectedChange } from "./read-history.ts"

/** A change with both its blobs there. */
export interface SizedChange extends SelectedChange {
  readonly newBlob: string
  readonly oldSize: number
  readonly newSize: number
  /** Its place among all of its repository, the oldest first. */
  readonly place: number
}

/** The changes of a repository that are worked on. */
export interface SelectedHistory {
  readonly repository: Repository
  /** Newest commit; null where none is in range. */
  readonly head: string | null
  /** Oldest first; of one commit in the order of their paths. */
  readonly changes: ReadonlyArray<SizedChange>
}

/** Returns a change as rows are made from it. */
export const withoutSizes = (change: SizedChange): LineageChange => {
  const { commit, language, newBlob, oldBlob, oldPath, parent, path, seconds, subject } = change
  return { commit, parent, subject, seconds, path, oldPath, language, oldBlob, newBlob }
}

/**
 * Reads the changes of a repository, oldest first; counts what is left out. Each file that is kept joins its groups and
 * weighs what it brings.
 */
export const selectChanges = Effect.fnUntraced(function*(
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
  const selected: SelectedHistory = { repository, head, changes: kept }
  return selected
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
