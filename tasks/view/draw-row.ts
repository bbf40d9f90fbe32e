/** The view of a row as lines, each with a gutter of two cells that says what its colour says. */
import { lineDiff } from "../../services/text/diff.ts"
import type { ChangeSection, ChangeSide, CutSection, Section, Tone } from "../../services/rows/picture.ts"
import { linesOfCut, pairedLines, type ShownLine } from "../../services/rows/shown-lines.ts"
import type { RowView } from "../../services/rows/row-view.ts"
import { type Line, shown, type Style, type TextRun } from "../shared/cells.ts"

/** A line before it is wrapped. */
export interface DrawnLine {
  readonly gutter: string
  readonly line: Line
}

export interface Drawing {
  readonly lines: ReadonlyArray<DrawnLine>
  /** The first line of what matters most, to be scrolled to. */
  readonly focus: number
}

const styleOf: Readonly<Record<Tone, Style>> = { plain: "", wanted: "wanted", unwanted: "unwanted" }
const gutterOf: Readonly<Record<Tone, string>> = { plain: "  ", wanted: "+ ", unwanted: "- " }

/** `step` is the state of an edit path that is shown, from 0. */
export const drawRow = (view: RowView, step: number): Drawing => {
  const lines: Array<DrawnLine> = []
  let focus = 0
  for (const section of view.sections) {
    lines.push({ gutter: "", line: [{ text: `── ${shown(headingOf(section, step))} `, style: "title" }] })
    const drawn = drawSection(section, step)
    if (focus === 0 && drawn.focus > 0) focus = lines.length + drawn.focus
    for (const line of drawn.lines) lines.push(line)
    lines.push({ gutter: "", line: [] })
  }
  return { lines, focus }
}

const headingOf = (section: Section, step: number): string => {
  switch (section.kind) {
    case "steps":
      return `state ${Math.min(step + 1, section.states.length)} of ${section.states.length}`
    case "keys":
      return `${section.name}${section.note === "" ? "" : ` (${section.note})`}`
    default:
      return section.name
  }
}

const drawSection = (section: Section, step: number): Drawing => {
  switch (section.kind) {
    case "code":
      return {
        focus: 0,
        lines: drawnLines(section.text).map((text) => ({
          gutter: gutterOf[section.tone],
          line: [{ text: shown(text), style: styleOf[section.tone] }]
        }))
      }
    case "keys":
      return { focus: 0, lines: [{ gutter: gutterOf[section.tone], line: keyRuns(section.keys, section.tone) }] }
    case "cut":
      return drawCut(section)
    case "change":
      return { focus: 0, lines: drawChange(section) }
    case "steps": {
      const at = Math.min(step, section.states.length - 1)
      return drawState(section.states[at - 1] ?? "", section.states[at] ?? "")
    }
  }
}

/** A last line end closes the last line, and opens none. */
const drawnLines = (text: string): ReadonlyArray<string> => {
  const lines = text.replaceAll("\r\n", "\n").split("\n")
  return lines.length > 1 && lines[lines.length - 1] === "" ? lines.slice(0, -1) : lines
}

/** Keys with names stand out; a text is as it is typed. */
const keyRuns = (keys: string, tone: Tone): Line =>
  keys.split(/(<[^<>\s]{1,10}>)/).flatMap((part): ReadonlyArray<TextRun> =>
    part === "" ? [] : [{ text: shown(part), style: /^<[^<>]+>$/.test(part) ? "key" : styleOf[tone] }]
  )

const foldedLine = (lines: number): DrawnLine => ({
  gutter: "  ",
  line: [{ text: `⋯ ${lines} lines`, style: "dim" }]
})

/** A text with its middle between brackets, which also stand where there is no colour. */
const drawCut = (section: CutSection): Drawing => {
  const { tone } = section
  const mark: Style = tone === "unwanted" ? "unwanted mark" : "wanted mark"
  const all = linesOfCut(section)
  const touched = all.flatMap((line, place) => (line.kind === "line" && line.inside !== null ? [place] : []))
  const [first, last] = [touched[0] ?? -1, touched.at(-1) ?? -1]
  const lines = all.map((line, place): DrawnLine => {
    if (line.kind === "folded") return foldedLine(line.lines)
    const { inside, text } = line
    if (inside === null) return { gutter: "  ", line: [{ text: shown(text), style: "dim" }] }
    const parts: ReadonlyArray<readonly [string, Style]> = [
      [text.slice(0, inside.start), "dim"],
      [place === first ? "⟦" : "", mark],
      [text.slice(inside.start, inside.end), styleOf[tone]],
      [place === last ? "⟧" : "", mark],
      [text.slice(inside.end), "dim"]
    ]
    return { gutter: gutterOf[tone], line: runsOf(parts) }
  })
  return { lines, focus: Math.max(first, 0) }
}

/** Texts and their styles as runs: what a tab takes depends on what stands before it. */
const runsOf = (parts: ReadonlyArray<readonly [string, Style]>): Line => {
  let column = 0
  return parts.flatMap(([text, style]) => {
    if (text === "") return []
    const run = { text: shown(text, column), style }
    column += run.text.length
    return [run]
  })
}

/** Two texts one under the other: where they differ, the lines of the one on the left come first. */
const drawChange = (section: ChangeSection): ReadonlyArray<DrawnLine> => {
  const out: Array<DrawnLine> = []
  let waiting: Array<DrawnLine> = []
  const rows = pairedLines(section)
  const put = (line: ShownLine, { sign, tone }: ChangeSide): DrawnLine => ({
    gutter: `${sign} `,
    line: markedRuns(line, styleOf[tone], tone === "unwanted" ? "unwanted mark" : "wanted mark")
  })
  const close = () => {
    out.push(...waiting)
    waiting = []
  }
  for (const row of rows) {
    if (row.kind === "folded") {
      close()
      out.push(foldedLine(row.lines))
    } else if (row.isSame) {
      close()
      out.push({ gutter: "  ", line: [{ text: shown(row.left?.text ?? ""), style: "" }] })
    } else {
      if (row.left !== null) out.push(put(row.left, section.left))
      if (row.right !== null) waiting.push(put(row.right, section.right))
    }
  }
  close()
  return rows.some((row) => row.kind === "pair" && !row.isSame)
    ? out
    : [{ gutter: "  ", line: [{ text: "(nothing differs)", style: "dim" }] }, ...out]
}

const markedRuns = ({ marks, text }: ShownLine, style: Style, mark: Style): Line => {
  let at = 0
  const parts: Array<readonly [string, Style]> = []
  for (const { end, start } of marks) {
    parts.push([text.slice(at, start), style], [text.slice(start, end), mark])
    at = end
  }
  return runsOf([...parts, [text.slice(at), style]])
}

/** A state of a program, with what the last edit brought and took. */
const drawState = (before: string, after: string): Drawing => {
  const lines: Array<DrawnLine> = []
  const plain = (text: string) => {
    if (text === "") return
    for (const line of drawnLines(text)) lines.push({ gutter: "  ", line: [{ text: shown(line), style: "dim" }] })
  }
  // Without a line end of its own the last line would not equal itself once more lines follow.
  const [old, now] = [before, after].map((text) => (text === "" ? "" : `${text}\n`))
  if (old === undefined || now === undefined) return { lines, focus: 0 }
  let at = 0
  let focus = 0
  for (const hunk of lineDiff(old, now)) {
    plain(now.slice(at, hunk.new.start))
    if (focus === 0) focus = lines.length
    for (
      const [text, tone] of [[old.slice(hunk.old.start, hunk.old.end), "unwanted"], [
        now.slice(hunk.new.start, hunk.new.end),
        "wanted"
      ]] as const
    ) {
      if (text === "") continue
      for (const line of drawnLines(text)) {
        lines.push({ gutter: gutterOf[tone], line: [{ text: shown(line), style: styleOf[tone] }] })
      }
    }
    at = hunk.new.end
  }
  plain(now.slice(at))
  return { lines, focus }
}
