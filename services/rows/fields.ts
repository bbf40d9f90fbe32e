/** The fields of a parsed row, whoever wrote it. */
import { languageOfPath } from "../text/language.ts"
import { isJsonNumber, isSameJson, membersOf, sameNumber } from "./json-text.ts"

/** The columns of a row by name. */
export type Fields = Readonly<Record<string, unknown>>

/** Whether a value is an object with fields, and not an array. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Returns the value if it is a text. */
export const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

/** Returns the value if it is a text that says something: rows leave a text empty where they have nothing to tell. */
const told = (value: unknown): string | undefined => (value === "" ? undefined : textOf(value))

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
  if (!key.includes(".")) return undefined
  return key.split(".").reduce<unknown>((value, part) => (isFields(value) ? value[part] : undefined), row)
}

/** A row that was read: its value as JSON.parse gives it, and its text, which alone has all digits and doubled keys. */
export interface WrittenRow {
  readonly value: unknown
  readonly text: string
}

/** Returns the text of the field that `valueIn` finds, as it is written; undefined where there is none. */
export const textIn = (text: string, key: string): string | undefined => {
  const find = (holder: string | undefined, name: string): string | undefined =>
    holder === undefined ? undefined : membersOf(holder).findLast((member) => member.name === name)?.text
  return find(text, key) ?? find(find(text, "metadata"), key) ??
    key.split(".").reduce<string | undefined>((holder, part) => find(holder, part), text)
}

/** Stands before a value that a field must have as a whole. */
const whole = "="
const withoutWhole = (wanted: string): string => (wanted.startsWith(whole) ? wanted.slice(whole.length) : wanted)

/**
 * Whether a row passes a filter: the field is a text that contains the wanted one, or is it where "=" stands before it; or
 * it has the wanted value. The empty text asks for fields that are empty. All digits of a number count, and its spelling
 * does not.
 */
export const isMatch = ({ text, value: row }: WrittenRow, key: string, filter: string): boolean => {
  const value = valueIn(row, key)
  const wanted = withoutWhole(filter)
  if (typeof value === "string") return wanted === filter && wanted !== "" ? value.includes(wanted) : value === wanted
  if (typeof value === "number") {
    // What is not equal as doubles is not equal; only what is has to be looked at.
    if (!isJsonNumber(wanted) || Number(wanted) !== value) return false
    return sameNumber(textIn(text, key) ?? "") === sameNumber(wanted)
  }
  if (typeof value !== "object" || value === null) return value !== undefined && String(value) === wanted
  return isJson(wanted) && isSameJson(textIn(text, key) ?? "", wanted)
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Returns a text that each row holds which passes a filter, or null: numbers and lists can be spelled in many ways. */
export const heldBy = (filter: string): string | null => {
  const wanted = withoutWhole(filter)
  return /^[-\d[{]/.test(wanted) ? null : wanted
}

/** Returns the name of the language of the code in a row, or null where the row does not tell. */
export const languageOfRow = (row: unknown): string | null => {
  if (!isFields(row)) return null
  const about = metadataOf(row)
  const path = told(about["filepath"]) ?? told(row["source_file"]) ?? told(row["filepath"]) ?? ""
  return told(row["language"]) ?? told(about["language"]) ?? languageOfPath(path)?.name ?? null
}
