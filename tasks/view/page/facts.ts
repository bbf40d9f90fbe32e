/** The metadata of a row, in a drawer: what says nothing is left out, and long values are short until they are wanted. */
import { briefFacts } from "../../../services/rows/brief-facts.ts"
import { button, countOf, element } from "./dom.ts"
import { say } from "./message.ts"

type Facts = ReadonlyArray<readonly [string, string]>

/** What tells a row from its neighbours at a glance. */
const headFacts = ["language", "kind", "negative", "label", "kto_tag", "filepath", "source_file"]

/** The few facts that stand above the row. */
export const headOf = (shape: string, facts: Facts): HTMLElement => {
  const known = new Map(briefFacts(facts))
  const shown = headFacts.flatMap((name) => {
    const value = known.get(name)
    return value === undefined || value.length > 120 ? [] : [element("span", {}, `${name} `, element("b", {}, value))]
  })
  return element("p", { class: "head" }, element("b", { class: "shape" }, shape), ...shown)
}

/** A value that is shown in short: a click shows all of it, and copies it. */
const shortened = (short: string, whole: string): HTMLElement => {
  const made = button({ class: "hash", title: "show all of it, and copy it" }, () => {
    made.textContent = whole
    navigator.clipboard.writeText(whole).then(() => say("Copied."), () => say("The browser lets nothing be copied."))
  }, short)
  return made
}

export const factsElement = (facts: Facts, search: string): HTMLElement => {
  const list = element("dl")
  let shown = 0
  for (const fact of facts) {
    const [name, value] = fact
    for (const [, short] of briefFacts([fact])) {
      shown++
      list.append(element("dt", {}, name), element("dd", {}, short === value ? value : shortened(short, value)))
    }
  }
  const hidden = facts.length - shown
  const holds = search !== "" && facts.some(([name, value]) => name.includes(search) || value.includes(search))
  return element(
    "details",
    { class: "facts", ...(holds ? { open: "" } : {}) },
    element("summary", {}, `metadata (${countOf(shown, "field")})`),
    list,
    ...(hidden === 0 ? [] : [element("p", { class: "note" }, `${countOf(hidden, "empty field")} left out.`)])
  )
}
