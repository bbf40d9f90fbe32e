/** One row: what changes first, then what stands around it, and its metadata in a drawer. */
import { create } from "asciinema-player"
import type { FoundAnswer, LinesAnswer, RowAnswer, RowContent } from "../web/protocol.ts"
import { type Address, choiceOf } from "./address.ts"
import { button, byId, element, grouped } from "./dom.ts"
import { factsElement, headOf } from "./facts.ts"
import { markHits } from "./hits.ts"
import { openFolds } from "./lines.ts"
import { guarded, say } from "./message.ts"
import { hasArrived, here, visit } from "./navigate.ts"
import { sectionElement } from "./sections.ts"
import { ask, send } from "./server.ts"

const main = byId("main", HTMLElement)

/** What the page knows of the row that it shows. */
export interface ShownRow {
  readonly label: string | null
  readonly rows: number
  readonly isComplete: boolean
}

/** Draws a row; undefined for a row that the file does not have. */
export const showRow = async (address: Address, signal: AbortSignal): Promise<ShownRow | undefined> => {
  const { file, row } = address
  const answer = await ask<RowAnswer>("row", { file, row }, signal)
  if (answer.row === null) {
    main.replaceChildren(element("p", { class: "note" }, tellEnd(answer)))
    say(tellEnd(answer))
    return undefined
  }
  draw(address, answer.row)
  bringIntoView(address.search)
  if (answer.row.other === "sought") {
    // The row stands already; the other answer joins it when it is found.
    void ask<RowAnswer>("row", { file, row, isPatient: true }, signal).then((patient) => {
      if (patient.row === null || patient.row.other === "none") return
      draw(address, patient.row)
      markHits(main, address.search)
    }, () => undefined)
  }
  return { label: answer.label, rows: answer.known.rows, isComplete: answer.known.isComplete }
}

const tellEnd = ({ known }: RowAnswer): string =>
  known.rows === 0 ? "There is no row." : `There are ${grouped(known.rows)} rows.`

const draw = ({ row, search }: Address, content: RowContent): void => {
  const { facts, hasRecording, other, sections, shape } = content
  main.className = "row"
  main.replaceChildren(element("h1", {}, `Row ${grouped(row + 1)}`), headOf(shape, facts))
  for (const section of sections) main.append(sectionElement(section, search))
  if (typeof other === "object") {
    const link = button(
      { class: "link" },
      () => void guarded(() => visit({ row: other.index, place: null })),
      `row ${grouped(other.index + 1)}`
    )
    main.append(element("p", { class: "note" }, "The other answer is that of ", link, "."))
  }
  if (hasRecording) {
    main.append(element(
      "section",
      { class: "recording" },
      button({ id: "play" }, () => void guarded(playKeys), "type the keys in Vim"),
      element("div", { class: "player", id: "player" })
    ))
  }
  main.append(factsElement(facts, search))
}

/** What a person came for: the first hit of a search, else what changes. It is at the top, unless much stands before it. */
const bringIntoView = (search: string): void => {
  const hit = markHits(main, search)
  const wanted = hit ?? main.querySelector(".differing, .within, .marked") ?? undefined
  scrollTo(0, 0)
  if (wanted === undefined) return
  const { bottom, top } = wanted.getBoundingClientRect()
  if (Math.min(bottom, top + 80) > innerHeight * 0.9) scrollTo(0, top - innerHeight / 3)
}

/** Types the keys of the row into a sandboxed Vim, and plays what it drew. */
export const playKeys = async (): Promise<void> => {
  const place = document.getElementById("player")
  if (!hasArrived()) return
  if (place === null) {
    say("This row has no keys to type.")
    return
  }
  say("Typing …")
  const { file, row } = here()
  const text = await (await send("recording", { file, row })).text()
  say("")
  place.replaceChildren()
  create({ data: text }, place, { autoPlay: true, fit: "width" })
}

/** Goes to the state before or behind of an edit path. */
export const stepState = (sign: 1 | -1): void => {
  const slider = main.querySelector("input.step")
  if (!(slider instanceof HTMLInputElement)) return
  slider.value = String(Number(slider.value) + sign)
  slider.dispatchEvent(new Event("input"))
}

/** Opens all folds; where all are open, draws the row anew with its folds. */
export const toggleFolds = (): Promise<void> | void => {
  const asides = [...main.querySelectorAll<HTMLDetailsElement>("details:not(.facts)")]
  const opened = openFolds(main) + asides.filter((aside) => !aside.open).length
  if (opened === 0) return visit({})
  for (const aside of asides) aside.open = true
}

export const toggleFacts = (): void => {
  const drawer = main.querySelector<HTMLDetailsElement>("details.facts")
  if (drawer === null) return
  drawer.open = !drawer.open
  if (drawer.open) drawer.querySelector("summary")?.focus()
}

/** The next or the previous row: of the table's order where it is sorted, of those that pass, or of the file. */
export const stepRow = async (sign: 1 | -1, isSearch: boolean): Promise<void> => {
  const address = here()
  const { filters, isDescending, place, row, search, sort } = address
  if (sort !== null && place !== null) {
    const question = {
      ...choiceOf(address),
      sort,
      isDescending,
      from: Math.max(0, place + sign),
      count: 1,
      isPatient: true
    }
    const { lines: [next] } = await ask<LinesAnswer>("lines", question)
    if (next === undefined || place + sign < 0) say(sign === 1 ? "This is the last row." : "This is the first row.")
    else await visit({ row: next.index, place: place + sign })
    return
  }
  const text = isSearch ? search : ""
  if (text === "" && filters.length === 0) {
    if (row + sign < 0) say("This is the first row.")
    else await goIfThere(row + sign)
    return
  }
  const found = await ask<FoundAnswer>("find", {
    ...choiceOf(address),
    text,
    from: sign === 1 ? row + 1 : row,
    sign
  })
  if (found.row === null) {
    say(
      text !== ""
        ? `No row holds "${text}".`
        : sign === 1
        ? "No row behind this one passes."
        : "No row before this one passes."
    )
    return
  }
  const isWrapped = text !== "" && (sign === 1 ? found.row <= row : found.row >= row)
  await visit({ row: found.row, place: null })
  if (isWrapped && found.row === row) say("There is no other hit.")
  else if (isWrapped) say(sign === 1 ? "Found from the top on." : "Found from the end on.")
}

const goIfThere = async (row: number): Promise<void> => {
  const known = await ask<FoundAnswer & RowAnswer>("row", { file: here().file, row })
  if (known.row === null) say(tellEnd(known))
  else await visit({ row, place: null })
}

/** Goes to a row by its number, or to "last"; with filters, to the first one from there on that passes. */
export const goToRow = async (text: string): Promise<void> => {
  const address = here()
  const isLast = text.trim() === "last"
  const rows = isLast ? (await ask<{ readonly rows: number }>("count", { file: address.file })).rows : 0
  const row = isLast ? rows : Number(text)
  if (!Number.isInteger(row) || row < 1) {
    say("A row is a number from 1, or last.")
    return
  }
  if (address.filters.length === 0) {
    const known = await ask<RowAnswer>("row", { file: address.file, row: row - 1 })
    if (known.row === null) say(tellEnd(known))
    else await visit({ view: "row", row: row - 1, place: null })
    return
  }
  // The last row may not pass; the one before it that does is the last one then.
  const question = { ...choiceOf(address), text: "", from: isLast ? row : row - 1, sign: isLast ? -1 : 1 }
  const found = await ask<FoundAnswer>("find", question)
  if (found.row === null) say("No row from there on passes.")
  else await visit({ view: "row", row: found.row, place: null })
}
