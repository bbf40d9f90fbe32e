/** Shows programs growing: after each edit the whole text, what is new in colour. */
import { applyRendered, type EditFormat } from "../../services/edits/edit-format.ts"
import { editBetween } from "../../services/edits/line-edit.ts"
import type { LineText } from "../../services/text/lines.ts"
import type { EditPathRow } from "../../services/rows/edit-path.ts"
import { shown as shownLine } from "../shared/cells.ts"

const colours = { dim: "\u001b[2m", green: "\u001b[32m", red: "\u001b[31m", bold: "\u001b[1m", reset: "\u001b[0m" }

export const previewOfPath = (row: EditPathRow, format: EditFormat, hasColour: boolean): string => {
  const paint = (colour: keyof typeof colours, text: string) =>
    hasColour ? `${colours[colour]}${text}${colours.reset}` : text
  const out: Array<string> = []
  let before: LineText = { lines: [], isOpen: false }
  for (const [step, text] of row.edit_path.entries()) {
    const after: LineText = { lines: applyRendered(format, before.lines, text), isOpen: false }
    const place = shownLine(`${row.source_file}, program ${row.index}`)
    out.push(paint("bold", `— ${place}: edit ${step + 1} of ${row.edit_path.length} —`))
    let at = 0
    let shift = 0
    for (const { added, removed, start } of editBetween(before, after)) {
      for (; at < start + shift; at++) out.push(paint("dim", `  ${shown(after.lines[at] ?? "")}`))
      for (const line of removed) out.push(paint("red", `- ${shown(line)}`))
      for (const line of added) out.push(paint("green", `+ ${shown(line)}`))
      at += added.length
      shift += added.length - removed.length
    }
    for (; at < after.lines.length; at++) out.push(paint("dim", `  ${shown(after.lines[at] ?? "")}`))
    out.push("")
    before = after
  }
  return `${out.join("\n")}\n`
}

const shown = (line: string): string => shownLine(line.replace(/\r$/, ""))
