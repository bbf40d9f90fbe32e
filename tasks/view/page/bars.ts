/** The bars over a column of the table: each says how many rows have a value, and filters by it. */
import type { BarAnswer, ColumnAnswer, SurveyAnswer } from "../web/protocol.ts"
import { button, element, grouped, shareText } from "./dom.ts"

export interface Bars {
  readonly element: HTMLElement
  readonly update: (column: ColumnAnswer, survey: SurveyAnswer, filters: ReadonlyArray<string>) => void
}

/** Bars stay the same elements while they fill in, so that none slips from under a pointer or loses the focus. */
export const makeBars = (isOfLengths: boolean, choose: (filter: string) => void): Bars => {
  const list = element("div", { class: isOfLengths ? "bars lengths" : "bars" })
  const others = element("p", { class: "note" })
  const known = new Map<string, HTMLButtonElement>()

  const barOf = (bar: BarAnswer): HTMLButtonElement => {
    const made = known.get(bar.filter) ?? button(
      { class: "bar" },
      () => choose(bar.filter),
      element("span", { class: "fill" }),
      element("span", { class: "name" }, bar.name),
      element("span", { class: "count" })
    )
    known.set(bar.filter, made)
    return made
  }

  const update: Bars["update"] = ({ bars, others: rest }, { isComplete, passing, scanned }, filters) => {
    const most = Math.max(1, ...bars.map(({ all }) => all))
    const isFiltered = passing < scanned
    const drawn = bars.map((bar) => {
      const made = barOf(bar)
      const told = isFiltered
        ? `${grouped(bar.passing)} of ${grouped(bar.all)} rows, ${shareText(bar.passing, passing)} of those that pass`
        : `${grouped(bar.all)} rows, ${shareText(bar.all, scanned)}`
      made.title = `${bar.name}: ${told}`
      made.setAttribute("aria-pressed", String(filters.includes(bar.filter)))
      made.style.setProperty("--all", String(bar.all / most))
      made.style.setProperty("--passing", String(bar.passing / most))
      const count = made.querySelector(".count")
      if (count !== null) {
        count.textContent = isFiltered
          ? `${grouped(bar.passing)} · ${shareText(bar.passing, passing)}`
          : `${grouped(bar.all)} · ${shareText(bar.all, scanned)}`
      }
      return made
    })
    // Only what has moved is moved.
    if (drawn.some((bar, place) => list.children[place] !== bar) || list.childElementCount !== drawn.length) {
      list.replaceChildren(...drawn)
    }
    others.textContent = rest === 0 ? "" : `${grouped(rest)} rows have other values`
    list.classList.toggle("filling", !isComplete)
  }
  return { element: element("div", {}, list, others), update }
}
