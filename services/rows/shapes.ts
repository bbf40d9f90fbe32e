/** All row shapes. A shape that is missing from these lists is not written, recognised, shown or scored. */
import { withoutEnding } from "../formats/output-format.ts"
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
import { plainText } from "./text.ts"
import { transform } from "./transform.ts"

/**
 * The shapes in the order in which they are tried: a row is of the first that takes it. A chat may have any other
 * column; a pair has the columns of a labelled row, and that has those of a plain prompt and completion; an attempt has
 * the texts of its edit, as a transform has; these may carry the parts of a text, which a plain text does not; and
 * anything else is some other row.
 */
export const shapes: ReadonlyArray<RowShape> = [
  chatDpo,
  chatKto,
  chat,
  dpo,
  kto,
  sft,
  editPath,
  attempt,
  transform,
  fim,
  segments,
  plainText,
  rejected,
  other
]

/** What generate writes, by the names that --dataset-type takes. */
export const datasetShapes = { fim, sft, kto, dpo } satisfies Record<string, DatasetShape>

/** The name of a shape that generate writes. */
export type DatasetType = keyof typeof datasetShapes

/** The names of the shapes that generate writes. */
export const datasetTypes: ReadonlyArray<DatasetType> = Object.values(datasetShapes).map(({ name }) => name)

/** What vim-loop writes. */
export const vimShapes: ReadonlyArray<TableShape> = [transform, chat, chatKto, chatDpo]

/** What runs write as tables; the ones that most people want come first. */
export const tableShapes: ReadonlyArray<TableShape> = [...Object.values(datasetShapes), ...vimShapes]

/** Returns the shape of a parsed row. It looks into the texts of a row only where nothing else tells its shape. */
export const shapeOf = (row: unknown): RowShape =>
  isFields(row) ? shapes.find((shape) => shape.is(row)) ?? other : other

/** Returns the first shape of a name, or undefined. */
export const shapeNamed = (name: string): RowShape | undefined => shapes.find((shape) => shape.name === name)

/**
 * Returns the name that LLaMA-Factory is told for a file.
 *
 * @example
 * llamaFactoryName("train_kto-00001-of-00003.parquet") // "retrace_train_kto_00001"
 */
export const llamaFactoryName = (fileName: string): string =>
  `retrace_${withoutEnding(fileName).replace(/-(\d{5})-of-\d{5}$/, "_$1").replace(/[^\w.-]/g, "_")}`

/** Returns LLaMA-Factory's entry in dataset_info.json for one file of rows that were made for it. */
export const llamaFactoryEntry = (fileName: string, type: DatasetType): Fields => ({
  file_name: fileName,
  ...datasetShapes[type].llamaFactory
})
