/** A file of rows that the page looks at, and what is remembered of it. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { RowFile } from "../../../services/Reader.ts"
import { fieldNamesOf } from "../../../services/rows/field-names.ts"
import { type Matches, matchesOf, type RowTest } from "../matches.ts"
import { columnOf, type PageFilter, parseFilter, testOf } from "./filters.ts"
import type { Labels } from "../labels.ts"
import { type StatsAnswer, tableColumns } from "./protocol.ts"
import { makeSelection, type Selection } from "./selection.ts"
import { columnsOfRow, makeSurvey, type TableSurvey } from "./survey.ts"

/** Which rows are looked at: those that hold a text, "" for any, and pass all filters. */
export interface Choice {
  readonly text: string
  readonly filters: ReadonlyArray<string>
}

export interface OpenedRows {
  readonly name: string
  readonly path: string
  readonly rows: RowFile
  readonly labels: Labels
  readonly survey: TableSurvey
  readonly testOf: (choice: Choice) => RowTest
  readonly matchesOf: (choice: Choice) => Matches
  readonly selectionOf: (choice: Choice) => Selection
  /** Puts a label into the table, and forgets what was chosen by the labels before. */
  readonly mark: (row: number, label: string | null) => void
  stats: StatsAnswer | undefined
}

/** So many choices are remembered with the rows that pass. */
const mostKept = 6

export const makeOpenedRows = (
  { labels, name, path, rows }: Pick<OpenedRows, "name" | "path" | "rows" | "labels">
): OpenedRows => {
  const columnsOf = columnsOfRow(labels)
  const survey = makeSurvey(rows, columnsOf)
  const matches = new Map<string, Matches>()
  const selections = new Map<string, Selection>()
  const filtersOf = (choice: Choice) =>
    choice.filters.flatMap((text) => Option.toArray(Either.getRight(parseFilter(text))))
  const nameOf = (choice: Choice) => JSON.stringify([choice.text, choice.filters])

  const givenTest = (choice: Choice): RowTest => testOf(choice.text, filtersOf(choice), columnsOf)
  const givenMatches = (choice: Choice): Matches =>
    kept(matches, nameOf(choice), () => matchesOf(rows, givenTest(choice)))

  const opened: OpenedRows = {
    name,
    path,
    rows,
    labels,
    survey,
    testOf: givenTest,
    matchesOf: givenMatches,
    selectionOf: (choice) =>
      kept(selections, nameOf(choice), () => {
        const filters: ReadonlyArray<PageFilter> = filtersOf(choice)
        const isInColumns = choice.text === "" && filters.every((filter) => columnOf(filter) !== undefined)
        return makeSelection(survey, filters, isInColumns ? null : givenMatches(choice))
      }),
    mark: (row, label) => {
      if (row < survey.scanned() && survey.columns.mark.kind === "values") survey.columns.mark.set(row, label)
      selections.clear()
      for (const name of matches.keys()) if (name.includes("mark")) matches.delete(name)
    },
    stats: undefined
  }
  return opened
}

/** Returns what is kept under a name, or makes it; what was not asked for longest goes. */
const kept = <A>(all: Map<string, A>, name: string, make: () => A): A => {
  const found = all.get(name) ?? make()
  all.delete(name)
  all.set(name, found)
  for (const oldest of all.keys()) {
    if (all.size <= mostKept) break
    all.delete(oldest)
  }
  return found
}

/** Says what is wrong with a choice, if anything is: a filter that cannot be read, or a field that no row has. */
export const faultIn = Effect.fnUntraced(function*(file: OpenedRows, { filters }: Choice) {
  for (const text of filters) {
    const read = parseFilter(text)
    if (Either.isLeft(read)) return read.left
    const names = yield* fieldNamesIn(file)
    const { key } = read.right
    // A path with more dots than names have leads into a field.
    if (columnOf(read.right) === undefined && !names.some((name) => key === name || key.startsWith(`${name}.`))) {
      const so = file.survey.isComplete() ? "No row" : "No row that was read so far"
      return `${so} has a field "${key}". The fields are ${names.join(", ")}.`
    }
  }
  return null
})

/** Returns the names of the fields that rows can be filtered by, as far as the file was read. */
export const fieldNamesIn = Effect.fnUntraced(function*(file: OpenedRows) {
  const first = yield* Stream.runHead(file.rows.scan({ from: 0, holding: null }))
  const rows = Option.getOrElse(first, () => []).slice(0, rowsWithNames)
  const names = rows.flatMap(({ row }) => (row._tag === "row" ? fieldNamesOf(row.value) : []))
  return [...new Set([...tableColumns, ...names, ...file.survey.fieldNames])]
})

/** So many rows are looked at for the names of fields before all are read. */
const rowsWithNames = 500
