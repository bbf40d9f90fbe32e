/** Every row shape, once. A shape that is not in these lists is not written, recognised, shown or scored. */
import type { Trainer } from "../formats/trainers.ts"
import { attempt } from "./attempt.ts"
import { chatDpo } from "./chat-dpo.ts"
import { chatKto } from "./chat-kto.ts"
import { chat } from "./chat.ts"
import { dpo } from "./dpo.ts"
import { editPath } from "./edit-path.ts"
import { type Fields, isFields } from "./fields.ts"
import { fim } from "./fim.ts"
import { kto } from "./kto.ts"
import { other } from "./other.ts"
import { rejected } from "./rejected.ts"
import { segments } from "./segments.ts"
import { sft } from "./sft.ts"
import type { DatasetShape, RowShape, TableShape } from "./shape.ts"
import { text } from "./text.ts"
import { transform } from "./transform.ts"

/**
 * The shapes in the order in which a row is tried: it is of the first that takes it. A chat may have any other column, a
 * pair has what a labelled row has, which has what a plain prompt and completion have; those may carry parts of a text,
 * which a plain text does not; and anything is some other row.
 */
export const shapes: ReadonlyArray<RowShape> = [
  chatDpo,
  chatKto,
  chat,
  dpo,
  kto,
  sft,
  editPath,
  transform,
  attempt,
  fim,
  segments,
  text,
  rejected,
  other
]

/** What generate writes, by the names that --dataset-type takes. */
export const datasetShapes = { fim, sft, kto, dpo } satisfies Record<string, DatasetShape>

export type DatasetType = keyof typeof datasetShapes

export const datasetTypes: ReadonlyArray<DatasetType> = Object.values(datasetShapes).map(({ name }) => name)

/** What vim-loop writes. */
export const vimShapes: ReadonlyArray<TableShape> = [transform, chat, chatKto, chatDpo]

/** What a run writes as tables; what most people come for stands first. */
export const tableShapes: ReadonlyArray<TableShape> = [...Object.values(datasetShapes), ...vimShapes]

/** Returns the shape of a parsed row, which takes no look at what its texts hold unless there is nothing else to tell it by. */
export const shapeOf = (row: unknown): RowShape =>
  isFields(row) ? shapes.find((shape) => shape.is(row)) ?? other : other

/** Returns the first shape of a name. */
export const shapeNamed = (name: string): RowShape | undefined => shapes.find((shape) => shape.name === name)

/** Returns the types of dataset that a trainer can read. */
export const typesReadBy = (trainer: Trainer): ReadonlyArray<DatasetType> =>
  datasetTypes.filter((type) => datasetShapes[type].readBy.includes(trainer))

/** Returns LLaMA-Factory's entry in dataset_info.json for one file of rows that were made for it. */
export const llamaFactoryEntry = (fileName: string, type: DatasetType): Fields => ({
  file_name: fileName,
  ...datasetShapes[type].llamaFactory
})
