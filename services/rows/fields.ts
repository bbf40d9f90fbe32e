/** The fields of a parsed row, whoever wrote it. */
import { languageOfPath } from "../text/language.ts"

export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Returns the value where it is a text. */
export const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

/** Returns a text as it is, and any other value as JSON; "" for what JSON does not know. */
export const printed = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value) ?? "")

/** Returns a row's metadata; no fields where it has none. */
export const metadataOf = (row: Fields): Fields => (isFields(row["metadata"]) ? row["metadata"] : {})

/**
 * Returns the value of a field, wherever in a row it stands: at its top, in its metadata, or behind dots.
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

/** Whether a row passes a filter: the field is the value, or a text that holds it. */
export const isMatch = (row: unknown, key: string, wanted: string): boolean => {
  const value = valueIn(row, key)
  if (value === undefined) return false
  if (typeof value === "string") return value.includes(wanted)
  return printed(value) === wanted
}

/** Returns the name of the language of a row's code, where the row tells one. */
export const languageOfRow = (row: unknown): string | null => {
  if (!isFields(row)) return null
  const about = metadataOf(row)
  const path = textOf(about["filepath"]) ?? textOf(row["source_file"]) ?? textOf(row["filepath"]) ?? ""
  return textOf(row["language"]) ?? textOf(about["language"]) ?? languageOfPath(path)?.name ?? null
}
