/** The page: asks its server for rows, draws them, and keeps file, row and filter in the address. */
import { create } from "asciinema-player"
import type { FileAnswer, FoundAnswer, RowAnswer, StatsAnswer } from "../web/protocol.ts"
import "./app.css"
import { byId, element } from "./dom.ts"
import { figuresElement } from "./figures.ts"
import { sectionElement } from "./sections.ts"

const fileSelect = byId("file", HTMLSelectElement)
const rowInput = byId("row", HTMLInputElement)
const searchInput = byId("search", HTMLInputElement)
const filterInput = byId("filter", HTMLInputElement)
const main = byId("main", HTMLElement)
const message = byId("message", HTMLElement)
const count = byId("count", HTMLElement)
const buttons = Object.fromEntries(
  ["previous", "next", "keep", "drop", "stats", "help"].map((id) => [id, byId(id, HTMLButtonElement)])
)

interface PageAddress {
  readonly file: number
  readonly row: number
  readonly filter: string
}

const placeInAddress = (): PageAddress => {
  const address = new URLSearchParams(location.hash.slice(1))
  const number = (name: string, least: number) => Math.max(least, Number.parseInt(address.get(name) ?? "", 10) || least)
  return { file: number("file", 0), row: number("row", 1) - 1, filter: address.get("filter") ?? "" }
}

const state: {
  place: PageAddress
  label: string | null
  view: "row" | "figures" | "keys"
  asked: number
  rows: number
} = {
  place: placeInAddress(),
  label: null,
  view: "row",
  asked: 0,
  rows: 0
}

const say = (text: string) => {
  message.textContent = text
}

/** Sends a question as no link, image or form of another page can. */
const send = async (name: string, question: Readonly<Record<string, string | number | null>>): Promise<Response> => {
  const response = await fetch(`api/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(question)
  })
  if (!response.ok) throw new Error((await response.json()).error ?? `the server answers ${response.status}`)
  return response
}

const ask = async <A>(...question: Parameters<typeof send>): Promise<A> => (await send(...question)).json()

const filterParts = (filter: string): { readonly key: string; readonly value: string } | undefined => {
  const at = filter.indexOf("=")
  return at < 1 ? undefined : { key: filter.slice(0, at).trim(), value: filter.slice(at + 1).trim() }
}

const writeAddress = ({ file, filter, row }: PageAddress) => {
  const address = new URLSearchParams({
    file: String(file),
    row: String(row + 1),
    ...(filter === "" ? {} : { filter })
  })
  history.replaceState(null, "", `#${address}`)
}

/** Shows a row; an answer that comes after another one was asked for is dropped. */
const show = async (place: PageAddress) => {
  const asked = ++state.asked
  const answer = await ask<RowAnswer>("row", { file: place.file, row: place.row })
  if (asked !== state.asked) return
  if (answer.row === null) {
    say(answer.known.rows === 0 ? "There is no row." : `There are ${answer.known.rows} rows.`)
    return
  }
  state.place = place
  state.label = answer.label
  state.view = "row"
  writeAddress(place)
  rowInput.value = String(place.row + 1)
  filterInput.value = place.filter
  fileSelect.value = String(place.file)
  tellCount(answer.known.rows, answer.known.isComplete)
  const { facts, hasRecording, sections, shape } = answer.row
  const told = element("div", { class: "facts" }, element("span", {}, "shape ", element("b", {}, shape)))
  for (const [name, value] of facts) told.append(element("span", {}, `${name} `, element("b", {}, value)))
  main.replaceChildren(told)
  for (const section of sections) main.append(sectionElement(section))
  if (hasRecording) {
    const button = element("button", { id: "play", title: "r" }, "type the keys in Vim")
    button.addEventListener("click", () => void guarded(play))
    main.append(element("section", {}, button, element("div", { class: "player", id: "player" })))
  }
  drawLabel()
  const marked = main.querySelector(".marked")
  if (marked !== null && marked.getBoundingClientRect().top > innerHeight * 0.8) {
    marked.scrollIntoView({ block: "center" })
  } else scrollTo(0, 0)
}

const tellCount = (rows: number, isComplete: boolean) => {
  state.rows = rows
  count.textContent = `of ${rows}${isComplete ? "" : "+"}`
  if (!isComplete) {
    const { file } = state.place
    void ask<{ readonly rows: number }>("count", { file }).then(({ rows }) => {
      if (state.place.file === file) tellCount(rows, true)
    })
  }
}

const drawLabel = () => {
  for (const name of ["keep", "drop"]) buttons[name]?.classList.toggle("on", state.label === name)
}

const step = async (sign: 1 | -1) => {
  const { place } = state
  const filter = filterParts(place.filter)
  say("")
  if (filter === undefined) {
    if (place.row + sign < 0) say("This is the first row.")
    else await show({ ...place, row: place.row + sign })
    return
  }
  const found = await ask<FoundAnswer>("find", {
    file: place.file,
    from: sign === 1 ? place.row + 1 : place.row,
    sign,
    ...filter
  })
  if (found.row === null) say(sign === 1 ? "No row behind this one passes." : "No row before this one passes.")
  else {
    await show({ ...place, row: found.row })
    say(`match ${(found.place ?? 0) + 1}`)
  }
}

const setFilter = async (text: string) => {
  const filter = filterParts(text)
  if (text !== "" && filter === undefined) {
    say("A filter is a field and a value, as in language=python.")
    return
  }
  if (filter === undefined) {
    await show({ ...state.place, filter: "" })
    say("All rows.")
    return
  }
  const found = await ask<FoundAnswer>("find", { file: state.place.file, from: 0, ...filter })
  if (found.row === null) say(`No row has ${filter.key} = ${filter.value}.`)
  else {
    await show({ ...state.place, row: found.row, filter: `${filter.key}=${filter.value}` })
    say("match 1")
  }
}

const search = async (text: string) => {
  if (text === "") return
  const filter = filterParts(state.place.filter)
  const found = await ask<FoundAnswer>("find", { file: state.place.file, from: state.place.row + 1, text, ...filter })
  if (found.row === null) say(`No row holds "${text}".`)
  else await show({ ...state.place, row: found.row })
}

const showFigures = async () => {
  say("Counting …")
  // A row that was asked for before is not to come over the figures.
  const asked = ++state.asked
  const stats = await ask<StatsAnswer>("stats", { file: state.place.file })
  if (asked !== state.asked) return
  state.view = "figures"
  say("")
  main.replaceChildren(...figuresElement(stats, (key, value) => void guarded(() => setFilter(`${key}=${value}`))))
}

const keysHelp: ReadonlyArray<readonly [string, string]> = [
  ["n p", "next and previous row"],
  ["g", "go to a row"],
  ["/ s", "search"],
  ["f", "filter, as in language=python; c for none"],
  ["[ ]", "states of an edit path"],
  ["r", "type the keys of a row in Vim"],
  ["k d", "keep or drop: kept beside the data"],
  ["t", "figures; a bar filters"],
  ["tab", "between the fields above"]
]

const showKeys = () => {
  state.asked++
  state.view = "keys"
  main.replaceChildren(element(
    "table",
    { class: "help" },
    ...keysHelp.map(([keys, text]) =>
      element("tr", {}, element("td", {}, element("kbd", {}, keys)), element("td", {}, text))
    )
  ))
}

const play = async () => {
  const place = document.getElementById("player")
  if (place === null) {
    say("This row has no keys to type.")
    return
  }
  say("Typing …")
  const { file, row } = state.place
  const text = await (await send("recording", { file, row })).text()
  say("")
  place.replaceChildren()
  create({ data: text }, place, { autoPlay: true, fit: "width" })
}

const label = async (name: string) => {
  const next = state.label === name ? null : name
  await send("label", { file: state.place.file, row: state.place.row, label: next })
  state.label = next
  drawLabel()
  say(next === null ? "No label." : `Labelled ${next}.`)
}

const stepState = (sign: 1 | -1) => {
  const slider = main.querySelector("input.step")
  if (!(slider instanceof HTMLInputElement)) return
  slider.value = String(Number(slider.value) + sign)
  slider.dispatchEvent(new Event("input"))
}

/** Says what went wrong instead of leaving the page as if nothing was asked. */
const guarded = async (work: () => Promise<void> | void) => {
  try {
    await work()
  } catch (cause) {
    say(cause instanceof Error ? cause.message : String(cause))
  }
}

const goTo = async (text: string) => {
  const row = text.trim() === "last" ? state.rows : Number(text)
  if (!Number.isInteger(row) || row < 1) {
    say("A row is a number from 1, or last.")
    return
  }
  const filter = filterParts(state.place.filter)
  if (filter === undefined) {
    await show({ ...state.place, row: row - 1 })
    return
  }
  // The last row may not pass; the one before it that does is the last one then.
  const isLast = text.trim() === "last"
  const query = { file: state.place.file, from: isLast ? row : row - 1, sign: isLast ? -1 : 1, ...filter }
  const found = await ask<FoundAnswer>("find", query)
  if (found.row === null) say("No row from there on passes.")
  else await show({ ...state.place, row: found.row })
}

const focusOn = (input: HTMLInputElement) => {
  input.focus()
  input.select()
}

const keys: Readonly<Record<string, () => Promise<void> | void>> = {
  n: () => step(1),
  ArrowRight: () => step(1),
  p: () => step(-1),
  ArrowLeft: () => step(-1),
  g: () => focusOn(rowInput),
  "/": () => focusOn(searchInput),
  s: () => focusOn(searchInput),
  f: () => focusOn(filterInput),
  c: () => setFilter(""),
  "[": () => stepState(-1),
  "]": () => stepState(1),
  r: play,
  k: () => label("keep"),
  d: () => label("drop"),
  t: () => (state.view === "figures" ? show(state.place) : showFigures()),
  "?": () => (state.view === "keys" ? show(state.place) : showKeys()),
  Escape: () => (state.view === "row" ? undefined : show(state.place))
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const isTyping = event.target instanceof HTMLInputElement && event.target.type !== "range"
  if (isTyping) {
    if (event.key === "Escape" && event.target instanceof HTMLElement) event.target.blur()
    return
  }
  const work = keys[event.key]
  if (work === undefined || event.target instanceof HTMLSelectElement) return
  event.preventDefault()
  void guarded(work)
})

const onEnter = (input: HTMLInputElement, work: (text: string) => Promise<void>) => {
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return
    input.blur()
    void guarded(() => work(input.value))
  })
}
onEnter(rowInput, goTo)
onEnter(searchInput, search)
onEnter(filterInput, (text) => setFilter(text.trim()))
const onClick = (name: string, work: () => Promise<void> | void) =>
  buttons[name]?.addEventListener("click", () => void guarded(work))
onClick("previous", () => step(-1))
onClick("next", () => step(1))
onClick("keep", () => label("keep"))
onClick("drop", () => label("drop"))
onClick("stats", () => keys["t"]?.())
onClick("help", () => keys["?"]?.())
fileSelect.addEventListener("change", () => {
  fileSelect.blur()
  void guarded(() => show({ file: Number(fileSelect.value), row: 0, filter: "" }))
})
addEventListener("hashchange", () => void guarded(() => show(placeInAddress())))

void guarded(async () => {
  const files = await ask<ReadonlyArray<FileAnswer>>("files", {})
  fileSelect.replaceChildren(...files.map(({ name }, index) => element("option", { value: String(index) }, name)))
  // The address may have changed while the files were asked for.
  await show(placeInAddress())
})
