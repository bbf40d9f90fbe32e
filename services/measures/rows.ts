/**
 * What can be measured in a single training row: how it parses back, and how its completions differ.
 * Rows, ours or another tool's, are read as trainers read them; what a row lacks is undefined.
 */
import { withoutBegin } from "../formats/base-models.ts"
import { placeContext } from "../formats/context-style.ts"
import { parseInfill, withoutEnd } from "../formats/infill.ts"
import { type Order, type Preset, presets } from "../formats/presets.ts"
import { parseZed } from "../formats/zed.ts"
import { splitTrainedEdit } from "../next-edit/read-prompt.ts"
import { type Fields, isFields, metadataOf, textOf } from "../rows/fields.ts"
import { fim } from "../rows/fim.ts"
import type { Asked } from "../rows/shape.ts"
import { datasetShapes, shapeOf } from "../rows/shapes.ts"
import { isBlank } from "../text/span.ts"

/** What a row of any dataset type asks and answers, and where it comes from. */
export interface ReadRow extends Asked {
  readonly metadata: Fields
}

/** What ends a ZED prompt. */
const responseMark = "### Response:\n\n"

/** Reads a parsed line; undefined when it is not of a dataset type. */
export const readRow = (line: unknown, preset: Preset | undefined): ReadRow | undefined => {
  if (!isFields(line)) return undefined
  const shape = shapeOf(line)
  const metadata = metadataOf(line)
  if (shape === fim) return readText(line, metadata, preset)
  const asked = Object.values(datasetShapes).some((one) => one === shape) ? shape.asked?.(line) : undefined
  return asked === undefined ? undefined : { ...asked, metadata }
}

/** Reads a row of plain text, in which the prompt is what comes before the answer. */
const readText = (line: Fields, metadata: Fields, preset: Preset | undefined): ReadRow | undefined => {
  const middle = textOf(line["middle"])
  const text = textOf(line["text"])
  if (text === undefined || middle === undefined) return undefined
  const edit = splitTrainedEdit(text, metadata["format"])
  if (edit !== undefined) return { prompt: edit.prompt, wanted: edit.answer, unwanted: undefined, metadata }
  const isZed = metadata["format"] === "ZED"
  const whole = preset === undefined ? text : withoutEnd(preset, text)
  const at = isZed ? whole.lastIndexOf(responseMark) + responseMark.length : whole.length - middle.length
  return { prompt: whole.slice(0, at), wanted: whole.slice(at), unwanted: undefined, metadata }
}

/** The text of a row, taken apart again: all that the row shows of the file around the middle. */
export interface ParsedRow {
  readonly before: string
  readonly after: string
  readonly completion: string
}

/** Parses a completion with its prompt; undefined when the renderer of the format would not have written it. */
export const parseRow = (row: ReadRow, completion: string, preset: Preset | undefined): ParsedRow | undefined => {
  const { format, context_chars: chars, filepath, repo } = row.metadata
  const contextLength = typeof chars === "number" ? chars : 0
  if (format === "ZED") {
    const zed = parseZed(withoutBegin(row.prompt), completion, contextLength)
    return zed === undefined ? undefined : { before: zed.before, after: zed.after, completion: zed.rewritten }
  }
  if (preset === undefined || !isOrder(format) || preset.layouts[format] === undefined) return undefined
  // What stands around a context depends only on its length, so any text of that length shows where it ends.
  const placed = placeContext(preset, "-".repeat(contextLength), { repository: String(repo), path: String(filepath) })
  const prompt = withoutBegin(row.prompt).slice(placed.beforePrompt.length)
  const infill = parseInfill(preset, format, { prompt, completion })
  return infill === undefined ? undefined : {
    before: infill.prefix.slice(placed.beforePrefix.length),
    after: infill.suffix,
    completion: infill.middle
  }
}

const isOrder = (format: unknown): format is Order => format === "PSM" || format === "SPM1" || format === "SPM2"

/** Returns the preset of that name, or undefined. */
export const presetNamed = (name: unknown): Preset | undefined =>
  typeof name === "string" ? presets.get(name) : undefined

/** Whether a completion holds nothing but white space and the marks of an editable region. */
export const isBlankCompletion = (completion: string): boolean =>
  isBlank(completion.replace(/<\|editable_region_(?:start|end)\|>/g, ""))

/**
 * Returns the middle of another completion, given the right one and its middle: the part of `other` that stands where
 * `middle` stands in `completion`; undefined when they differ in more than the middle.
 *
 * @example
 * middleOfOther("x = 1\n", "1", "x = 23\n") // "23"
 */
export const middleOfOther = (completion: string, middle: string, other: string): string | undefined => {
  for (let at = completion.indexOf(middle); at !== -1; at = completion.indexOf(middle, at + 1)) {
    const head = completion.slice(0, at)
    const tail = completion.slice(at + middle.length)
    if (other.length >= head.length + tail.length && other.startsWith(head) && other.endsWith(tail)) {
      return other.slice(head.length, other.length - tail.length)
    }
  }
  return undefined
}
