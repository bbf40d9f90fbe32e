/** The rows of a file as a table: a line each, with bars over the columns that count and filter. */
import type { ColumnName, LineAnswer, LinesAnswer, SurveyAnswer } from "../web/protocol.ts"
import { type Address, choiceOf } from "./address.ts"
import { byId, element, grouped, shareText } from "./dom.ts"
import { markHits } from "./hits.ts"
import { guarded } from "./message.ts"
import { here, note, visit } from "./navigate.ts"
import { ask, askForLines } from "./server.ts"
import { isOfLengths, makeHeads, type TableHeads } from "./table-heads.ts"
import { makeVirtualList, type VirtualList } from "./virtual.ts"

const main = byId("main", HTMLElement)

/** Lines are asked for in groups of so many. */
const group = 100

/** The table of one file. It stays on the page while other rows of the file are chosen. */
interface ShownTable {
  readonly file: number
  readonly grid: HTMLElement
  readonly list: VirtualList
  readonly heads: TableHeads
  readonly told: HTMLElement
  readonly lines: Map<number, ReadonlyArray<LineAnswer>>
  readonly asked: Set<number>
  address: Address
  signal: AbortSignal
  isSorted: boolean
  chosen: number
  count: number
}

let table: ShownTable | undefined

/** What is kept of a table while a person looks at one of its rows. */
interface Kept {
  readonly chosen: number
  readonly offset: number
}
const isKept = (state: unknown): state is Kept => typeof state === "object" && state !== null && "chosen" in state

export const showTable = async (address: Address, signal: AbortSignal): Promise<void> => {
  const isShown = main.className === "table" && table?.file === address.file
  const made = isShown && table !== undefined ? table : build(address, signal)
  const kept: unknown = history.state
  const { chosen, offset } = isKept(kept) ? kept : { chosen: firstPlace(address), offset: null }
  made.address = address
  made.signal = signal
  made.isSorted = true
  forgetLines(made)
  await load(made, Math.floor(chosen / group))
  if (signal.aborted) return
  table = made
  if (!isShown) {
    main.className = "table"
    main.replaceChildren(element("h1", {}, "Rows"), made.told, made.heads.opener, made.grid)
  }
  made.heads.show(address, columnsIn(made))
  choose(made, chosen)
  if (offset !== null) made.list.scrollTo(offset)
  if (document.activeElement === document.body || document.activeElement === main) {
    made.grid.focus({ preventScroll: true })
  }
  // The figures fill in behind the rows.
  void guarded(() => askForLines<SurveyAnswer>("survey", choiceOf(address), signal, (survey) => take(made, survey)))
}

/** Where nothing is chosen or sorted the place of a row is its number. */
const firstPlace = ({ filters, row, search, sort }: Address): number =>
  filters.length === 0 && search === "" && sort === null ? row : 0

const build = (address: Address, signal: AbortSignal): ShownTable => {
  const grid = element("div", { class: "grid", role: "grid", tabindex: "0", "aria-label": "rows of the file" })
  const heads = makeHeads()
  const list = makeVirtualList(grid, {
    covered: () => (getComputedStyle(heads.element).position === "sticky" ? heads.element.offsetHeight : 0),
    rowPixels: () => Number.parseFloat(getComputedStyle(grid).getPropertyValue("--row")) || 30,
    draw: (first, behind) => drawRows(made, first, behind)
  })
  const made: ShownTable = {
    file: address.file,
    address,
    signal,
    grid,
    list,
    heads,
    told: element("p", { class: "told", role: "status" }),
    lines: new Map(),
    asked: new Set(),
    isSorted: true,
    chosen: 0,
    count: 0
  }
  grid.append(heads.element, list.body)
  grid.addEventListener("keydown", (event) => onKey(made, event))
  list.body.addEventListener("click", (event) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-place]") : null
    if (row === null) return
    choose(made, Number(row.dataset["place"]))
    void guarded(openChosen)
  })
  return made
}

const forgetLines = (made: ShownTable) => {
  made.lines.clear()
  made.asked.clear()
  made.count = 0
  made.list.scrollTo(0)
}

/** Asks for the lines of a group, and draws them when they are there. */
const load = async (made: ShownTable, at: number): Promise<void> => {
  made.asked.add(at)
  const { address, signal } = made
  const { isDescending, sort } = address
  const question = { ...choiceOf(address), from: at * group, count: group, sort, isDescending }
  const { isSorted, lines } = await ask<LinesAnswer>("lines", question, signal).catch((cause: unknown) => {
    made.asked.delete(at)
    throw cause
  })
  if (!isSorted) made.isSorted = false
  made.lines.set(at, lines)
  if (lines.length > 0) setCount(made, Math.max(made.count, at * group + lines.length))
  made.list.draw()
}

const setCount = (made: ShownTable, count: number) => {
  made.count = count
  made.grid.setAttribute("aria-rowcount", String(count + 1))
  made.list.setCount(count)
}

/** Columns of which some line that is there has a value. */
const columnsIn = (made: ShownTable): ReadonlyArray<ColumnName> => {
  const lines = [...made.lines.values()].flat()
  const [first] = lines
  const names = first === undefined ? [] : Object.keys(first.values)
  return made.heads.names.filter((name) =>
    names.includes(name) && name !== "shape" && lines.some(({ values }) => values[name] !== null && values[name] !== 0)
  )
}

/** Takes in how far the file was read. */
const take = (made: ShownTable, survey: SurveyAnswer): void => {
  const { filters, search } = made.address
  const isChosen = filters.length > 0 || search !== ""
  made.told.textContent = tell(survey, made.address)
  made.heads.update(survey, filters)
  if (survey.isComplete && !made.isSorted) {
    // All rows are read: now they can stand in the order that was asked for.
    made.isSorted = true
    made.lines.clear()
    made.asked.clear()
  }
  const count = isChosen ? survey.passing : survey.rows
  // Groups that were not full may be so by now.
  for (const [at, lines] of made.lines) {
    if (lines.length < group && at * group + lines.length < count) made.asked.delete(at)
  }
  setCount(made, Math.max(count, isChosen ? 0 : made.count))
  made.list.draw()
}

const tell = (
  { failure, isComplete, passing, rows, scanned }: SurveyAnswer,
  { filters, search, sort }: Address
): string => {
  const all = `${grouped(rows)} row${rows === 1 ? "" : "s"}`
  const verb = search !== "" && filters.length === 0
    ? `hold${passing === 1 ? "s" : ""} "${search}"`
    : passing === 1
    ? "passes"
    : "pass"
  const chosen = filters.length === 0 && search === ""
    ? all
    : `${grouped(passing)} of ${all} ${verb} (${shareText(passing, isComplete ? rows : scanned)})`
  const reading = isComplete || failure !== null
    ? ""
    : ` · ${grouped(scanned)} read${sort === null ? "" : ", then they are sorted"} …`
  return `${chosen}${reading}${failure === null ? "" : ` · ${failure}`}`
}

const lineAt = (made: ShownTable, place: number): LineAnswer | undefined =>
  made.lines.get(Math.floor(place / group))?.[place % group]

const drawRows = (made: ShownTable, first: number, behind: number): ReadonlyArray<HTMLElement> => {
  for (let at = Math.floor(first / group); at * group < behind; at++) {
    if (!made.asked.has(at)) void guarded(() => load(made, at))
  }
  queueMicrotask(() => markHits(made.list.body, made.address.search))
  return Array.from({ length: Math.max(0, behind - first) }, (_, index) => rowElement(made, first + index))
}

const rowElement = (made: ShownTable, place: number): HTMLElement => {
  const line = lineAt(made, place)
  const isChosen = place === made.chosen
  const cells = made.heads.shown().map((name) => {
    const value = line?.values[name] ?? null
    const text = value === null ? "" : typeof value === "number" ? grouped(value) : value
    return element("div", { role: "gridcell", class: isOfLengths(name) ? `length ${name}` : `value ${name}` }, text)
  })
  return element(
    "div",
    {
      class: isChosen ? "tr chosen" : "tr",
      role: "row",
      id: `place-${place}`,
      "aria-rowindex": String(place + 2),
      "aria-selected": String(isChosen),
      "data-place": String(place)
    },
    element("div", { role: "gridcell", class: "number" }, line === undefined ? "…" : grouped(line.index + 1)),
    element("div", { role: "gridcell", class: "headline" }, line?.headline ?? ""),
    ...cells
  )
}

const choose = (made: ShownTable, place: number): void => {
  made.chosen = Math.min(Math.max(0, place), Math.max(0, made.count - 1))
  made.list.reveal(made.chosen)
  made.list.draw()
  made.grid.setAttribute("aria-activedescendant", `place-${made.chosen}`)
}

const onKey = (made: ShownTable, event: KeyboardEvent): void => {
  if (event.target !== made.grid || event.ctrlKey || event.metaKey || event.altKey) return
  const page = made.list.page()
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: made.chosen + 1,
    ArrowUp: made.chosen - 1,
    PageDown: made.chosen + page,
    PageUp: made.chosen - page,
    Home: 0,
    End: made.count - 1
  }
  const place = moves[event.key]
  if (place !== undefined) choose(made, place)
  else if (event.key === "Enter" || event.key === " ") void guarded(openChosen)
  else return
  event.preventDefault()
}

/** Moves the choice; what is behind the ends stays there. */
export const moveChoice = (by: number): void => {
  if (table !== undefined) choose(table, table.chosen + by)
}

/** Shows the chosen row; Back comes back to where the table was. */
export const openChosen = async (): Promise<void> => {
  const made = table
  const line = made === undefined ? undefined : lineAt(made, made.chosen)
  if (made === undefined || line === undefined) return
  note({}, { chosen: made.chosen, offset: made.list.offset() })
  await visit({ view: "row", row: line.index, place: here().sort === null ? null : made.chosen })
}

/** The row that is chosen in the table, and what a person said of it. */
export const chosenRow = (): { readonly row: number; readonly label: string | null } | undefined => {
  const line = table === undefined ? undefined : lineAt(table, table.chosen)
  const mark = line?.values.mark
  return line === undefined ? undefined : { row: line.index, label: typeof mark === "string" ? mark : null }
}

/** Shows what a person said of the chosen row. */
export const markChosen = (label: string | null): void => {
  const made = table
  if (made === undefined) return
  const at = Math.floor(made.chosen / group)
  const lines = (made.lines.get(at) ?? []).map((line, index) =>
    index === made.chosen % group ? { ...line, values: { ...line.values, mark: label } } : line
  )
  made.lines.set(at, lines)
  made.list.draw()
  void guarded(() =>
    askForLines<SurveyAnswer>("survey", choiceOf(made.address), made.signal, (survey) => take(made, survey))
  )
}
