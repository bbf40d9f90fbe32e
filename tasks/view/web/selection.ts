/** The rows that pass what a person chose, and how many rows have which value, among them and among all. */
import * as Effect from "effect/Effect"
import { valueName } from "../../../services/measures/file-figures.ts"
import type { Matches } from "../matches.ts"
import { inOrder, lengthsOf, powerOf, type TableColumn, type TableColumns, type Values } from "./columns.ts"
import { columnOf, type PageFilter, passesColumn } from "./filters.ts"
import { type BarAnswer, type ColumnAnswer, type ColumnName, type SurveyAnswer, tableColumns } from "./protocol.ts"
import type { TableSurvey } from "./survey.ts"

/** So many values of a column have a bar of their own. */
const mostBars = 12

export interface RowOrder {
  readonly column: ColumnName
  readonly isDescending: boolean
}

export interface Selection {
  /** Reads all that has to be read. What has been read is taken in by the other methods. */
  readonly gather: Effect.Effect<void>
  readonly figures: () => Omit<SurveyAnswer, "rows">
  /** Whether rows can be given in the order of a column. */
  readonly isComplete: () => boolean
  /** Numbers of the rows that pass, from a place on, in the order of a column or of the file. */
  readonly rows: (from: number, count: number, order: RowOrder | null) => ReadonlyArray<number>
}

/** `matches` are the rows that pass; null where the columns tell which these are. */
export const makeSelection = (
  survey: TableSurvey,
  filters: ReadonlyArray<PageFilter>,
  matches: Matches | null
): Selection => {
  const { columns } = survey
  const tests = filters.map((filter) => columnTest(columns, filter))
  const tallies = new Map(
    tableColumns.map((name) => [name, { all: [] as Array<number>, passing: [] as Array<number> }])
  )
  const passed: Array<number> = []
  const everything = filters.length === 0 && matches === null
  let at = 0
  let place = 0
  let failure: string | null = null
  let sorted: { readonly name: string; readonly rows: Float64Array } | undefined

  /** Counts the rows that were read since. */
  const advance = () => {
    const until = Math.min(survey.scanned(), matches?.reach() ?? Infinity)
    const found = matches?.rows() ?? []
    for (; at < until; at++) {
      const isMatch = matches === null ? tests.every((test) => test(at)) : found[place] === at
      if (isMatch && matches !== null) place++
      if (isMatch && matches === null && !everything) passed.push(at)
      for (const [name, tally] of tallies) {
        const column = columns[name]
        const slot = column.kind === "values" ? column.at(at) : powerOf(column.at(at))
        tally.all[slot] = (tally.all[slot] ?? 0) + 1
        if (isMatch) tally.passing[slot] = (tally.passing[slot] ?? 0) + 1
      }
    }
  }
  const passingRows = (): ReadonlyArray<number> => matches?.rows() ?? passed
  const isComplete = () => survey.isComplete() && (matches === null || matches.reach() === Infinity)

  return {
    gather: Effect.all([
      survey.gather,
      matches === null
        ? Effect.void
        : Effect.catchAll(matches.all, (cause) => Effect.sync(() => failure = cause.message))
    ], { concurrency: 2, discard: true }),
    isComplete,
    figures: () => {
      // Whether all is read is asked first: more may come while it is counted.
      const hasAll = isComplete()
      advance()
      return {
        scanned: at,
        isComplete: hasAll,
        passing: everything ? at : passingRows().length,
        failure: survey.failure()?.message ?? failure,
        columns: tableColumns.map((name): ColumnAnswer => {
          const { all, passing } = tallies.get(name) ?? { all: [], passing: [] }
          return { name, ...barsOf(name, columns[name], all, passing) }
        })
      }
    },
    rows: (from, count, order) => {
      advance()
      if (order !== null && isComplete()) {
        const name = `${order.column} ${order.isDescending}`
        if (sorted?.name !== name) {
          const rows = everything ? Array.from({ length: at }, (_, row) => row) : passingRows()
          sorted = { name, rows: inOrder(rows, columns[order.column], order.isDescending) }
        }
        return [...sorted.rows.subarray(from, from + count)]
      }
      if (everything) return Array.from({ length: count }, (_, index) => from + index)
      return passingRows().slice(from, from + count)
    }
  }
}

/** Returns whether a row of the columns passes a filter; each value is looked at once. */
const columnTest = (columns: TableColumns, filter: PageFilter): (row: number) => boolean => {
  const name = columnOf(filter)
  const column = name === undefined ? undefined : columns[name]
  if (column === undefined) return () => false
  if (column.kind === "lengths") return (row) => passesColumn(column.at(row), filter)
  const known: Array<boolean> = []
  return (row) => {
    const code = column.at(row)
    return known[code] ??= passesColumn(column.names()[code] ?? null, filter)
  }
}

type Counts = ReadonlyArray<number | undefined>

const barsOf = (name: ColumnName, column: TableColumn, all: Counts, passing: Counts): Omit<ColumnAnswer, "name"> =>
  column.kind === "values" ? barsOfValues(name, column, all, passing) : barsOfLengths(name, all, passing)

const barsOfValues = (name: ColumnName, column: Values, all: Counts, passing: Counts): Omit<ColumnAnswer, "name"> => {
  const names = column.names()
  const codes = [...all.keys()].filter((code) => (all[code] ?? 0) > 0)
  const isNone = (code: number) => names[code] === null
  codes.sort((a, b) => Number(isNone(a)) - Number(isNone(b)) || (all[b] ?? 0) - (all[a] ?? 0))
  if (codes.every(isNone)) return { bars: [], others: 0 }
  const bars = codes.slice(0, mostBars).map((code): BarAnswer => ({
    name: valueName(names[code] ?? ""),
    filter: `${name}==${names[code] ?? ""}`,
    all: all[code] ?? 0,
    passing: passing[code] ?? 0
  }))
  return { bars, others: codes.slice(mostBars).reduce((sum, code) => sum + (all[code] ?? 0), 0) }
}

const barsOfLengths = (name: ColumnName, all: Counts, passing: Counts): Omit<ColumnAnswer, "name"> => {
  const first = all.findIndex((count) => count !== undefined)
  if (first === -1) return { bars: [], others: 0 }
  const bars = Array.from({ length: all.length - first }, (_, index): BarAnswer => {
    const power = first + index
    const [least, most] = lengthsOf(power)
    return {
      name: least === most ? String(least) : `${least} to ${most}`,
      filter: `${name}=${least}..${most}`,
      all: all[power] ?? 0,
      passing: passing[power] ?? 0
    }
  })
  return { bars, others: 0 }
}
