/** What is searched for and filtered by, and how to go on from hit to hit. */
import type { HitsAnswer } from "../web/protocol.ts"
import { type Address, choiceOf } from "./address.ts"
import { button, byId, countOf, element, fillIn, grouped } from "./dom.ts"
import { guarded, say } from "./message.ts"
import { here, visit } from "./navigate.ts"
import { stepRow } from "./row.ts"
import { ask } from "./server.ts"

const line = byId("chosen", HTMLElement)
const searchInput = byId("search", HTMLInputElement)
const filterInput = byId("filter", HTMLInputElement)
const fields = byId("fields", HTMLElement)

/** Shows the search and the filters of a place, and which of the hits the row is. */
export const showChosen = (address: Address, signal: AbortSignal): void => {
  const { filters, search, view } = address
  fillIn(searchInput, search)
  fillIn(filterInput, "")
  const parts: Array<HTMLElement> = filters.map((filter) =>
    button(
      { class: "chip", "aria-label": `remove the filter ${filter}` },
      () => void guarded(() => visit({ filters: here().filters.filter((one) => one !== filter) })),
      filter,
      element("span", { "aria-hidden": "true" }, " ✕")
    )
  )
  if (search !== "") parts.push(...searchElements(address, signal))
  else if (view === "row" && filters.length > 0) parts.push(placeElement(address, signal, "match", "that pass"))
  line.replaceChildren(...parts)
}

const searchElements = (address: Address, signal: AbortSignal): ReadonlyArray<HTMLElement> => {
  const { search, view } = address
  const end = button(
    { class: "chip", "aria-label": `end the search for ${search}` },
    () => void guarded(endSearch),
    `“${search}”`,
    element("span", { "aria-hidden": "true" }, " ✕")
  )
  if (view !== "row") return [end]
  const step = (sign: 1 | -1, text: string, name: string) =>
    button({ class: "chip", "aria-label": name, title: name }, () => void guarded(() => stepRow(sign, true)), text)
  return [
    end,
    step(-1, "‹", "previous hit: N"),
    step(1, "›", "next hit: n"),
    placeElement(address, signal, "hit", "that hold it"),
    element("span", { class: "hint" }, "n or Enter: next hit, N: previous, Esc: end of the search")
  ]
}

/** Says which of how many it is, once the file was looked through. */
const placeElement = (address: Address, signal: AbortSignal, name: string, which: string): HTMLElement => {
  const told = element("span", { class: "place" }, "counting …")
  void ask<HitsAnswer>("hits", { ...choiceOf(address), row: address.row }, signal).then(({ place, rows }) => {
    told.textContent = place === null
      ? `${countOf(rows, "row")} ${which}`
      : `${name} ${grouped(place + 1)} of ${countOf(rows, "row")} ${which}`
  }, () => undefined)
  return told
}

export const endSearch = (): Promise<void> => visit({ search: "" })

/** Searches on from the row that is shown; in the table, leaves the rows that hold the text. */
export const lookFor = async (text: string, sign: 1 | -1 = 1): Promise<void> => {
  const address = here()
  if (text === "") return address.search === "" ? undefined : endSearch()
  if (address.view !== "row") {
    await visit({ search: text, view: "table" })
    return
  }
  const isOn = address.search === text
  if (!isOn) await visit({ search: text })
  const holds = isOn ? undefined : await ask<HitsAnswer | { readonly row: number | null }>("find", {
    ...choiceOf(here()),
    from: address.row
  })
  // A row that holds the text itself is the first hit.
  if (holds !== undefined && "row" in holds && holds.row === address.row) return
  await stepRow(sign, true)
}

/** Adds a filter, once the server knows what it means. */
export const addFilter = async (text: string): Promise<void> => {
  if (text === "") return
  const { file, filters, view } = here()
  const { fault } = await ask<{ readonly fault: string | null }>("check", { file, filters: [text] })
  if (fault !== null) {
    say(fault)
    return
  }
  const all = [...filters.filter((one) => one !== text), text]
  const found = view === "row"
    ? await ask<{ readonly row: number | null }>("find", { file, filters: all, from: 0 })
    : undefined
  if (found?.row === null) {
    say(`No row passes ${all.join(" and ")}.`)
    return
  }
  filterInput.value = ""
  await visit(found === undefined ? { filters: all, view: "table" } : { filters: all, row: found.row, place: null })
}

/** Offers the names of fields while a filter is typed. */
export const offerFields = async (file: number): Promise<void> => {
  const { names } = await ask<{ readonly names: ReadonlyArray<string> }>("fields", { file })
  fields.replaceChildren(...names.map((name) => element("option", { value: `${name}=` })))
}
