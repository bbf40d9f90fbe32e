/** Edits as JSON: a list of { line, delete, insert }, with line numbers of the text before the edit, from 1. */
import * as Schema from "effect/Schema"
import { DoesNotApply, type LineEdit } from "./line-edit.ts"

/** From line `line` on, `delete` lines go away and the lines `insert` take their place. */
export const LineOperation = Schema.Struct({
  line: Schema.Int,
  delete: Schema.Int,
  insert: Schema.Array(Schema.String)
})
export type LineOperation = typeof LineOperation.Type

const decode = Schema.decodeUnknownEither(Schema.parseJson(Schema.Array(LineOperation)))

/**
 * Renders an edit.
 *
 * @example
 * renderOperations([{ start: 1, removed: [], added: ["b"] }]) // "[{\"line\":2,\"delete\":0,\"insert\":[\"b\"]}]"
 */
export const renderOperations = (edit: LineEdit): string =>
  JSON.stringify(edit.map(({ added, removed, start }) => ({ line: start + 1, delete: removed.length, insert: added })))

/** Reads an edit of `lines` back. Throws DoesNotApply when the text is not JSON of that form. */
export const parseOperations = (lines: ReadonlyArray<string>, text: string): LineEdit => {
  const decoded = decode(text)
  if (decoded._tag === "Left") throw new DoesNotApply("the operations are not a JSON array of line, delete and insert")
  return decoded.right.map((operation) => ({
    start: operation.line - 1,
    removed: lines.slice(operation.line - 1, operation.line - 1 + operation.delete),
    added: operation.insert
  }))
}
