/**
 * What the page filters by: "field=value" for a value that holds a text, "field==value" for a whole value, and
 * "field=10..20" for a number in a range, as in the columns of lengths.
 */
import * as Either from "effect/Either"
import type { NumberedRow } from "../../../services/Reader.ts"
import { heldBy, isMatch, valueIn } from "../../../services/rows/fields.ts"
import type { RowTest } from "../matches.ts"
import { type ColumnName, tableColumns } from "./protocol.ts"

export interface PageFilter {
  readonly key: string
  readonly value: string
  readonly isWhole: boolean
  readonly range: NumberRange | null
}

/** Both ends belong to it. */
export interface NumberRange {
  readonly least: number
  readonly most: number
}

/** Reads a filter; on the left is what is wrong with it. */
export const parseFilter = (text: string): Either.Either<PageFilter, string> => {
  const at = text.indexOf("=")
  if (at < 1) return Either.left(`"${text}" is no filter: it takes a field and a value, as in language=python`)
  const isWhole = text[at + 1] === "="
  const value = text.slice(at + (isWhole ? 2 : 1)).trim()
  const [, least, most] = /^(\d*)\.\.(\d*)$/.exec(value) ?? []
  const range = least === undefined || most === undefined || (least === "" && most === "") ? null : {
    least: Number(least),
    most: most === "" ? Infinity : Number(most)
  }
  return Either.right({ key: text.slice(0, at).trim(), value, isWhole, range: isWhole ? null : range })
}

/** Returns the column that a filter is about, if it is about one. */
export const columnOf = ({ key }: PageFilter): ColumnName | undefined => tableColumns.find((name) => name === key)

/** Whether a value of a column passes; the empty text stands for none, and so does null. */
export const passesColumn = (value: string | number | null, { isWhole, range, value: wanted }: PageFilter): boolean => {
  if (range !== null && typeof value === "number") return value >= range.least && value <= range.most
  if (value === null) return wanted === "" || wanted === "null"
  const text = String(value)
  return isWhole || typeof value === "number" ? text === wanted : text.includes(wanted)
}

/** The values of the columns of a row. */
export type ColumnsOf = (row: NumberedRow) => Readonly<Record<ColumnName, string | number | null>>

const passes = (row: NumberedRow, filter: PageFilter, columnsOf: ColumnsOf): boolean => {
  const column = columnOf(filter)
  if (column !== undefined) return passesColumn(columnsOf(row)[column], filter)
  if (row.row._tag !== "row") return false
  const { isWhole, key, range, value } = filter
  const given = valueIn(row.row.value, key)
  if (range !== null && typeof given === "number") return given >= range.least && given <= range.most
  return isMatch(row.row, key, isWhole ? `=${value}` : value)
}

/** Returns the test of rows that hold a text, "" for any, and pass all filters. */
export const testOf = (text: string, filters: ReadonlyArray<PageFilter>, columnsOf: ColumnsOf): RowTest => {
  const held = filters.flatMap((filter) =>
    columnOf(filter) === undefined && filter.range === null ? heldBy(filter.value) ?? [] : []
  )
  const longest = held.reduce((longest, one) => (one.length > longest.length ? one : longest), "")
  return {
    holding: text !== "" ? text : longest !== "" ? longest : null,
    passes: (row) => filters.every((filter) => passes(row, filter, columnsOf))
  }
}
