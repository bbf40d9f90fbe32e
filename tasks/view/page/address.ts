/** Where a person is, as it stands in the address of the page: it can be kept, and Back goes back to it. */
import { type ColumnName, tableColumns } from "../web/protocol.ts"

export type View = "row" | "table" | "figures" | "help"

export interface Address {
  readonly file: number
  readonly view: View
  /** Number of the row, from 0; in the table, the one that is chosen. */
  readonly row: number
  readonly filters: ReadonlyArray<string>
  readonly search: string
  readonly sort: ColumnName | null
  readonly isDescending: boolean
  /** Place of the row among those that pass, in their order; null where it is not known. */
  readonly place: number | null
}

/** The first view: a table of the first file. */
export const firstAddress: Address = {
  file: 0,
  view: "table",
  row: 0,
  filters: [],
  search: "",
  sort: null,
  isDescending: false,
  place: null
}

/** An address that names a row shows it; any other one shows a table. */
export const parseAddress = (hash: string): Address => {
  const asked = new URLSearchParams(hash.replace(/^#/, ""))
  const number = (name: string): number | null => {
    const value = Number.parseInt(asked.get(name) ?? "", 10)
    return Number.isSafeInteger(value) && value >= 0 ? value : null
  }
  const sort = asked.get("sort") ?? ""
  const column = tableColumns.find((name) => name === sort.replace(/^-/, "")) ?? null
  const view = asked.get("view")
  const row = number("row")
  return {
    file: number("file") ?? 0,
    view: view === "table" || view === "figures" || view === "help" ? view : row === null ? "table" : "row",
    row: Math.max(0, (row ?? 1) - 1),
    filters: asked.getAll("filter"),
    search: asked.get("search") ?? "",
    sort: column,
    isDescending: column !== null && sort.startsWith("-"),
    place: number("place")
  }
}

export const printAddress = ({ file, filters, isDescending, place, row, search, sort, view }: Address): string => {
  const parts = new URLSearchParams({ file: String(file) })
  if (view !== "row") parts.set("view", view)
  if (view === "row" || row > 0) parts.set("row", String(row + 1))
  for (const filter of filters) parts.append("filter", filter)
  if (search !== "") parts.set("search", search)
  if (sort !== null) parts.set("sort", `${isDescending ? "-" : ""}${sort}`)
  if (view === "row" && sort !== null && place !== null) parts.set("place", String(place))
  return `#${parts}`
}

/** The question for the rows that a person chose. */
export const choiceOf = ({ file, filters, search }: Address) => ({ file, filters, text: search })
