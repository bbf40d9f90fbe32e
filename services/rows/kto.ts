/** KTO: one completion in each row, and whether it is wanted; right and wrong answers to a prompt are separate rows. */
import * as Schema from "effect/Schema"
import type { Trainer } from "../formats/trainers.ts"
import type { Fields } from "./fields.ts"
import { answerOf, labelOf, promptedPicture, promptOf } from "./prompted.ts"
import { RowMetadata, spoiledBy } from "./row-metadata.ts"
import type { DatasetShape } from "./shape.ts"

/** The columns that TRL reads. */
export const KtoRow = Schema.Struct({
  prompt: Schema.String,
  completion: Schema.String,
  label: Schema.Boolean,
  metadata: RowMetadata
})
export type KtoRow = typeof KtoRow.Type

/** Returns the columns that a trainer reads. */
export const ktoColumns = (trainer: Trainer, prompt: string, completion: string, label: boolean): Fields =>
  trainer === "llama-factory"
    ? { instruction: prompt, output: completion, kto_tag: label }
    : { prompt, completion, label }

/** The shape of these rows. */
export const kto: DatasetShape<"kto"> = {
  name: "kto",
  schema: KtoRow,
  files: { train: "train_kto", held: "test_kto" },
  contrast: "labels",
  is: (row) => promptOf(row) !== undefined && answerOf(row) !== undefined && typeof labelOf(row) === "boolean",
  view: (row, other) => {
    const mine = labelledAnswer(row)
    if (other === undefined) return promptedPicture(row, [mine])
    const theirs = labelledAnswer(other)
    return promptedPicture(row, mine.isWanted ? [mine, theirs] : [theirs, mine])
  },
  asked: (row) => askedWith(promptOf(row), answerOf(row), labelOf(row)),
  rowsOf: ({ begunPrompt, completion, metadata, negative, ...place }, trainer) => {
    const prompt = trainer === "llama-factory" ? begunPrompt : place.prompt
    const wanted = { answer: "wanted", row: { ...ktoColumns(trainer, prompt, completion, true), metadata } } as const
    return negative === null ? [wanted] : [
      wanted,
      {
        answer: "unwanted",
        row: {
          ...ktoColumns(trainer, prompt, negative.completion, false),
          metadata: spoiledBy(negative.operator, metadata)
        }
      }
    ]
  },
  llamaFactory: { columns: { prompt: "instruction", response: "output", kto_tag: "kto_tag" } },
  tag: "kto"
}

const labelledAnswer = (row: Fields) => {
  const isWanted = labelOf(row) !== false
  return { name: isWanted ? "wanted" : "unwanted", text: answerOf(row) ?? "", isWanted }
}

/** Returns what a labelled row asks and answers. */
export const askedWith = (prompt: string | undefined, answer: string | undefined, label: unknown) =>
  label === false
    ? { prompt: prompt ?? "", wanted: undefined, unwanted: answer }
    : { prompt: prompt ?? "", wanted: answer, unwanted: undefined }
