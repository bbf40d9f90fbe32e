/** Other: a row of no shape that we know; what is long in it is shown as text. */
import * as Schema from "effect/Schema"
import { code } from "./picture.ts"
import type { RowShape } from "./shape.ts"

/** A text that is longer than this, or has lines, is shown by itself. */
const longestFact = 80

export const other: RowShape = {
  name: "other",
  schema: Schema.Record({ key: Schema.String, value: Schema.Unknown }),
  is: () => true,
  view: (row) => {
    const long = Object.entries(row).flatMap(([name, value]) =>
      typeof value === "string" && (value.length > longestFact || value.includes("\n")) ? [code(name, value)] : []
    )
    return { shown: long.map(({ name }) => name), sections: long }
  },
  asked: null,
  trl: null,
  introduction: null,
  tag: null
}
