/**
 * The metadata of rows about edits that are typed in Vim: the same keys in every row, "" for what is not known, so that
 * no column is null in one file and text in another.
 */
import * as Schema from "effect/Schema"
import { VimOptionsName } from "../keys/vim-options.ts"

/** Where an edit comes from and how its keys were found. */
export const VimMetadata = Schema.Struct({
  /** 16 hex digits of source and target. */
  edit: Schema.String,
  repo: Schema.String,
  filepath: Schema.String,
  language: Schema.String,
  commit: Schema.String,
  parent: Schema.String,
  parent_filepath: Schema.String,
  commit_message: Schema.String,
  /** [start, end) of the texts in the files before and after, in UTF-8 bytes; a pair that was given is all of its file. */
  span_before: Schema.Tuple(Schema.Number, Schema.Number),
  span_after: Schema.Tuple(Schema.Number, Schema.Number),
  /** expression, statement, block, function, class or file; "" for a pair that was given. */
  depth: Schema.String,
  /** Lines that differ. */
  lines: Schema.Number,
  /** Name of the group of files that stay on one side of the split together. */
  group: Schema.String,
  /** The round that solved the edit, or the round of the keys where no round did. */
  round: Schema.Number,
  predictor: Schema.String,
  keystrokes: Schema.Number,
  /** The options of the Vim that the keys were tried in. */
  vim_options: VimOptionsName,
  /**
   * Why keys are rejected or unwanted: what they do wrong, "longer", or "near miss: …"; "" where there are no such
   * keys.
   */
  negative: Schema.String
})
export type VimMetadata = typeof VimMetadata.Type
