/** The fields of a parsed row, whoever wrote it. */
import { languageOfPath } from "../text/language.ts"

/** The columns of a row by name. */
export type Fields = Readonly<Record<string, unknown>>

/** Whether a value is an object with fields, and not an array. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Returns the value if it is a text. */
export const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

/** Returns a text as it is, and any other value as JSON; "" for what JSON does not know. */
export const printed = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value) ?? "")

/** Returns the metadata of a row; no fields where it has none. */
export const metadataOf = (row: Fields): Fields => (isFields(row["metadata"]) ? row["metadata"] : {})

/**
 * Returns the value of a field wherever it stands in a row: at the top, in the metadata, or at a path with dots.
 *
 * @example
 * valueIn({ metadata: { language: "go" } }, "language") // "go"
 */
export const valueIn = (row: unknown, key: string): unknown => {
  if (!isFields(row)) return undefined
  if (row[key] !== undefined) return row[key]
  const about = row["metadata"]
  if (isFields(about) && about[key] !== undefined) return about[key]
  return key.split(".").reduce<unknown>((value, part) => (isFields(value) ? value[part] : undefined), row)
}

/** Whether a row passes a filter: the field equals the wanted value, or is a text that contains it. */
export const isMatch = (row: unknown, key: string, wanted: string): boolean => {
  const value = valueIn(row, key)
  if (value === undefined) return false
  if (typeof value === "string") return value.includes(wanted)
  return printed(value) === wanted
}

/** Returns the name of the language of the code in a row, or null where the row does not tell. */
export const languageOfRow = (row: unknown): string | null => {
  if (!isFields(row)) return null
  const about = metadataOf(row)
  const path = textOf(about["filepath"]) ?? textOf(row["source_file"]) ?? textOf(row["filepath"]) ?? ""
  return textOf(row["language"]) ?? textOf(about["language"]) ?? languageOfPath(path)?.name ?? null
}
