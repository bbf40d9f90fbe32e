/** Where a person is in a file, and how that changes: all that the screen shows, and nothing that reads or draws. */
import type { FileRow } from "../../services/Reader.ts"

export interface Filter {
  readonly key: string
  readonly value: string
}

export interface Model {
  /** Name of the file, and of how many it is which. */
  readonly name: string
  readonly file: number
  readonly files: number
  readonly index: number
  readonly row: FileRow | null
  readonly filter: Filter | null
  /** Of the rows that pass the filter, how many are known up to this one. */
  readonly match: number
  readonly search: string
  /** First line of the drawing that is shown; null for where the middle is in view. */
  readonly scroll: number | null
  readonly step: number
  readonly page: "row" | "help" | "stats"
  /** Lines of a page that is no row. */
  readonly text: ReadonlyArray<string>
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
  filter: null,
  match: 0,
  search: "",
  scroll: null,
  step: 0,
  page: "row",
  text: [],
  input: null,
  message: ""
}
