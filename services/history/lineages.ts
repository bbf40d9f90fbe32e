/**
 * Lineages: the changes of one file through history and across renames, each beginning where the one before ended.
 * Both the rows of a history and the split are built on them.
 */
import type { FileChange } from "../Git.ts"
import type { Side } from "./split.ts"

/** A change of a file whose language is known. */
export interface LineageChange {
  readonly commit: string
  readonly parent: string | null
  readonly subject: string
  /** Committer date, seconds since 1970. */
  readonly seconds: number
  readonly path: string
  /** The path before a rename or copy; otherwise the path. */
  readonly oldPath: string
  /** Name of the language. */
  readonly language: string
  /** Blob ids; the old one is null for a file that the commit adds. */
  readonly oldBlob: string | null
  readonly newBlob: string
}

/** Changes of one path and its earlier names, oldest first, and what keeps them together in the split. */
export interface Lineage {
  readonly group: string
  readonly side: Side
  readonly changes: ReadonlyArray<LineageChange>
}

/** Some changes of one file, oldest first. */
export interface Traced<Change> {
  readonly changes: ReadonlyArray<Change>
  /** The sum of what `bytesOf` gives for them. */
  readonly bytes: number
}

/** How long a lineage may grow before the next change of its file begins another. */
export interface LineageLimit<Change> {
  readonly mostBytes: number
  readonly bytesOf: (change: Change, isFirst: boolean) => number
}

/**
 * Follows each file through changes that come oldest first, and returns the lineages in the order of their first
 * changes. A rename continues under the new name, a copy begins another lineage, and a deletion ends one without being
 * part of it.
 *
 * @example
 * const first = { status: "added", path: "a.py", oldPath: "a.py", newBlob: "1" } as const
 * const moved = { status: "renamed", path: "b.py", oldPath: "a.py", newBlob: "2" } as const
 * traceLineages([first, moved]).map(({ changes }) => changes.length) // [2]
 */
export const traceLineages = <Change extends Pick<FileChange, "status" | "path" | "oldPath" | "newBlob">>(
  changes: Iterable<Change>,
  limit?: LineageLimit<Change>
): ReadonlyArray<Traced<Change>> => {
  const open = new Map<string, { readonly changes: Array<Change>; bytes: number }>()
  const lineages: Array<Traced<Change>> = []
  for (const change of changes) {
    const { newBlob, oldPath, path, status } = change
    if (newBlob === null) {
      open.delete(path)
      continue
    }
    const isRename = status === "renamed"
    const known = open.get(isRename ? oldPath : path)
    const lineage = known ?? { changes: [], bytes: 0 }
    if (known === undefined) lineages.push(lineage)
    lineage.changes.push(change)
    lineage.bytes += limit?.bytesOf(change, lineage.changes.length === 1) ?? 0
    if (isRename) open.delete(oldPath)
    if (limit !== undefined && lineage.bytes >= limit.mostBytes) open.delete(path)
    else open.set(path, lineage)
  }
  return lineages
}

/** One change and the lineage that it belongs to: lineages are cut between changes. */
export interface LineageStep {
  readonly lineage: Lineage
  readonly change: LineageChange
}

/** Returns the changes of all lineages, in their order. */
export const stepsOf = (lineages: ReadonlyArray<Lineage>): ReadonlyArray<LineageStep> =>
  lineages.flatMap((lineage) => lineage.changes.map((change) => ({ lineage, change })))

/** Joins steps again: steps of one lineage that stand side by side become one. */
export const lineagesOf = (steps: ReadonlyArray<LineageStep>): ReadonlyArray<Lineage> => {
  const lineages: Array<{ readonly of: Lineage; readonly changes: Array<LineageChange> }> = []
  for (const { change, lineage } of steps) {
    const last = lineages[lineages.length - 1]
    if (last?.of === lineage) last.changes.push(change)
    else lineages.push({ of: lineage, changes: [change] })
  }
  return lineages.map(({ changes, of: { group, side } }) => ({ group, side, changes }))
}

/** Returns the blobs on either side of the changes; some are named several times. */
export const blobsOf = (lineages: ReadonlyArray<Lineage>): ReadonlyArray<string> =>
  lineages.flatMap(({ changes }) =>
    changes.flatMap(({ newBlob, oldBlob }) => (oldBlob === null ? [newBlob] : [oldBlob, newBlob]))
  )
