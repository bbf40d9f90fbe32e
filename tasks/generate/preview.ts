/** Shows rows as a person reads them: what the model sees, what it should write, and what it should not. */
import * as Schema from "effect/Schema"
import { fim } from "../../services/rows/fim.ts"
import { wantedCutIn } from "../../services/rows/picture.ts"
import { RowMetadata } from "../../services/rows/row-metadata.ts"
import { shapeOf } from "../../services/rows/shapes.ts"
import type { PooledRecord } from "../../services/Writer.ts"
import { shown as shownLine } from "../shared/cells.ts"

const colours = { dim: "\u001b[2m", green: "\u001b[32m", red: "\u001b[31m", bold: "\u001b[1m", reset: "\u001b[0m" }

const decodeRow = Schema.decodeUnknownSync(
  Schema.parseJson(Schema.Struct({ metadata: RowMetadata }, { key: Schema.String, value: Schema.Unknown }))
)

/** Returns the text for one record. Control characters are shown, not sent to the terminal. */
export const previewOfRecord = (record: PooledRecord, ordinal: number, hasColour: boolean): string => {
  const paint = (colour: keyof typeof colours, text: string) =>
    hasColour ? `${colours[colour]}${text}${colours.reset}` : text
  const row = decodeRow(new TextDecoder().decode(record.json))
  const { metadata } = row
  const title = `— ${ordinal}: ${metadata.repo}:${metadata.filepath} · ${metadata.kind} · ${metadata.format}` +
    `${metadata.commit === "" ? "" : ` · ${metadata.commit.slice(0, 10)}`} —`
  const parts = [paint("bold", shownLine(title))]
  const shape = shapeOf(row)
  // A prompt is shown as the model sees it, tokens and all; plain text has none.
  const cut = shape === fim ? wantedCutIn(shape.view(row).sections) : undefined
  if (cut !== undefined) {
    const middle = shown(cut.middle)
    parts.push(
      paint("dim", shown(cut.prefix)) + paint("green", hasColour ? middle : `⟦${middle}⟧`) +
        paint("dim", shown(cut.suffix))
    )
  } else {
    const { prompt = "", unwanted, wanted } = shape.asked?.(row) ?? {}
    parts.push(paint("dim", shown(prompt)))
    if (wanted !== undefined) parts.push(paint("green", `+ ${shown(wanted)}`))
    if (unwanted !== undefined) parts.push(paint("red", `- ${shown(unwanted)} (${metadata.negative})`))
  }
  return `${parts.join("\n")}\n\n`
}

const shown = (text: string): string => text.split(/\r?\n/).map((line) => shownLine(line)).join("\n")
