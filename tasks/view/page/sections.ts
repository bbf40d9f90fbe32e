/** The sections of a row as elements. */
import type {
  ChangeAnswer,
  CutAnswer,
  KeysAnswer,
  SectionAnswer,
  StepsAnswer,
  TextAnswer,
  TokenLine
} from "../web/protocol.ts"
import { changeElement, sameElements, sidesElement } from "./change.ts"
import { countOf, element } from "./dom.ts"
import { lineElement, lineElements, partElements } from "./lines.ts"

const text = ({ lines }: TextAnswer): HTMLElement =>
  element("div", { class: "code" }, ...lineElements(lines, (some) => some.map((line) => lineElement(line))))

const cut = ({ parts }: CutAnswer, search: string): HTMLElement =>
  element(
    "div",
    { class: "code cut" },
    ...parts.flatMap((part) => partElements(part, "line", search, (lines) => lines.map((line) => lineElement(line))))
  )

const stepSides = {
  left: { name: "before", tone: "unwanted", sign: "-" },
  right: { name: "after", tone: "wanted", sign: "+" }
} as const

/** States of a program on a slider. */
const steps = ({ states }: StepsAnswer, search: string): HTMLElement => {
  const slider = element("input", {
    type: "range",
    min: "1",
    max: String(Math.max(1, states.length)),
    value: "1",
    class: "step",
    "aria-label": "state of the program"
  })
  const told = element("span", { class: "told" })
  const body = element("div")
  const draw = () => {
    told.textContent = `state ${slider.value} of ${states.length}`
    body.replaceChildren(changeElement(stepSides, states[Number(slider.value) - 1] ?? [], search, true))
  }
  slider.addEventListener("input", draw)
  draw()
  return element("div", {}, element("div", { class: "slider" }, slider, told), body)
}

const keys = ({ keys, note }: KeysAnswer): HTMLElement => {
  const row = element("div", { class: "keys" })
  for (const key of keys) {
    row.append(element("kbd", key.length > 1 && key.startsWith("<") ? { class: "named" } : {}, key === " " ? "␣" : key))
  }
  row.append(note === "" ? "" : element("span", { class: "note" }, note))
  return row
}

const bodyOf = (section: SectionAnswer, search: string): ReadonlyArray<HTMLElement> => {
  switch (section.kind) {
    case "text":
      return [text(section)]
    case "cut":
      return [cut(section, search)]
    case "change":
      return section.ifSame === null
        ? [sidesElement(section), changeElement(section, section.parts, search)]
        : sameElements(section.ifSame, section.parts, search)
    case "steps":
      return [steps(section, search)]
    case "keys":
      return [keys(section)]
  }
}

const linesOfPart = (part: ChangeAnswer["parts"][number]): ReadonlyArray<TokenLine> =>
  part.kind === "lines" ? part.lines : [...part.left, ...part.right]

const toneOf = (section: SectionAnswer): string => "tone" in section ? section.tone : "plain"

/** A section; an aside is folded away, unless it holds what is searched for. */
export const sectionElement = (section: SectionAnswer, search: string): HTMLElement => {
  if (!("isAside" in section) || !section.isAside) {
    // Two answers are named above their columns.
    const isNamedTwice = section.kind === "change" && section.name === `${section.left.name} and ${section.right.name}`
    return element(
      "section",
      { class: toneOf(section) },
      element("h2", isNamedTwice ? { class: "unseen" } : {}, section.name),
      ...bodyOf(section, search)
    )
  }
  const lines = section.kind === "text" ? section.lines : section.parts.flatMap(linesOfPart)
  const holds = search !== "" && lines.some((line) => line.map((token) => token.text).join("").includes(search))
  const aside = element(
    "details",
    holds ? { open: "" } : {},
    element("summary", {}, `${section.name} (${countOf(lines.length, "line")})`)
  )
  // What is folded away is drawn when it is opened.
  const draw = () => {
    if (aside.open && aside.childElementCount === 1) aside.append(...bodyOf(section, search))
  }
  aside.addEventListener("toggle", draw)
  draw()
  return aside
}
