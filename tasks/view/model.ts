/** Where a person is in a file, and how that changes: all that the screen shows, and nothing that reads or draws. */
import type { FileRow } from "../../services/Reader.ts"
import type { RowView } from "../../services/rows/row-view.ts"
import { viewOf } from "../../services/rows/row-view.ts"
import type { FiguresLine } from "./figures.ts"
import type { LabelName } from "./labels.ts"
import type { Column, TableLine } from "./table.ts"

export interface Filter {
  readonly key: string
  readonly value: string
}

/** What is on the screen. */
export type Page = "row" | "help" | "stats" | "table"

/** By what rows are sorted, from the least on or from the most on. */
export interface Sorting {
  readonly column: Column
  readonly sign: 1 | -1
}

export interface Model {
  /** Name of the file, and of how many it is which. */
  readonly name: string
  readonly file: number
  readonly files: number
  readonly index: number
  readonly row: FileRow | null
  /** The row with the other answer to the same question, where it is known. */
  readonly other: FileRow | null
  readonly label: LabelName | null
  readonly filter: Filter | null
  readonly sorting: Sorting | null
  /** Place of the row among those that pass the filter, in the order in which they are sorted, from 1. */
  readonly match: number
  /** What is searched for, or "" while no search is on. */
  readonly search: string
  /** First line of the drawing that is shown; null for where the middle is in view. */
  readonly scroll: number | null
  readonly step: number
  /** Whether what is folded away is shown, and all facts. */
  readonly isOpen: boolean
  readonly hasFacts: boolean
  readonly page: Page
  /** The pages that lead to this one. */
  readonly trail: ReadonlyArray<Page>
  /** Place of the first line of the table that is on the screen. */
  readonly top: number
  /** The part of the table that is on the screen, its columns so far, and the one that is chosen. */
  readonly lines: ReadonlyArray<TableLine>
  readonly columns: ReadonlyArray<Column>
  readonly column: Column
  /** The figures of the file, and which of their lines is chosen. */
  readonly figures: ReadonlyArray<FiguresLine>
  readonly figure: number
  /** What is being typed, or null. */
  readonly input: string | null
  readonly message: string
}

export const emptyModel: Model = {
  name: "",
  file: 0,
  files: 1,
  index: 0,
  row: null,
  other: null,
  label: null,
  filter: null,
  sorting: null,
  match: 0,
  search: "",
  scroll: null,
  step: 0,
  isOpen: false,
  hasFacts: false,
  page: "row",
  trail: [],
  top: 0,
  lines: [],
  columns: ["row"],
  column: "row",
  figures: [],
  figure: 0,
  input: null,
  message: ""
}

/** Goes to a page; one that led here is gone back to. */
export const opened = (model: Model, page: Page): Model => {
  const before = model.trail.indexOf(page)
  return {
    ...model,
    page,
    trail: before === -1 ? [...model.trail, model.page] : model.trail.slice(0, before),
    scroll: null,
    message: ""
  }
}

/** Goes back to where a person came from; from a row that no page led to, the search ends. */
export const wentBack = (model: Model): Model => {
  const page = model.trail.at(-1) ?? "row"
  return page === model.page
    ? { ...model, search: "", message: "" }
    : { ...model, page, trail: model.trail.slice(0, -1), scroll: null, message: "" }
}

const views = new WeakMap<FileRow, { readonly other: FileRow | null; readonly view: RowView }>()

/** Returns what there is to see of the row; undefined for none, and for one that cannot be looked at. */
export const viewIn = ({ other, row }: Pick<Model, "row" | "other">): RowView | undefined => {
  if (row?._tag !== "row") return undefined
  const known = views.get(row)
  if (known?.other === other) return known.view
  const view = viewOf(row.value, row.text, other?._tag === "row" ? other.value : undefined)
  views.set(row, { other, view })
  return view
}
