/** Sample rows in the page: each opens at what changes, and the rest of it is folded away. */
import { briefFacts } from "../../services/rows/brief-facts.ts"
import type { Section } from "../../services/rows/picture.ts"
import { viewOf } from "../../services/rows/row-view.ts"
import { hidden } from "../../services/secrets/hidden.ts"
import { holdsSecret } from "../../services/secrets/secret-in.ts"
import { inCell } from "../shared/markdown.ts"
import type { Sample } from "./draw-samples.ts"
import { clipped, escaped } from "./markup.ts"
import { linesOfSample, type SampleLine, type SampleLines } from "./sample-lines.ts"
import { countedOf } from "./wording.ts"

/** Facts longer than this are shown in part. UTF-16 units. */
const longestFact = 120

/** Returns the element of a sample; "" for a row that cannot be read. */
export const renderSample = ({ file, index, other, row }: Sample, isOpen: boolean): string => {
  if (row._tag === "malformed") return ""
  const { facts, sections, shape } = viewOf(row.value, row.text, other)
  const head = `<summary>${escaped(file)}, row ${index + 1}, ${escaped(shape)}</summary>`
  if ([...facts.map(([, value]) => value), ...sections.flatMap(textsOf)].some(holdsSecret)) {
    return `<details>${head}<p class="soft">${hidden}</p></details>`
  }
  const told = briefFacts(facts).map(([name, value]) =>
    `${escaped(name)} <b>${escaped(clipped(value, longestFact))}</b>`
  )
  return `<details${isOpen ? " open" : ""}>${head}${
    sections.map((section, place) => renderSection(section, place === 0)).join("")
  }<p class="soft">${told.join(" · ")}</p></details>`
}

/** The texts of a section, each in one piece. */
export const textsOf = (section: Section): ReadonlyArray<string> => {
  switch (section.kind) {
    case "code":
      return [section.text]
    case "cut":
      return [section.prefix + section.middle + section.suffix]
    case "change":
      return [section.left, section.right].map(({ text }) =>
        (section.around?.prefix ?? "") + text + (section.around?.suffix ?? "")
      )
    case "steps":
      return section.states
    case "keys":
      return [section.keys]
  }
}

/** The first section is what a row is about; of the others only keys are open too, which are short. */
export const renderSection = (section: Section, isFirst: boolean): string => {
  const lines = linesOfSample(section)
  const name = nameOf(section)
  const shown = renderLines(lines) + (lines.some(({ kind }) => kind === "folded")
    ? `<details><summary>all lines</summary>${textsOf(section).map(renderText).join("")}</details>`
    : "")
  return isFirst || section.kind === "keys"
    ? `<h4>${escaped(name)}</h4>${shown}`
    : `<details><summary>${escaped(name)}</summary>${shown}</details>`
}

const nameOf = (section: Section): string =>
  section.kind === "steps" ? `the last of ${countedOf(section.states.length, "state")}` : section.name

/** Code may be wider than the page: it is moved sideways by itself, from the keyboard too. */
const renderLines = (lines: SampleLines): string =>
  `<pre tabindex="0">${
    lines.map((line) => line.kind === "folded" ? `<i>⋯ ${countedOf(line.lines, "line")}</i>` : renderLine(line))
      .join("\n")
  }</pre>`

const renderText = (text: string): string => `<pre tabindex="0">${escaped(text)}</pre>`

const renderLine = ({ marks, sign, text, tone }: SampleLine): string => {
  let at = 0
  const parts = marks.map(({ end, start }) => {
    const part = `${escaped(text.slice(at, start))}<mark>${escaped(text.slice(start, end))}</mark>`
    at = end
    return part
  })
  const whole = `${sign} ${parts.join("")}${escaped(text.slice(at))}`
  return tone === "plain" ? whole : `<span class="${tone}">${whole}</span>`
}

/** Returns a row in Markdown: what it is about and the keys that do it, as diffs; "" for one that cannot be shown. */
export const sampleInMarkdown = ({ other, row }: Sample): string => {
  if (row._tag === "malformed") return ""
  const { sections } = viewOf(row.value, row.text, other)
  if (sections.flatMap(textsOf).some(holdsSecret)) return ""
  return sections.filter(({ kind }, place) => place === 0 || kind === "keys").map(sectionInMarkdown).join("\n\n")
}

const sectionInMarkdown = (section: Section): string => {
  const lines = linesOfSample(section).map((line) =>
    line.kind === "folded" ? `  ⋯ ${countedOf(line.lines, "line")}` : `${line.sign} ${line.text}`.trimEnd()
  )
  // A fence has to be longer than any in the text.
  const fence = "`".repeat(Math.max(3, ...(lines.join("\n").match(/`+/g) ?? []).map(({ length }) => length + 1)))
  const legend = meaningOfSigns(section)
  const name = nameOf(section)
  return [
    `${inCell(name.charAt(0).toUpperCase() + name.slice(1))}${legend === "" ? "" : ` (${legend})`}:`,
    "",
    `${fence}diff`,
    ...lines,
    fence
  ].join("\n")
}

/** What the signs before its lines mean; "" where they only say again what its name says. */
const meaningOfSigns = (section: Section): string => {
  switch (section.kind) {
    case "change":
      return [section.left, section.right].map(({ name, sign }) => `\`${sign}\` is ${name}`).join(", ")
    case "steps":
      return "`-` is before, `+` is after"
    case "cut":
      return section.tone === "unwanted" ? "`-` is what is not wanted there" : "`+` is what is wanted there"
    case "code":
    case "keys":
      return ""
  }
}
