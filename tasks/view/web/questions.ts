/** How the page's questions are read. */
import * as Schema from "effect/Schema"
import { labelNames } from "../labels.ts"
import { tableColumns } from "./protocol.ts"

const number = Schema.optionalWith(Schema.NonNegativeInt, { default: () => 0, nullable: true })
const flag = Schema.optionalWith(Schema.Boolean, { default: () => false, nullable: true })

/** What can be asked of one file; each question heeds its own part. */
const PageQuestion = Schema.Struct({
  file: number,
  row: number,
  from: number,
  count: number,
  sign: Schema.optionalWith(Schema.Literal(1, -1), { default: () => 1, nullable: true }),
  /** A text that rows hold, "" for any. */
  text: Schema.optionalWith(Schema.String, { default: () => "", nullable: true }),
  filters: Schema.optionalWith(Schema.Array(Schema.String).pipe(Schema.maxItems(32)), {
    default: () => [],
    nullable: true
  }),
  /** The column that rows are ordered by. */
  sort: Schema.optionalWith(Schema.NullOr(Schema.Literal(...tableColumns)), { default: () => null }),
  isDescending: flag,
  /** Whether to wait for what takes long. */
  isPatient: flag
})
export type PageQuestion = typeof PageQuestion.Type

export const decodeQuestion = Schema.decodeUnknownEither(Schema.parseJson(PageQuestion))

const LabelRequest = Schema.Struct({
  file: Schema.Number,
  row: Schema.Number,
  label: Schema.NullOr(Schema.Literal(...labelNames))
})

export const decodeLabelRequest = Schema.decodeUnknownEither(Schema.parseJson(LabelRequest))
