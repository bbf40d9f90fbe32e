/** Two texts that are compared: side by side where there is room, else one under the other. */
import { type ChangeSection, type ChangeSide, meaningOfSame } from "../../services/rows/picture.ts"
import { linesAround, pairedLines, type ShownLine } from "../../services/rows/shown-lines.ts"
import type { Span } from "../../services/text/span.ts"
import { cellsOf, type Line, type Style, type TextRun } from "../shared/cells.ts"
import { foldedLine, headLine, placedTokens, toneStyles, wrappedLine } from "./draw-line.ts"
import type { Coat, Look } from "./look.ts"
import { hitsIn, painted, type Sign } from "./paint.ts"

/** From so many columns on there is room for two texts. */
const leastColumns = 100
const between: TextRun = { text: " │ ", style: "dim" }
const noGutter: TextRun = { text: "  ", style: "" }

const signOf = ({ sign, tone }: ChangeSide): TextRun => ({ text: `${sign} `, style: toneStyles[tone] })

/** Returns the lines of a change, its head included; `focus` is the first line that differs. */
export const drawChange = (
  section: ChangeSection,
  look: Look
): { readonly lines: ReadonlyArray<Line>; readonly focus: number } => {
  const hasTwoTexts = section.left.text !== "" && section.right.text !== "" && meaningOfSame(section) === undefined
  return Number.isFinite(look.columns) && look.columns >= leastColumns && hasTwoTexts
    ? sideBySide(section, look)
    : oneUnderTheOther(section, look)
}

const cursorNote = ({ cursor }: ChangeSection): string => (cursor === null ? "" : ` · ${cursorSign} is the cursor`)

const oneUnderTheOther = (section: ChangeSection, look: Look) => {
  const { left, right } = section
  // Of two answers the one that is wanted stands first.
  const name = left.sign === "+" ? `${section.name} (+ ${left.name}, - ${right.name})` : section.name
  const lines: Array<Line> = [headLine(`${name}${cursorNote(section)}`, look)]
  const meaning = meaningOfSame(section)
  if (meaning !== undefined) lines.push(noteLine(meaning))
  const painter = painterOf(section, look)
  let waiting: Array<Line> = []
  let focus = -1
  const close = () => {
    lines.push(...waiting)
    waiting = []
  }
  for (const row of painter.rows) {
    if (row.kind === "folded") {
      close()
      lines.push(foldedLine(row.lines))
    } else if (row.isSame) {
      close()
      if (row.left !== null) lines.push(...wrappedLine(noGutter, painter.left(row.left, true), look))
    } else {
      if (focus === -1) focus = lines.length
      if (row.left !== null) lines.push(...wrappedLine(signOf(left), painter.left(row.left, false), look))
      if (row.right !== null) waiting.push(...wrappedLine(signOf(right), painter.right(row.right, false), look))
    }
  }
  close()
  return { lines: focus === -1 && meaning === undefined ? [...lines, nothingDiffers] : lines, focus }
}

const sideBySide = (section: ChangeSection, look: Look) => {
  const { left, right } = section
  const half = { columns: Math.floor((look.columns - cellsOf(between.text)) / 2) }
  const beside = (one: ReadonlyArray<Line>, other: ReadonlyArray<Line>): ReadonlyArray<Line> =>
    Array.from({ length: Math.max(one.length, other.length) }, (_, index) => [
      ...filled(one[index] ?? [], half.columns),
      between,
      ...(other[index] ?? [])
    ])
  const name = left.sign === "+" ? left.name : `${section.name} · ${left.name}`
  const lines: Array<Line> = [...beside(
    [headLine(`${name}${cursorNote(section)}`, half)],
    [headLine(right.name, half)]
  )]
  const painter = painterOf(section, look)
  let focus = -1
  for (const row of painter.rows) {
    if (row.kind === "folded") {
      lines.push(foldedLine(row.lines))
      continue
    }
    if (!row.isSame && focus === -1) focus = lines.length
    const gutterOf = (side: ChangeSide) => (row.isSame ? noGutter : signOf(side))
    lines.push(...beside(
      row.left === null ? [] : wrappedLine(gutterOf(left), painter.left(row.left, row.isSame), half),
      row.right === null ? [] : wrappedLine(gutterOf(right), painter.right(row.right, row.isSame), half)
    ))
  }
  return { lines: focus === -1 ? [...lines, nothingDiffers] : lines, focus }
}

const noteLine = (text: string): Line => [{ text: `  (${text})`, style: "dim" }]
const nothingDiffers = noteLine("nothing differs")

const filled = (line: Line, columns: number): Line => {
  const cells = line.reduce((sum, { text }) => sum + cellsOf(text), 0)
  return cells < columns ? [...line, { text: " ".repeat(columns - cells), style: "" }] : line
}

/** Returns the rows of a change, and how the lines of its sides are painted. */
const painterOf = (section: ChangeSection, look: Look) => {
  const { prefix, suffix } = section.around ?? { prefix: "", suffix: "" }
  const painter = ({ text, tone }: ChangeSide) => {
    const colours = look.colours(prefix + text + suffix)
    const word: Style = tone === "unwanted" ? "unwanted word" : tone === "wanted" ? "wanted word" : "title"
    return (line: ShownLine, isSame: boolean): Line => {
      const inside = isSame ? null : line.inside
      const answer: ReadonlyArray<Coat> = inside === null ? [] : [{ ...inside, style: toneStyles[tone] }]
      const marks = line.marks.map((mark): Coat => ({ ...withoutIndent(mark, line.text), style: word }))
      return painted(
        line.text,
        "dim",
        [answer, placedTokens(colours?.[line.number], inside), marks, hitsIn(line.text, look.sought)],
        signsOf(line, look)
      )
    }
  }
  return {
    rows: pairedLines(section, look.isOpen ? Infinity : linesAround),
    left: painter(section.left),
    right: painter(section.right)
  }
}

/** A mark that goes on from the line before begins where the text of its line does. */
const withoutIndent = (mark: Span, text: string): Span => {
  const indent = /^[ \t]*/.exec(text)?.[0].length ?? 0
  return mark.start === 0 && mark.end > indent ? { start: indent, end: mark.end } : mark
}

const cursorSign = "▌"

/** The cursor; and where there is no colour, brackets around the words that differ in a line that differs in part. */
const signsOf = ({ cursor, marks, text }: ShownLine, { hasColour }: Look): ReadonlyArray<Sign> => {
  const isWhole = marks.some(({ end, start }) => text.slice(start, end).trim() === text.trim())
  const brackets = hasColour || isWhole ?
    [] :
    marks.map((mark) => withoutIndent(mark, text)).flatMap(({ end, start }): ReadonlyArray<Sign> => [
      { at: start, text: "⟦", style: "" },
      { at: end, text: "⟧", style: "" }
    ])
  const signs: ReadonlyArray<Sign> = cursor === null
    ? brackets
    : [...brackets, { at: cursor, text: cursorSign, style: "cursor" }]
  return [...signs].sort((a, b) => a.at - b.at)
}
