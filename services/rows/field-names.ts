/** The names by which the fields of rows can be filtered. */
import { isFields } from "./fields.ts"

/**
 * Returns the names of the fields of a row: those of the metadata as they are, and those of
 * other nested fields with a dot.
 *
 * @example
 * fieldNamesOf({ label: true, metadata: { language: "go" }, a: { b: 1 } }) // ["label", "language", "a.b"]
 */
export const fieldNamesOf = (row: unknown): ReadonlyArray<string> =>
  !isFields(row) ? [] : Object.entries(row).flatMap(([name, value]) =>
    isFields(value)
      ? Object.keys(value).map((inner) => (name === "metadata" ? inner : `${name}.${inner}`))
      : [name]
  )
