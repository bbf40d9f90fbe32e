/** Rejected: a place or a program that was left out, and why. It is kept to be looked at, not to train on. */
import * as Schema from "effect/Schema"
import { type Fields, isFields, textOf } from "./fields.ts"
import { other } from "./other.ts"
import type { RowMetadata } from "./row-metadata.ts"
import type { RowShape } from "./shape.ts"

/** Why something was left out; all other columns say where it was. */
export const RejectedRow = Schema.Struct(
  { reason: Schema.String },
  { key: Schema.String, value: Schema.Unknown }
)
export type RejectedRow = typeof RejectedRow.Type

/** Where a row could have been cut. */
export type RejectedPlace = Pick<RowMetadata, "repo" | "filepath" | "language" | "commit" | "kind" | "span">

/** Returns the row of a middle that was not used. */
export const rejectedPlaceRow = (reason: string, middle: string, metadata: RejectedPlace): RejectedRow => ({
  reason,
  middle,
  metadata
})

/** Returns the row of a program that was not used; `columns` say where it comes from. */
export const rejectedProgramRow = (reason: string, columns: Fields): RejectedRow => ({ reason, ...columns })

/** The shape of these rows. */
export const rejected: RowShape = {
  name: "rejected",
  schema: RejectedRow,
  is: (row) =>
    textOf(row["reason"]) !== undefined &&
    (textOf(row["source_file"]) !== undefined || (textOf(row["middle"]) !== undefined && isFields(row["metadata"]))),
  view: other.view,
  asked: null,
  tag: null
}
