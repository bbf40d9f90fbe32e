/**
 * The columns of rows in Parquet: structs are groups, lists have the three levels of the format, and all are optional.
 */
import type { ColumnSource } from "hyparquet-writer"
import type { SchemaElement } from "hyparquet"
import type { Feature } from "../../services/rows/features.ts"

/** Returns the schema of rows of this feature, which is a struct unless there are no rows. */
export const parquetSchema = (feature: Feature): ReadonlyArray<SchemaElement> => {
  const fields = fieldsOf(feature)
  return [{ name: "root", num_children: fields.length }, ...fields.flatMap(([name, part]) => elementsOf(name, part))]
}

/** A file without rows still needs a column. */
const fieldsOf = (feature: Feature): ReadonlyArray<readonly [string, Feature]> =>
  feature.kind === "struct" && feature.fields.size > 0 ? [...feature.fields] : [["text", { kind: "string" }]]

const elementsOf = (name: string, feature: Feature): ReadonlyArray<SchemaElement> => {
  const optional = { name, repetition_type: "OPTIONAL" } as const
  switch (feature.kind) {
    case "bool":
      return [{ ...optional, type: "BOOLEAN" }]
    case "int64":
      return [{ ...optional, type: "INT64" }]
    case "float64":
      return [{ ...optional, type: "DOUBLE" }]
    case "list":
      return [
        { ...optional, num_children: 1, converted_type: "LIST" },
        { name: "list", repetition_type: "REPEATED", num_children: 1 },
        ...elementsOf("element", feature.of)
      ]
    case "struct":
      // There can be no group without fields: such a value becomes its JSON.
      return feature.fields.size === 0
        ? elementsOf(name, { kind: "mixed" })
        : [
          { ...optional, num_children: feature.fields.size },
          ...[...feature.fields].flatMap(([inner, part]) => elementsOf(inner, part))
        ]
    case "string":
    case "null":
    case "mixed":
      return [{ ...optional, type: "BYTE_ARRAY", converted_type: "UTF8" }]
  }
}

/** Returns the values of rows, column by column. */
export const columnsOf = (feature: Feature, rows: ReadonlyArray<unknown>): ReadonlyArray<ColumnSource> =>
  fieldsOf(feature).map(([name, part]) => ({
    name,
    data: rows.map((row) => valueOf(part, typeof row === "object" && row !== null ? Reflect.get(row, name) : undefined))
  }))

const valueOf = (feature: Feature, value: unknown): unknown => {
  if (value === undefined || value === null) return null
  switch (feature.kind) {
    case "int64":
      return BigInt(Number(value))
    case "list":
      return Array.isArray(value) ? value.map((part) => valueOf(feature.of, part)) : null
    case "struct":
      return feature.fields.size === 0
        ? JSON.stringify(value)
        : Object.fromEntries(
          [...feature.fields].map(([name, part]) => [name, valueOf(part, Reflect.get(Object(value), name))])
        )
    case "mixed":
      return typeof value === "string" ? value : JSON.stringify(value)
    default:
      return value
  }
}
