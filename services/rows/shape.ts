/**
 * What a row shape says of itself. Each shape is one file of this room that says what its rows are, and how they are
 * made, recognised, shown, scored and named; shapes.ts lists them.
 */
import type * as Schema from "effect/Schema"
import type { Trainer } from "../formats/trainers.ts"
import type { Side } from "../history/groups.ts"
import type { Fields } from "./fields.ts"
import type { Picture } from "./picture.ts"
import type { RowMetadata } from "./row-metadata.ts"

export interface RowShape {
  /** What viewers, figures and cards call it; shapes that differ only in texts or chats share a name. */
  readonly name: string
  /** The rows that we write; a row of another tool may have other columns. */
  readonly schema: Schema.Schema.AnyNoContext
  /** Whether a row is of this shape, ours or another tool's, where it is of no shape that stands before this in the list. */
  readonly is: (row: Fields) => boolean
  readonly view: (row: Fields) => Picture
  /** What a row asks for and what it answers; null for a shape that does neither. */
  readonly asked: ((row: Fields) => Asked | undefined) | null
  /** TRL's trainer: "SFT" is SFTTrainer with its SFTConfig; null for rows that none of them trains on. */
  readonly trl: string | null
  /** How a dataset card introduces a file of TRL's columns to other trainers; null where it does not. */
  readonly introduction: Introduction | null
  /** What the card is tagged with, or null. */
  readonly tag: string | null
}

/** What a row asks for and what it answers, as texts. */
export interface Asked {
  readonly prompt: string
  readonly wanted: string | undefined
  readonly unwanted: string | undefined
}

export interface Introduction {
  /** Axolotl's `type`, in YAML. */
  readonly axolotl: string
  /** LLaMA-Factory's entry in dataset_info.json, without the name of the file. */
  readonly llamaFactory: Fields
}

/**
 * How rows tell what is not wanted: not at all; by a label, so that wanted and unwanted rows wait in pools of their own
 * and are interleaved; or as pairs, where each row holds both.
 */
export type Contrast = "none" | "labels" | "pairs"

/** A shape that a run writes as tables, one for each side of the split. */
export interface TableShape extends RowShape {
  /** Names of its files, without their ending. */
  readonly files: Readonly<Record<Side, string>>
  readonly contrast: Contrast
}

/** A shape of generate's: made of places in code, for each trainer that can read it. */
export interface DatasetShape<Name extends string = string> extends TableShape {
  readonly name: Name
  readonly readBy: ReadonlyArray<Trainer>
  /** Returns the rows of a place, the wanted one first. */
  readonly rowsOf: (place: Place, trainer: Trainer) => ReadonlyArray<MadeRow>
  /** LLaMA-Factory's entry in dataset_info.json for rows that were made for it, without the name of the file. */
  readonly llamaFactory: Fields
}

/** A place in code as a model is asked for it: what rows of every type are made of. */
export interface Place {
  readonly prompt: string
  /** The right answer, with the end token that the trainer does not add itself. */
  readonly completion: string
  /** Prompt, right answer and the model's end token in one. */
  readonly text: string
  readonly prefix: string
  readonly middle: string
  readonly suffix: string
  /** Code of other files, "" for none. */
  readonly context: string
  readonly metadata: RowMetadata
  /** A wrong answer, ended as the right one, and the operator that made it; null where none was found. */
  readonly negative: { readonly completion: string; readonly operator: string } | null
}

export interface MadeRow {
  /** Which answers of its place it holds. */
  readonly answer: "wanted" | "unwanted" | "both"
  readonly row: Fields
}
