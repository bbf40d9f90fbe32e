/** Shows rows as a person reads them: what the model sees, what it should write, and what it should not. */
import type { PooledRecord } from "../../services/Writer.ts"
import { shown as shownLine } from "../shared/cells.ts"

const colours = { dim: "\u001b[2m", green: "\u001b[32m", red: "\u001b[31m", bold: "\u001b[1m", reset: "\u001b[0m" }

/** Returns the text for one record. Control characters are shown, not sent to the terminal. */
export const renderPreview = (record: PooledRecord, ordinal: number, hasColour: boolean): string => {
  const paint = (colour: keyof typeof colours, text: string) =>
    hasColour ? `${colours[colour]}${text}${colours.reset}` : text
  const row = JSON.parse(new TextDecoder().decode(record.json))
  const { metadata } = row
  const title = `— ${ordinal}: ${metadata.repo}:${metadata.filepath} · ${metadata.kind} · ${metadata.format}` +
    `${metadata.commit === null ? "" : ` · ${metadata.commit.slice(0, 10)}`} —`
  const parts = [paint("bold", title)]
  const prompt = row.prompt ?? row.instruction
  const wanted = row.chosen ?? (row.label === false || row.kto_tag === false ? undefined : row.completion ?? row.output)
  const unwanted = row.rejected ??
    (row.label === false || row.kto_tag === false ? row.completion ?? row.output : undefined)
  if (prompt === undefined) {
    parts.push(
      paint("dim", shown(row.prefix)) + paint("green", hasColour ? shown(row.middle) : `⟦${shown(row.middle)}⟧`) +
        paint("dim", shown(row.suffix))
    )
  } else parts.push(paint("dim", shown(prompt)))
  if (wanted !== undefined) parts.push(paint("green", `+ ${shown(wanted)}`))
  if (unwanted !== undefined) parts.push(paint("red", `- ${shown(unwanted)} (${metadata.negative})`))
  return `${parts.join("\n")}\n\n`
}

const shown = (text: string): string => text.split(/\r?\n/).map((line) => shownLine(line)).join("\n")
