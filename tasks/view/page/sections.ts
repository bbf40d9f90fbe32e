/** The sections of a row as elements. */
import type { SectionAnswer, TokenLine } from "../web/protocol.ts"
import { element, lineElement } from "./dom.ts"

/** So many lines are drawn at once; the rest is a click away. */
const linesAtOnce = 600

const lines = (all: ReadonlyArray<TokenLine>): HTMLElement => {
  const pre = element("pre")
  // The line with the mark is wanted, however far down it stands.
  const marked = all.findIndex((line) => line.some(({ isMarked }) => isMarked === true))
  let shown = Math.min(all.length, Math.max(linesAtOnce, marked + linesAtOnce / 2))
  pre.append(...all.slice(0, shown).map((line) => lineElement(line)))
  if (shown === all.length) return pre
  const more = element("button", { class: "cut" }, `${all.length - shown} more lines`)
  more.addEventListener("click", () => {
    more.before(...all.slice(shown, shown + 5000).map((line) => lineElement(line)))
    shown = Math.min(all.length, shown + 5000)
    if (shown === all.length) more.remove()
    else more.textContent = `${all.length - shown} more lines`
  })
  pre.append(more)
  return pre
}

const change = (section: Extract<SectionAnswer, { readonly kind: "change" }>): HTMLElement => {
  const grid = element("div", { class: "change" })
  for (const row of section.rows) {
    if ("hidden" in row) {
      grid.append(element("div", { class: "hidden" }, `⋯ ${row.hidden} equal lines`))
      continue
    }
    const { isSame, left, right } = row
    grid.append(
      lineElement(left, isSame || left === null ? "" : "gone"),
      lineElement(right, isSame || right === null ? "" : "come")
    )
  }
  if (section.rows.length === 0) grid.append(element("div", { class: "hidden" }, "nothing differs"))
  return grid
}

/** States of a program on a slider; `step` says which is shown, and may be called from outside. */
const steps = (section: Extract<SectionAnswer, { readonly kind: "steps" }>): HTMLElement => {
  const { states } = section
  const most = Math.max(0, states.length - 1)
  const slider = element("input", { type: "range", min: "0", max: String(most), value: "0", class: "step" })
  const told = element("span")
  const pre = element("pre")
  const draw = () => {
    const at = slider instanceof HTMLInputElement ? Number(slider.value) : 0
    told.textContent = `state ${at + 1} of ${states.length}`
    pre.replaceChildren()
    for (const { isNew, line } of states[at] ?? []) pre.append(lineElement(line, isNew ? "new" : ""))
  }
  slider.addEventListener("input", draw)
  draw()
  return element("div", {}, element("div", { class: "slider" }, slider, told), pre)
}

const keys = ({ keys, note }: Extract<SectionAnswer, { readonly kind: "keys" }>): HTMLElement => {
  const row = element("div", { class: "keys" })
  for (const key of keys) {
    row.append(element("kbd", key.length > 1 && key.startsWith("<") ? { class: "named" } : {}, key === " " ? "␣" : key))
  }
  row.append(note === "" ? "" : ` ${note}`)
  return row
}

const bodyOf = (section: SectionAnswer): HTMLElement => {
  switch (section.kind) {
    case "text":
      return lines(section.lines)
    case "change":
      return change(section)
    case "steps":
      return steps(section)
    case "keys":
      return keys(section)
  }
}

export const sectionElement = (section: SectionAnswer): HTMLElement =>
  element(
    "section",
    { class: "tone" in section ? section.tone : "plain" },
    element("h2", {}, section.name),
    bodyOf(section)
  )
