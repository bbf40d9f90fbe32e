/** Commits as they are shown: the files of one commit that stand on one side of the split together. */
import type { LineageChange } from "./lineages.ts"
import type { Side } from "./split.ts"

/** Changes of one commit whose files are of one group. */
export interface CommitPart {
  readonly group: string
  readonly side: Side
  readonly commit: string
  readonly parent: string | null
  readonly subject: string
  /** In the order of their paths; one at least. */
  readonly changes: ReadonlyArray<LineageChange>
  /** How many rows with an edit it may give: its share of those of the commit. */
  readonly mostRows: number
  /** What the same author changed before in files of the same group, oldest first. */
  readonly earlier: ReadonlyArray<LineageChange>
}

/** Returns the blobs on either side of all changes; some are named several times. */
export const blobsOfParts = (parts: ReadonlyArray<CommitPart>): ReadonlyArray<string> =>
  parts.flatMap(({ changes, earlier }) =>
    [...changes, ...earlier].flatMap(({ newBlob, oldBlob }) => (oldBlob === null ? [newBlob] : [oldBlob, newBlob]))
  )
