/** The heads of the table's columns: a name that sorts, and bars that count and filter. */
import { type ColumnAnswer, type ColumnName, type SurveyAnswer, tableColumns } from "../web/protocol.ts"
import type { Address } from "./address.ts"
import { type Bars, makeBars } from "./bars.ts"
import { button, element } from "./dom.ts"
import { guarded } from "./message.ts"
import { here, visit } from "./navigate.ts"

/** How each column is called. */
const titles: Readonly<Record<ColumnName, string>> = {
  shape: "shape",
  language: "language",
  kind: "kind",
  negative: "negative",
  label: "label",
  mark: "your label",
  answer_chars: "answer length",
  prompt_chars: "prompt length"
}

export const isOfLengths = (name: ColumnName): boolean => name === "answer_chars" || name === "prompt_chars"

export interface TableHeads {
  readonly element: HTMLElement
  /** Opens the heads where there is no room for them above the rows. */
  readonly opener: HTMLElement
  readonly names: ReadonlyArray<ColumnName>
  readonly shown: () => ReadonlyArray<ColumnName>
  /** Shows these columns, and how the rows are sorted. */
  readonly show: (address: Address, columns: ReadonlyArray<ColumnName>) => void
  readonly update: (survey: SurveyAnswer, filters: ReadonlyArray<string>) => void
}

interface Head {
  readonly element: HTMLElement
  readonly bars: Bars
  readonly sort: HTMLElement
}

export const makeHeads = (): TableHeads => {
  const row = element(
    "div",
    { class: "heads", role: "row", "aria-rowindex": "1" },
    element("div", { role: "columnheader", class: "number" }, "row"),
    element("div", { role: "columnheader", class: "headline" }, "first line")
  )
  const group = element("div", { class: "head-group", role: "rowgroup" }, row)
  const opener = button(
    { class: "opener", "aria-expanded": "false" },
    () => opener.setAttribute("aria-expanded", String(group.classList.toggle("open"))),
    "columns: count, filter, sort"
  )
  const heads = new Map<ColumnName, Head>()
  let shown: ReadonlyArray<ColumnName> = []

  const headOf = (name: ColumnName): Head => {
    const known = heads.get(name)
    if (known !== undefined) return known
    const bars = makeBars(isOfLengths(name), (filter) => void guarded(() => toggle(name, filter)))
    const sort = button({ class: "sort" }, () => void guarded(() => sortBy(name)), titles[name])
    const made = {
      bars,
      sort,
      element: element("div", { role: "columnheader", class: `head ${name}` }, sort, bars.element)
    }
    heads.set(name, made)
    return made
  }

  const show = (columns: ReadonlyArray<ColumnName>, { isDescending, sort }: Address) => {
    if (columns.join() !== shown.join()) {
      shown = columns
      const [number, headline] = row.children
      if (number !== undefined && headline !== undefined) {
        row.replaceChildren(number, headline, ...columns.map((name) => headOf(name).element))
      }
    }
    for (const [name, head] of heads) {
      const order = sort !== name ? "none" : isDescending ? "descending" : "ascending"
      head.element.setAttribute("aria-sort", order)
      head.sort.title = order === "none" ? `sort by ${titles[name]}` : `sorted, ${order}`
    }
  }

  return {
    element: group,
    opener,
    names: tableColumns,
    shown: () => shown,
    show: (address, columns) => show(tableColumns.filter((name) => columns.includes(name)), address),
    update: (survey, filters) => {
      // A column that was shown stays, so that nothing jumps.
      const filled = new Set(survey.columns.filter(saysSomething).map(({ name }) => name))
      show(tableColumns.filter((name) => shown.includes(name) || filled.has(name)), here())
      for (const column of survey.columns) heads.get(column.name)?.bars.update(column, survey, filters)
    }
  }
}

/** A single shape tells no rows apart, and neither do prompts that are all empty. */
const saysSomething = ({ bars, name }: ColumnAnswer): boolean =>
  bars.length > (name === "shape" ? 1 : 0) && !(name === "prompt_chars" && bars.length === 1 && bars[0]?.name === "0")

/** Filters by a bar, or no longer; of one column only one bar filters. */
const toggle = (name: ColumnName, filter: string): Promise<void> => {
  const { filters } = here()
  const others = filters.filter((one) => !one.startsWith(`${name}=`))
  return visit({ filters: filters.includes(filter) ? others : [...others, filter] })
}

const sortBy = (name: ColumnName): Promise<void> => {
  const { isDescending, sort } = here()
  if (sort !== name) return visit({ sort: name, isDescending: false })
  return isDescending ? visit({ sort: null, isDescending: false }) : visit({ isDescending: true })
}
