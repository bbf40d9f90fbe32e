/** Text: one text for plain training, without any tokens that we know. */
import * as Schema from "effect/Schema"
import { textOf } from "./fields.ts"
import { code } from "./picture.ts"
import type { RowShape } from "./shape.ts"

/** The shape of these rows. */
export const plainText: RowShape = {
  name: "text",
  schema: Schema.Struct({ text: Schema.String }),
  is: (row) => textOf(row["text"]) !== undefined,
  view: (row) => ({ shown: ["text"], sections: [code("text", textOf(row["text"]) ?? "")] }),
  asked: null,
  tag: null
}
