/** The plan of a run: items of work in a fixed order, and what was left out before any of them. */
import { fingerprint, type HashPart } from "../../services/text/random.ts"
import type { Ledger } from "../../services/rows/ledger.ts"
import type { HistoryInput, TreeInput } from "./jobs.ts"

export type Item =
  | ({ readonly _tag: "history"; readonly repository: number } & Pick<HistoryInput, "lineages">)
  | ({ readonly _tag: "tree"; readonly repository: number } & Pick<TreeInput, "files" | "commit">)

export interface Plan {
  readonly items: ReadonlyArray<Item>
  readonly ledger: Ledger
  /** Newest commit of each repository, null for a plain folder. */
  readonly heads: ReadonlyArray<{ readonly repository: string; readonly commit: string | null }>
  /** Groups that history joined although the split had them on two sides. */
  readonly movedGroups: number
  /** How many changes or files the items hold. */
  readonly size: number
}

/** Returns the ids of the blobs that an item needs, each once. */
export const blobsOf = (item: Item): ReadonlyArray<string> => {
  const ids = new Set<string>()
  if (item._tag === "tree") { for (const file of item.files) ids.add(file.blob) }
  else {
    for (const { changes } of item.lineages) {
      for (const change of changes) {
        ids.add(change.newBlob)
        if (change.oldBlob !== null) ids.add(change.oldBlob)
      }
    }
  }
  return [...ids]
}

export const sizeOf = (item: Item): number =>
  item._tag === "tree" ? item.files.length : item.lineages.reduce((sum, lineage) => sum + lineage.changes.length, 0)

/** Returns a fingerprint of the items: equal plans are resumable by one another. */
export const planFingerprint = (plan: Plan): string => {
  const parts: Array<HashPart> = []
  for (const item of plan.items) {
    parts.push(item._tag, item.repository)
    if (item._tag === "tree") {
      for (const { blob, group, path, side } of item.files) parts.push(path, blob, group, side)
    } else {
      for (const { changes, group, side } of item.lineages) {
        parts.push(group, side)
        for (const { commit, newBlob, path } of changes) parts.push(commit, path, newBlob)
      }
    }
  }
  return fingerprint(...parts)
}
