/** What of a section a sample shows, line by line: what changes, marked, and a few lines around it. */
import {
  type ChangeSection,
  type ChangeSide,
  edit,
  meaningOfSame,
  type Section,
  type Tone
} from "../../services/rows/picture.ts"
import {
  type FoldedLines,
  linesAround,
  linesOfCut,
  pairedLines,
  type ShownLine
} from "../../services/rows/shown-lines.ts"
import type { Span } from "../../services/text/span.ts"

/** A line of a sample. */
export interface SampleLine {
  readonly kind: "line"
  /** Says without colours what a line is: "+" is wanted or new, "-" is not. */
  readonly sign: "+" | "-" | " "
  readonly tone: Tone
  readonly text: string
  /** What of the text differs, or is to be written: UTF-16 spans in their order. */
  readonly marks: ReadonlyArray<Span>
}

export type SampleLines = ReadonlyArray<SampleLine | FoldedLines>

/** Returns the lines of a section; with `around` infinite none is folded away. */
export const linesOfSample = (section: Section, around = linesAround): SampleLines => {
  switch (section.kind) {
    case "code":
      return plainLines(section.text, section.tone)
    case "keys":
      return plainLines(section.keys, section.tone)
    case "cut":
      return linesOfCut(section, around).map((line) => {
        if (line.kind === "folded") return line
        return line.inside === null
          ? lineOf(line.text)
          : { ...lineOf(line.text, section.tone), marks: [line.inside] }
      })
    case "change":
      return changedLines(section, around)
    case "steps":
      return changedLines(
        edit({ name: section.name, before: section.states.at(-2) ?? "", after: section.states.at(-1) ?? "" }),
        around
      )
  }
}

const signs = { plain: " ", wanted: "+", unwanted: "-" } as const

const lineOf = (text: string, tone: Tone = "plain"): SampleLine => ({
  kind: "line",
  sign: signs[tone],
  tone,
  text,
  marks: []
})

const plainLines = (text: string, tone: Tone): SampleLines =>
  text.replace(/\r?\n$/, "").split(/\r?\n/).map((line) => lineOf(line, tone))

/** Two texts one under the other: where they differ, the lines of the one on the left come first. */
const changedLines = (section: ChangeSection, around: number): SampleLines => {
  const meaning = meaningOfSame(section)
  const out: Array<SampleLine | FoldedLines> = meaning === undefined ? [] : [lineOf(`(${meaning})`)]
  let waiting: Array<SampleLine> = []
  const put = ({ marks, text }: ShownLine, { sign, tone }: ChangeSide): SampleLine => ({
    kind: "line",
    sign,
    tone,
    text,
    marks
  })
  for (const row of pairedLines(section, around)) {
    if (row.kind === "folded" || row.isSame) {
      out.push(...waiting, row.kind === "folded" ? row : lineOf(row.left?.text ?? ""))
      waiting = []
      continue
    }
    if (row.left !== null) out.push(put(row.left, section.left))
    if (row.right !== null) waiting.push(put(row.right, section.right))
  }
  return [...out, ...waiting]
}
