/** The view of a row as lines, each with a gutter of two cells that says what its colour says. */
import { briefFacts } from "../../services/rows/brief-facts.ts"
import type { ChangeSection, CodeSection, CutSection, KeysSection, Section, Tone } from "../../services/rows/picture.ts"
import { edit } from "../../services/rows/picture.ts"
import type { RowView } from "../../services/rows/row-view.ts"
import { linesAround, linesOfCut, pairedLines } from "../../services/rows/shown-lines.ts"
import { clip, type Line, shown, type Style, type TextRun } from "../shared/cells.ts"
import { drawChange } from "./draw-change.ts"
import { foldedLine, gutters, headLine, placedTokens, toneStyles, wrappedLine } from "./draw-line.ts"
import type { Coat, Look } from "./look.ts"
import { hasHit, hitsIn, painted, type Sign } from "./paint.ts"

export interface Drawing {
  /** None is wider than the look's columns. */
  readonly lines: ReadonlyArray<Line>
  /** The first line of what matters most, to be scrolled to. */
  readonly focus: number
}

/** The lines of a section; `focus` counts from its first line, and is negative for none. */
type Part = Drawing

export const drawRow = (view: RowView, look: Look): Drawing => {
  const lines: Array<Line> = []
  let focus = 0
  const put = (part: Part) => {
    if (focus === 0 && part.focus > 0) focus = lines.length + part.focus
    for (const line of part.lines) lines.push(line)
  }
  if (look.hasFacts) put({ lines: [...drawFacts(view.facts, look), []], focus: -1 })
  for (const section of view.sections) {
    put(drawSection(section, look))
    lines.push([])
  }
  const hit = look.sought === "" ? -1 : lines.findIndex(hasHit)
  return { lines, focus: hit === -1 ? focus : hit }
}

/** All facts in full, a line each. */
const drawFacts = (facts: RowView["facts"], look: Look): ReadonlyArray<Line> => {
  const width = Math.min(24, Math.max(0, ...facts.map(([name]) => name.length)))
  return [
    headLine("facts", look),
    ...facts.flatMap(([name, value]) =>
      wrappedLine({ text: `  ${clip(shown(name), width).padEnd(width)}  `, style: "dim" }, factLine(value, look), look)
    )
  ]
}

const factLine = (value: string, { sought }: Look): Line => painted(value, "", [hitsIn(value, sought)])

/** What tells most of a row, in the order in which it is said. */
const tellingFacts = ["label", "kto_tag", "kind", "negative", "depth", "outcome", "filepath", "language", "commit"]

/** Returns facts in another order: those that tell most first. */
export const tellingFirst = (facts: RowView["facts"]): RowView["facts"] => {
  const rankOf = (name: string) => (tellingFacts.includes(name) ? tellingFacts.indexOf(name) : tellingFacts.length)
  return [...facts].sort(([a], [b]) => rankOf(a) - rankOf(b))
}

/** The facts that say something, in one line; "" for none. */
export const briefLine = (view: RowView): string =>
  tellingFirst(briefFacts(view.facts)).map(([name, value]) => `${shown(name)} ${clip(shown(value), 40)}`).join(" · ")

const drawSection = (section: Section, look: Look): Part => {
  switch (section.kind) {
    case "code":
      return drawCode(section, look)
    case "keys":
      return drawKeys(section, look)
    case "cut":
      return drawCut(section, look)
    case "change":
      return section.isAside && !look.isOpen
        ? foldedPart(section.name, pairedLines(section, Infinity).length, look)
        : drawChange(section, look)
    case "steps":
      return drawChange(stepOf(section.states, look.step), look)
  }
}

const drawCode = (section: CodeSection, look: Look): Part => {
  const texts = linesOfText(section.text)
  if (section.isAside && !look.isOpen) return foldedPart(section.name, texts.length, look)
  const colours = look.colours(section.text)
  const lines = texts.map((text, number) =>
    painted(text, toneStyles[section.tone], [colours?.[number] ?? [], hitsIn(text, look.sought)])
  )
  return {
    lines: [headLine(section.name, look), ...lines.flatMap((line) => wrappedLine(gutters[section.tone], line, look))],
    focus: -1
  }
}

/** The head of what is folded away. */
const foldedPart = (name: string, count: number, look: Look): Part => ({
  lines: [headLine(`${name} · ${count} line${count === 1 ? "" : "s"} folded, z opens`, look)],
  focus: -1
})

/** A last line end closes the last line, and opens none. */
const linesOfText = (text: string): ReadonlyArray<string> => {
  const lines = text.replaceAll("\r\n", "\n").split("\n")
  return lines.length > 1 && lines[lines.length - 1] === "" ? lines.slice(0, -1) : lines
}

const drawKeys = ({ keys, name, note, tone }: KeysSection, look: Look): Part => ({
  lines: [
    headLine(`${name}${note === "" ? "" : ` (${note})`}`, look),
    ...wrappedLine(gutters[tone], keyRuns(keys, tone), look)
  ],
  focus: -1
})

/** Keys with names stand out; a text is as it is typed. */
const keyRuns = (keys: string, tone: Tone): Line =>
  keys.split(/(<[^<>\s]{1,10}>)/).flatMap((part): ReadonlyArray<TextRun> =>
    part === "" ? [] : [{ text: shown(part), style: /^<[^<>]+>$/.test(part) ? "key" : toneStyles[tone] }]
  )

/** A text with its middle between brackets, which also stand where there is no colour. */
const drawCut = (section: CutSection, look: Look): Part => {
  const { tone } = section
  const mark: Style = tone === "unwanted" ? "unwanted mark" : "wanted mark"
  const all = linesOfCut(section, look.isOpen ? Infinity : linesAround)
  const colours = look.colours(section.prefix + section.middle + section.suffix)
  const touched = all.flatMap((line, place) => (line.kind === "line" && line.inside !== null ? [place] : []))
  const [first, last] = [touched[0] ?? -1, touched.at(-1) ?? -1]
  const lines: Array<Line> = [headLine(section.name, look)]
  let focus = -1
  for (const [place, line] of all.entries()) {
    if (place === first) focus = lines.length
    if (line.kind === "folded") {
      lines.push(foldedLine(line.lines))
      continue
    }
    const { inside, text } = line
    const signs: ReadonlyArray<Sign> = inside === null ? [] : [
      ...(place === first ? [{ at: inside.start, text: "⟦", style: mark }] : []),
      ...(place === last ? [{ at: inside.end, text: "⟧", style: mark }] : [])
    ]
    const answer: ReadonlyArray<Coat> = inside === null ? [] : [{ ...inside, style: toneStyles[tone] }]
    const tokens = placedTokens(colours?.[line.number], inside)
    const run = painted(text, "dim", [answer, tokens, hitsIn(text, look.sought)], signs)
    for (const one of wrappedLine(gutters[inside === null ? "plain" : tone], run, look)) lines.push(one)
  }
  return { lines, focus }
}

/** The last edit of a state as a change; a program has a line end behind each of its lines. */
const stepOf = (states: ReadonlyArray<string>, step: number): ChangeSection => {
  const at = Math.min(step, states.length - 1)
  const [before = "", after = ""] = [states[at - 1], states[at]].map((text) => (text ? `${text}\n` : ""))
  return edit({ name: `state ${at + 1} of ${states.length}`, before, after })
}
