/**
 * What a row shape says about itself. Each shape is one file of this room: it says what its rows are, and how they are
 * made, recognised, shown, scored and named. shapes.ts lists them all.
 */
import type * as Schema from "effect/Schema"
import type { Trainer } from "../formats/trainers.ts"
import type { Side } from "../history/split.ts"
import type { Fields } from "./fields.ts"
import type { Picture } from "./picture.ts"
import type { RowMetadata } from "./row-metadata.ts"

/** A kind of row. */
export interface RowShape {
  /** What viewers, figures and cards call it; shapes that differ only in texts or chats share a name. */
  readonly name: string
  /** The rows that we write; a row of another tool may have other columns. */
  readonly schema: Schema.Schema.AnyNoContext
  /** Whether a row, ours or another tool's, is of this shape, given that no earlier shape of the list takes it. */
  readonly is: (row: Fields) => boolean
  /** Returns what a person sees of a row; `other` is the row with the other answer to its question, where it is known. */
  readonly view: (row: Fields, other?: Fields) => Picture
  /** Returns what a row asks for and what it answers; null for a shape that does neither. */
  readonly asked: ((row: Fields) => Asked | undefined) | null
  /** A tag for the card, or null. */
  readonly tag: string | null
}

/** What a row asks for and what it answers, as texts. */
export interface Asked {
  readonly prompt: string
  readonly wanted: string | undefined
  readonly unwanted: string | undefined
}

/**
 * How rows tell what is not wanted: not at all; by labels, so that wanted and unwanted rows wait in separate pools and
 * are interleaved; or as pairs, where each row holds both.
 */
export type Contrast = "none" | "labels" | "pairs"

/** A shape that a run writes as tables, one for each side of the split. */
export interface TableShape extends RowShape {
  /** Names of its files, without their ending. */
  readonly files: Readonly<Record<Side, string>>
  readonly contrast: Contrast
}

/** A shape that generate writes: rows are made from places in code, for each trainer. */
export interface DatasetShape<Name extends string = string> extends TableShape {
  readonly name: Name
  /** Returns the rows of a place, the wanted one first. */
  readonly rowsOf: (place: Place, trainer: Trainer) => ReadonlyArray<MadeRow>
  /** LLaMA-Factory's entry in dataset_info.json for rows that were made for it, without the name of the file. */
  readonly llamaFactory: Fields
}

/** A place in code and what a model is asked there: rows of all types are made from it. */
export interface Place {
  readonly prompt: string
  /** The right answer, with the end token that the trainer does not add itself. */
  readonly completion: string
  /** The prompt behind the begin token of the model, for trainers that add none. */
  readonly begunPrompt: string
  /** Prompt and right answer in one, with the end token that the trainer does not add itself. */
  readonly text: string
  readonly prefix: string
  readonly middle: string
  readonly suffix: string
  /** Code from other files; "" for none. */
  readonly context: string
  readonly metadata: RowMetadata
  /** A wrong answer that ends as the right one does, and the operator that made it; null where none was found. */
  readonly negative: { readonly completion: string; readonly operator: string } | null
}

/** A row that was made from a place. */
export interface MadeRow {
  /** Which answers to its place it holds. */
  readonly answer: "wanted" | "unwanted" | "both"
  readonly row: Fields
}
