/** Other: a row of no shape that we know; its long texts are shown as they are. */
import * as Schema from "effect/Schema"
import { code } from "./picture.ts"
import type { RowShape } from "./shape.ts"

/** A text that is longer than this, or has several lines, is shown by itself. UTF-16 units. */
const longestFact = 80

/** The shape of any other row. */
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
  tag: null
}
