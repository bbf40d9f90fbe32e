/** SFT: a prompt and the completion to learn. Rows with the columns of Alpaca are of this shape too. */
import * as Schema from "effect/Schema"
import type { Trainer } from "../formats/trainers.ts"
import type { Fields } from "./fields.ts"
import { answerOf, promptedPicture, promptOf } from "./prompted.ts"
import { RowMetadata } from "./row-metadata.ts"
import { segmentsOf } from "./segments.ts"
import type { DatasetShape } from "./shape.ts"

/** The columns that TRL reads. */
export const SftRow = Schema.Struct({ prompt: Schema.String, completion: Schema.String, metadata: RowMetadata })
export type SftRow = typeof SftRow.Type

/** Returns the columns that a trainer reads. */
export const sftColumns = (trainer: Trainer, prompt: string, completion: string): Fields => {
  switch (trainer) {
    case "trl":
      return { prompt, completion }
    case "axolotl":
      return segmentsOf(prompt, completion)
    case "llama-factory":
      return { instruction: prompt, input: "", output: completion }
  }
}

/** The shape of these rows. */
export const sft: DatasetShape<"sft"> = {
  name: "sft",
  schema: SftRow,
  files: { train: "train_sft", held: "val_sft" },
  contrast: "none",
  is: (row) => promptOf(row) !== undefined && answerOf(row) !== undefined,
  view: (row) => promptedPicture(row, [{ name: "completion", text: answerOf(row) ?? "", isWanted: true }]),
  asked: (row) => ({ prompt: promptOf(row) ?? "", wanted: answerOf(row), unwanted: undefined }),
  rowsOf: ({ begunPrompt, completion, metadata, prompt }, trainer) => [
    {
      answer: "wanted",
      row: { ...sftColumns(trainer, trainer === "trl" ? prompt : begunPrompt, completion), metadata }
    }
  ],
  llamaFactory: { columns: { prompt: "instruction", query: "input", response: "output" } },
  tag: null
}
