/** The view of a row as lines, each with a gutter of two cells that says what its colour says. */
import { differingMiddle, lineDiff } from "../../services/text/diff.ts"
import type { CutSection, Section, Tone } from "../../services/rows/picture.ts"
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
      return { focus: 0, lines: drawChange(section.before, section.after) }
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

/** A text with its middle between brackets, which also stand where there is no colour. */
const drawCut = ({ middle, prefix, suffix, tone }: CutSection): Drawing => {
  const mark: Style = tone === "unwanted" ? "unwanted mark" : "wanted mark"
  const lines: Array<DrawnLine> = []
  let open: Array<TextRun> = []
  let isTouched = false
  let focus = -1
  const close = () => {
    if (isTouched && focus === -1) focus = lines.length
    lines.push({ gutter: isTouched ? gutterOf[tone] : "  ", line: open })
    open = []
    isTouched = false
  }
  const put = (text: string, style: Style, isMiddle: boolean) => {
    for (const [index, part] of text.replaceAll("\r\n", "\n").split("\n").entries()) {
      if (index > 0) close()
      const column = open.reduce((sum, run) => sum + run.text.length, 0)
      if (part !== "") open.push({ text: shown(part, column), style })
      isTouched ||= isMiddle
    }
  }
  put(prefix, "dim", false)
  put("⟦", mark, true)
  put(middle, styleOf[tone], true)
  put("⟧", mark, true)
  put(suffix, "dim", false)
  if (open.length > 0) close()
  return { lines, focus: Math.max(focus, 0) }
}

/** Lines around a difference that are shown. */
const around = 3

/** What differs between two texts, line by line, and inside the lines where as many came as went. */
const drawChange = (before: string, after: string): ReadonlyArray<DrawnLine> => {
  const hunks = lineDiff(before, after)
  const out: Array<DrawnLine> = []
  if (hunks.length === 0) return [{ gutter: "  ", line: [{ text: "(nothing differs)", style: "dim" }] }]
  let at = 0
  const keepLines = (text: string, isFirst: boolean, isLast: boolean) => {
    const lines = text === "" ? [] : drawnLines(text)
    const head = isFirst ? 0 : around
    const tail = isLast ? 0 : around
    const hidden = lines.length - head - tail
    for (const [index, line] of lines.entries()) {
      if (hidden > 1 && index >= head && index < lines.length - tail) {
        if (index === head) out.push({ gutter: "  ", line: [{ text: `⋯ ${hidden} lines`, style: "dim" }] })
      } else out.push({ gutter: "  ", line: [{ text: shown(line), style: "" }] })
    }
  }
  for (const [index, { new: added, old }] of hunks.entries()) {
    keepLines(before.slice(at, old.start), index === 0, false)
    at = old.end
    const gone = old.start === old.end ? [] : drawnLines(before.slice(old.start, old.end))
    const come = added.start === added.end ? [] : drawnLines(after.slice(added.start, added.end))
    const isPaired = gone.length === come.length
    for (const [line, text] of gone.entries()) {
      out.push({ gutter: "- ", line: marked(text, isPaired ? come[line] : undefined, "unwanted", "unwanted mark") })
    }
    for (const [line, text] of come.entries()) {
      out.push({ gutter: "+ ", line: marked(text, isPaired ? gone[line] : undefined, "wanted", "wanted mark") })
    }
  }
  keepLines(before.slice(at), false, true)
  return out
}

const marked = (text: string, other: string | undefined, style: Style, mark: Style): Line => {
  if (other === undefined) return [{ text: shown(text), style }]
  const { head, tail } = differingMiddle(text, other)
  const end = text.length - tail
  const start = shown(text.slice(0, head))
  const middle = shown(text.slice(head, end), start.length)
  return [
    { text: start, style },
    { text: middle, style: mark },
    { text: shown(text.slice(end), start.length + middle.length), style }
  ].filter((run) => run.text !== "")
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
