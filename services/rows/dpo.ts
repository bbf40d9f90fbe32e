/** DPO: a prompt with a wanted and an unwanted completion, side by side in one row. */
import * as Schema from "effect/Schema"
import type { Trainer } from "../formats/trainers.ts"
import { type Fields, textOf } from "./fields.ts"
import { promptedPicture, promptOf } from "./prompted.ts"
import { RowMetadata, spoiledBy } from "./row-metadata.ts"
import type { DatasetShape } from "./shape.ts"

/** The columns that TRL reads. */
export const DpoRow = Schema.Struct({
  prompt: Schema.String,
  chosen: Schema.String,
  rejected: Schema.String,
  metadata: RowMetadata
})
export type DpoRow = typeof DpoRow.Type

/** Returns the columns that a trainer reads. */
export const dpoColumns = (trainer: Trainer, prompt: string, chosen: string, rejected: string): Fields =>
  trainer === "llama-factory" ? { instruction: prompt, chosen, rejected } : { prompt, chosen, rejected }

/** The shape of these rows. */
export const dpo: DatasetShape<"dpo"> = {
  name: "dpo",
  schema: DpoRow,
  files: { train: "train_dpo", held: "test_dpo" },
  contrast: "pairs",
  is: (row) => promptOf(row) !== undefined && textOf(row["chosen"]) !== undefined,
  view: (row) =>
    promptedPicture(row, [
      { name: "chosen", text: textOf(row["chosen"]) ?? "", isWanted: true },
      { name: "rejected", text: textOf(row["rejected"]) ?? "", isWanted: false }
    ]),
  asked: (row) => ({
    prompt: promptOf(row) ?? "",
    wanted: textOf(row["chosen"]),
    unwanted: textOf(row["rejected"])
  }),
  rowsOf: ({ begunPrompt, completion, metadata, negative, prompt }, trainer) =>
    negative === null ? [] : [{
      answer: "both",
      row: {
        ...dpoColumns(trainer, trainer === "llama-factory" ? begunPrompt : prompt, completion, negative.completion),
        metadata: spoiledBy(negative.operator, metadata)
      }
    }],
  llamaFactory: { ranking: true, columns: { prompt: "instruction", chosen: "chosen", rejected: "rejected" } },
  tag: "dpo"
}
