/** Two texts that are compared: side by side where there is room, else one under the other. */
import type { ChangeAnswer, SideAnswer, TokenLine } from "../web/protocol.ts"
import { element } from "./dom.ts"
import { lineElement, partElements } from "./lines.ts"

type Sides = Pick<ChangeAnswer, "left" | "right">

const sideElement = (name: "left" | "right", lines: ReadonlyArray<TokenLine>, lineName = ""): HTMLElement =>
  element("div", { class: name }, ...lines.map((line) => lineElement(line, lineName)))

/** A run of lines on both sides; the sides share their rows, so that lines stay level where they wrap. */
const runElement = (name: string, left: HTMLElement, right: HTMLElement): HTMLElement => {
  const run = element("div", { class: `run ${name}` }, left, right)
  run.style.setProperty("--lines", String(Math.max(left.childElementCount, right.childElementCount)))
  return run
}

const sameRun = (lines: ReadonlyArray<TokenLine>): HTMLElement => {
  const right = sideElement("right", lines)
  // Who hears the page hears equal lines once.
  right.setAttribute("aria-hidden", "true")
  return runElement("same", sideElement("left", lines), right)
}

const lineName = ({ sign, tone }: SideAnswer): string => `${sign === "+" ? "come" : "gone"} ${tone}`

/** The lines of a change. With `isUnified` they stand one under the other, however much room there is. */
export const changeElement = (
  sides: Sides,
  parts: ChangeAnswer["parts"],
  search: string,
  isUnified = false
): HTMLElement => {
  const change = element("div", { class: isUnified ? "change unified" : "change" })
  for (const part of parts) {
    if (part.kind === "lines") change.append(...partElements(part, "equal line", search, (lines) => [sameRun(lines)]))
    else {
      const left = sideElement("left", part.left, lineName(sides.left))
      const right = sideElement("right", part.right, lineName(sides.right))
      change.append(runElement("differing", left, right))
    }
  }
  if (!parts.some(({ kind }) => kind === "differing")) change.prepend(noteElement("Nothing differs."))
  return change
}

const noteElement = (text: string): HTMLElement => element("p", { class: "note" }, text)

/** What it means that lines stay as they are, and those lines, once. */
export const sameElements = (
  meaning: string,
  parts: ChangeAnswer["parts"],
  search: string
): ReadonlyArray<HTMLElement> => {
  const lines = parts.flatMap((part) =>
    part.kind === "lines" ? partElements(part, "line", search, (some) => some.map((line) => lineElement(line))) : []
  )
  return [
    noteElement(`${meaning.slice(0, 1).toUpperCase()}${meaning.slice(1)}.`),
    element("div", { class: "code" }, ...lines)
  ]
}

/** The names of both sides, above their columns. */
export const sidesElement = ({ left, right }: Sides): HTMLElement =>
  element(
    "div",
    { class: "sides" },
    ...[left, right].map(({ name, tone }) => element("div", { class: `side ${tone}` }, name))
  )
