/**
 * FIM: one text for plain training, with the tokens of the model in it, and beside it the parts that it is made of. A
 * row of another tool may hold the text alone, which is then taken apart at its tokens.
 */
import * as Schema from "effect/Schema"
import { splitText } from "../formats/split-prompt.ts"
import { splitTrainedEdit, type TrainedEdit } from "../next-edit/read-prompt.ts"
import { type Fields, textOf, valueIn } from "./fields.ts"
import { aside } from "./picture.ts"
import { promptedSections } from "./prompted.ts"
import { RowMetadata } from "./row-metadata.ts"
import { segmentsOf } from "./segments.ts"
import type { DatasetShape } from "./shape.ts"

/** The columns that TRL reads. */
export const FimRow = Schema.Struct({
  text: Schema.String,
  prefix: Schema.String,
  middle: Schema.String,
  suffix: Schema.String,
  /** Code of other files, as it stands in `text`; "" for none. */
  context: Schema.String,
  metadata: RowMetadata
})
export type FimRow = typeof FimRow.Type

interface FimParts {
  readonly prefix: string
  readonly middle: string
  readonly suffix: string
  /** Code of other files, "" for none. */
  readonly context: string
  /** Names of the fields that hold them. */
  readonly shown: ReadonlyArray<string>
}

const partsOf = (row: Fields): FimParts | undefined => {
  const [prefix, middle, suffix] = [textOf(row["prefix"]), textOf(row["middle"]), textOf(row["suffix"])]
  const context = textOf(row["context"]) ?? ""
  if (prefix !== undefined && middle !== undefined && suffix !== undefined) {
    return { prefix, middle, suffix, context, shown: allParts }
  }
  const text = textOf(row["text"])
  const split = text === undefined ? undefined : splitText(text, middle)
  return split === undefined ? undefined : {
    prefix: split.prefix,
    middle: split.middle,
    suffix: split.suffix,
    context: split.head === "" ? context : split.head,
    shown: ["text", "middle", "context"]
  }
}

const allParts = ["prefix", "middle", "suffix", "text", "context"]

/** The text of a next edit is a prompt and its answer; its parts tell less. */
const editIn = (row: Fields): TrainedEdit | undefined => {
  const text = textOf(row["text"])
  return text === undefined ? undefined : splitTrainedEdit(text, valueIn(row, "format"))
}

/** The shape of these rows. */
export const fim: DatasetShape<"fim"> = {
  name: "fim",
  schema: FimRow,
  // The originals' names: a file without another word in its name holds this shape.
  files: { train: "train", held: "val" },
  contrast: "none",
  is: (row) => partsOf(row) !== undefined,
  view: (row) => {
    const edit = editIn(row)
    if (edit !== undefined) {
      const answer = { name: "completion", text: edit.answer, isWanted: true }
      return { shown: allParts, sections: promptedSections(edit.prompt, [answer]) }
    }
    const { context, middle, prefix, shown, suffix } = partsOf(row) ?? nothing
    return {
      shown,
      sections: [
        { kind: "cut", name: "middle", prefix, middle, suffix, tone: "wanted" },
        ...aside("context", context)
      ]
    }
  },
  asked: (row) => {
    const edit = editIn(row)
    if (edit !== undefined) return { prompt: edit.prompt, wanted: edit.answer, unwanted: undefined }
    const { middle, prefix, suffix } = partsOf(row) ?? nothing
    return { prompt: `${prefix}\u0000${suffix}`, wanted: middle, unwanted: undefined }
  },
  rowsOf: ({ begunPrompt, completion, context, metadata, middle, prefix, suffix, text }, trainer) => {
    const columns = trainer === "axolotl" ? segmentsOf(begunPrompt, completion) : { text }
    return [{ answer: "wanted", row: { ...columns, prefix, middle, suffix, context, metadata } }]
  },
  llamaFactory: { columns: { prompt: "text" } },
  tag: "fill-in-the-middle"
}

const nothing: FimParts = { prefix: "", middle: "", suffix: "", context: "", shown: [] }
