/** Segments: Axolotl's raw text, in pieces that each say whether they are learned; those that are not are what is asked. */
import * as Schema from "effect/Schema"
import { type Fields, isFields } from "./fields.ts"
import { promptedSections } from "./prompted.ts"
import { RowMetadata } from "./row-metadata.ts"
import type { RowShape } from "./shape.ts"

const Segment = Schema.Struct({ label: Schema.Boolean, text: Schema.String })
type Segment = typeof Segment.Type

/** The columns that we write. */
export const SegmentsRow = Schema.Struct({ segments: Schema.Array(Segment), metadata: RowMetadata })
/** A row of these columns. */
export type SegmentsRow = typeof SegmentsRow.Type

/** Returns the columns of a prompt and its completion. */
export const segmentsOf = (prompt: string, completion: string): Fields => ({
  segments: [{ label: false, text: prompt }, { label: true, text: completion }]
})

const isSegment = (value: unknown): value is Segment =>
  isFields(value) && typeof value["label"] === "boolean" && typeof value["text"] === "string"

const askedIn = (row: Fields) => {
  const all = Array.isArray(row["segments"]) ? row["segments"].filter(isSegment) : []
  const textOf = (isLearned: boolean) => all.flatMap(({ label, text }) => (label === isLearned ? [text] : [])).join("")
  return { prompt: textOf(false), wanted: textOf(true), unwanted: undefined }
}

/** What a row of segments says of itself. */
export const segments: RowShape = {
  name: "segments",
  schema: SegmentsRow,
  is: (row) => Array.isArray(row["segments"]) && row["segments"].length > 0 && row["segments"].every(isSegment),
  view: (row) => {
    const { prompt, wanted } = askedIn(row)
    return {
      shown: ["segments"],
      sections: promptedSections(prompt, [{ name: "completion", text: wanted, isWanted: true }])
    }
  },
  asked: askedIn,
  tag: null
}
