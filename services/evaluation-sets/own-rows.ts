/** Our own rows, of every type and for every trainer: their prompts are taken apart, and kept as a model is asked with. */
import { withoutBegin } from "../formats/base-models.ts"
import { placeContext } from "../formats/context-style.ts"
import { parseInfill, withoutEnd } from "../formats/infill.ts"
import { type Order, presets } from "../formats/presets.ts"
import { splitPrompt } from "../formats/split-prompt.ts"
import { type Fields, languageOfRow, metadataOf, textOf } from "../rows/fields.ts"
import type { Asked } from "../rows/shape.ts"
import { shapeOf } from "../rows/shapes.ts"
import { fingerprint } from "../text/random.ts"
import { ownEdit, promptOfText } from "./own-edits.ts"
import { type EvaluationRow, type EvaluationSet, type NoEvaluationRow, noEvaluationRow, type RowOrigin } from "./row.ts"
import { toldIn } from "./told.ts"

const read = (row: Fields): EvaluationRow | NoEvaluationRow => {
  const asked = askedIn(row)
  if (asked === undefined) return noEvaluationRow("no prompt and answer in the row")
  if (asked.wanted === undefined) return noEvaluationRow("the answer is not the wanted one")
  const prompt = withoutBegin(asked.prompt)
  const origin = originOf(row, prompt)
  const [wanted, unwanted] = [withoutAnyEnd(asked.wanted), withoutAnyEnd(asked.unwanted ?? "")]
  const edit = ownEdit(origin, prompt, wanted, asked.unwanted === undefined ? undefined : unwanted)
  if (edit !== undefined) return edit
  const parts = partsIn(prompt, origin)
  if (parts === undefined) return noEvaluationRow("the prompt has the tokens of no model")
  const { context, prefix, suffix } = parts
  return {
    ...origin,
    _tag: "infill",
    prefix,
    suffix,
    gold: wanted,
    removed: "",
    context: context === "" ? [] : [{ path: "", text: context }],
    prompt
  }
}

/** The shapes whose rows ask with one text; those of keystrokes are answered in an editor. */
const shapesWithPrompts: ReadonlySet<string> = new Set(["fim", "sft", "kto", "dpo", "segments"])

const askedIn = (row: Fields): Asked | undefined => {
  const shape = shapeOf(row)
  if (!shapesWithPrompts.has(shape.name)) return undefined
  return shape.name === "fim" ? askedInText(row) : shape.asked?.(row)
}

/** A row for plain training holds prompt and answer as one text, or in segments, beside the parts of the file. */
const askedInText = (row: Fields): Asked | undefined => {
  const { middle, prefix, segments, suffix, ...rest } = row
  if (segments !== undefined) return shapeOf({ ...rest, segments }).asked?.(row)
  const text = withoutAnyEnd(toldIn(row, "text"))
  const [above, wanted, below] = [prefix, middle, suffix].map(textOf)
  const border = above === undefined || wanted === undefined || below === undefined
    ? undefined
    : promptOfText(text, { above, wanted, below })
  if (border !== undefined) return { prompt: text.slice(0, border), wanted: text.slice(border), unwanted: undefined }
  const answer = wanted ?? shapeOf(row).asked?.(row)?.wanted
  return answer === undefined || !text.endsWith(answer)
    ? undefined
    : { prompt: text.slice(0, text.length - answer.length), wanted: answer, unwanted: undefined }
}

/** Several models share their tokens, and not what ends an answer. */
const withoutAnyEnd = (text: string): string => {
  for (const preset of presets.values()) {
    const rest = withoutEnd(preset, text)
    if (rest !== text) return rest
  }
  return text
}

const originOf = (row: Fields, prompt: string): RowOrigin => {
  const metadata = metadataOf(row)
  const chars = metadata["context_chars"]
  return {
    id: fingerprint(prompt),
    path: toldIn(metadata, "filepath"),
    language: languageOfRow(row) ?? "",
    repository: toldIn(metadata, "repo"),
    commit: toldIn(metadata, "commit"),
    parent: toldIn(metadata, "parent"),
    group: toldIn(metadata, "group"),
    kind: toldIn(metadata, "kind"),
    date: toldIn(metadata, "date"),
    contextChars: typeof chars === "number" ? chars : 0
  }
}

interface PromptParts {
  readonly prefix: string
  readonly suffix: string
  readonly context: string
}

/** Stands for a character of the context while it is looked for. */
const filler = "\u0000"

/** Tells the code of other files from the file at hand: it stands before the tokens or behind the first of them. */
const partsIn = (prompt: string, { contextChars, path, repository }: RowOrigin): PromptParts | undefined => {
  const context = filler.repeat(contextChars)
  for (const preset of presets.values()) {
    const { beforePrefix, beforePrompt } = placeContext(preset, context, { path, repository })
    if (!isFilled(beforePrompt, prompt)) continue
    for (const order of orders) {
      if (preset.layouts[order] === undefined) continue
      const infill = parseInfill(preset, order, { prompt: prompt.slice(beforePrompt.length), completion: "" })
      if (infill === undefined || !isFilled(beforePrefix, infill.prefix)) continue
      const at = (beforePrompt + beforePrefix).indexOf(filler)
      return {
        prefix: infill.prefix.slice(beforePrefix.length),
        suffix: infill.suffix,
        context: at === -1 ? "" : (prompt.slice(0, beforePrompt.length) + infill.prefix).slice(at, at + contextChars)
      }
    }
  }
  // Of a prompt that another program wrote it is not known what its other files are.
  const split = splitPrompt(prompt)
  return split === undefined ? undefined : { prefix: split.prefix, suffix: split.suffix, context: split.head }
}

const orders: ReadonlyArray<Order> = ["PSM", "SPM1", "SPM2"]

/** Whether a text begins as a pattern does, where anything may stand in place of the filler. */
const isFilled = (pattern: string, text: string): boolean => {
  const at = pattern.indexOf(filler)
  if (at === -1) return text.startsWith(pattern)
  const behind = pattern.lastIndexOf(filler) + 1
  return text.startsWith(pattern.slice(0, at)) && text.startsWith(pattern.slice(behind), behind)
}

/** The set of all that we write. */
export const ownRows: EvaluationSet = {
  name: "retrace",
  is: (row) => shapesWithPrompts.has(shapeOf(row).name),
  read,
  write: null
}
