/** The page: draws the place that its address names, and does what keys and buttons ask for. */
import { create } from "asciinema-player"
import type { FileAnswer } from "../web/protocol.ts"
import type { Address } from "./address.ts"
import "./app.css"
import { addFilter, endSearch, lookFor, offerFields, showChosen } from "./chosen.ts"
import { byId, element, fillIn, grouped } from "./dom.ts"
import { showFigures } from "./figures.ts"
import { showHelp } from "./help.ts"
import { exportKept, label, showLabel } from "./labels.ts"
import { guarded, onReturn } from "./message.ts"
import { follow, here, redraw, visit } from "./navigate.ts"
import { goToRow, playKeys, showRow, stepRow, stepState, toggleFacts, toggleFolds } from "./row.ts"
import { ask, send } from "./server.ts"
import { moveChoice, showTable } from "./table.ts"

const fileSelect = byId("file", HTMLSelectElement)
const rowInput = byId("row", HTMLInputElement)
const searchInput = byId("search", HTMLInputElement)
const filterInput = byId("filter", HTMLInputElement)
const main = byId("main", HTMLElement)
const count = byId("count", HTMLElement)
const buttonOf = (id: string) => byId(id, HTMLButtonElement)
let files: ReadonlyArray<FileAnswer> = []

const tellCount = (address: Address, rows: number, isComplete: boolean, signal: AbortSignal): void => {
  count.textContent = `of ${grouped(rows)}${isComplete ? "" : "+"}`
  if (isComplete) return
  void ask<{ readonly rows: number }>("count", { file: address.file }, signal).then(
    ({ rows }) => tellCount(address, rows, true, signal),
    () => undefined
  )
}

const showRecording = async ({ file }: Address, signal: AbortSignal): Promise<void> => {
  const data = await (await send("cast", { file }, signal)).text()
  const player = element("div", { class: "player" })
  main.className = "recording"
  main.replaceChildren(element("h1", {}, files[file]?.name ?? ""), player)
  create({ data }, player, { autoPlay: true, fit: "width" })
}

const draw = async (address: Address, signal: AbortSignal): Promise<void> => {
  const { file, row, view } = address
  fileSelect.value = String(file)
  document.title = `${files[file]?.name ?? "retrace"} · retrace view`
  for (const name of ["table", "figures", "help"]) buttonOf(name).setAttribute("aria-pressed", String(view === name))
  document.body.dataset["view"] = view
  showChosen(address, signal)
  if (view !== "row") count.textContent = ""
  if (view !== "row") fillIn(rowInput, "")
  if (view !== "row") showLabel(null)
  if (view === "help") showHelp()
  else if (files[file]?.isRecording === true) await showRecording(address, signal)
  else if (view === "table") await showTable(address, signal)
  else if (view === "figures") await showFigures(address, signal)
  else {
    const shown = await showRow(address, signal)
    showLabel(shown?.label ?? null)
    fillIn(rowInput, String(row + 1))
    if (shown !== undefined) tellCount(address, shown.rows, shown.isComplete, signal)
  }
}

const focusOn = (input: HTMLInputElement) => {
  openTools(true)
  input.focus()
  input.select()
}

const toggleView = (view: "table" | "figures" | "help") => visit({ view: here().view === view ? "row" : view })

const isSearching = () => here().search !== ""
const step = (sign: 1 | -1, isSearch: boolean) =>
  here().view === "table" ? moveChoice(sign) : here().view === "row" ? stepRow(sign, isSearch) : undefined

const escape = () => {
  const { view } = here()
  if (isSearching()) return endSearch()
  return view === "table" ? undefined : visit({ view: "table" })
}

const keys: Readonly<Record<string, () => Promise<void> | void>> = {
  n: () => step(1, isSearching()),
  p: () => step(-1, isSearching()),
  N: () => step(-1, isSearching()),
  ArrowRight: () => step(1, false),
  ArrowLeft: () => step(-1, false),
  g: () => focusOn(rowInput),
  "/": () => focusOn(searchInput),
  s: () => focusOn(searchInput),
  f: () => focusOn(filterInput),
  c: () => visit({ filters: [] }),
  l: () => toggleView("table"),
  "[": () => stepState(-1),
  "]": () => stepState(1),
  e: () => toggleFolds(),
  m: () => toggleFacts(),
  r: playKeys,
  k: () => label("keep"),
  d: () => label("drop"),
  t: () => toggleView("figures"),
  "?": () => toggleView("help"),
  Escape: escape
}

const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLInputElement && target.type !== "range"
const hasOwnArrows = (target: EventTarget | null): boolean =>
  target instanceof HTMLSelectElement || target instanceof HTMLInputElement

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (isTyping(event.target)) {
    if (event.key === "Escape" && event.target instanceof HTMLElement) event.target.blur()
    return
  }
  // Enter goes on from hit to hit, unless it chooses something.
  const isNothing = event.target === document.body || event.target === main
  const work = event.key === "Enter" && isNothing && isSearching() && here().view === "row"
    ? () => stepRow(event.shiftKey ? -1 : 1, true)
    : keys[event.key]
  if (work === undefined || event.target instanceof HTMLSelectElement) return
  if (event.key.startsWith("Arrow") && hasOwnArrows(event.target)) return
  event.preventDefault()
  void guarded(work)
})

rowInput.addEventListener("keydown", (event) => {
  // What was typed and not wanted gives way to the number of the row that is shown.
  if (event.key === "Escape") rowInput.value = here().view === "row" ? String(here().row + 1) : ""
  if (event.key !== "Enter") return
  rowInput.blur()
  void guarded(() => goToRow(rowInput.value))
})
searchInput.addEventListener("keydown", (event) => {
  // Escape leaves what is searched for as it was; the field alone would clear it.
  if (event.key === "Escape") event.preventDefault()
  if (event.key !== "Enter") return
  searchInput.blur()
  void guarded(() => lookFor(searchInput.value, event.shiftKey ? -1 : 1))
})
searchInput.addEventListener("search", () => {
  if (searchInput.value === "" && isSearching()) void guarded(endSearch)
})
filterInput.addEventListener("focus", () => void offerFields(here().file).catch(() => undefined))
filterInput.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return
  void guarded(() => addFilter(filterInput.value.trim()))
})

const openTools = (isOpen: boolean) => {
  buttonOf("more").setAttribute("aria-expanded", String(isOpen))
  byId("tools", HTMLElement).classList.toggle("open", isOpen)
}
const onClick = (id: string, work: () => Promise<void> | void) =>
  buttonOf(id).addEventListener("click", () => void guarded(work))
onClick("previous", () => step(-1, isSearching()))
onClick("next", () => step(1, isSearching()))
onClick("keep", () => label("keep"))
onClick("drop", () => label("drop"))
onClick("export", exportKept)
onClick("table", () => toggleView("table"))
onClick("figures", () => toggleView("figures"))
onClick("help", () => toggleView("help"))
onClick("more", () => openTools(buttonOf("more").getAttribute("aria-expanded") !== "true"))
fileSelect.addEventListener("change", () => {
  const view = here().view === "row" ? "row" : "table"
  void guarded(() =>
    visit({
      file: Number(fileSelect.value),
      view,
      row: 0,
      place: null,
      filters: [],
      search: "",
      sort: null,
      isDescending: false
    })
  )
})

const listFiles = async (): Promise<void> => {
  files = await ask<ReadonlyArray<FileAnswer>>("files", {})
  fileSelect.replaceChildren(...files.map(({ name }, index) => element("option", { value: String(index) }, name)))
}

onReturn(async () => {
  try {
    await listFiles()
    await redraw()
    return true
  } catch {
    return false
  }
})

void guarded(async () => {
  await listFiles()
  follow(draw, (work) => void guarded(work))
})
