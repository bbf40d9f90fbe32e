/** The metadata of rows about edits that are typed in Vim: the same keys in every row, null for what is not known. */
import * as Schema from "effect/Schema"
import { VimOptionsName } from "../keys/vim-options.ts"

/** Where an edit comes from and how its keys were found; the same keys in every row, null for what is not known. */
export const VimMetadata = Schema.Struct({
  /** 16 hex digits of source and target. */
  edit: Schema.String,
  repo: Schema.NullOr(Schema.String),
  filepath: Schema.NullOr(Schema.String),
  language: Schema.NullOr(Schema.String),
  commit: Schema.NullOr(Schema.String),
  parent: Schema.NullOr(Schema.String),
  parent_filepath: Schema.NullOr(Schema.String),
  commit_message: Schema.NullOr(Schema.String),
  /** [start, end) of the texts in the files before and after, in UTF-8 bytes. */
  span_before: Schema.NullOr(Schema.Tuple(Schema.Number, Schema.Number)),
  span_after: Schema.NullOr(Schema.Tuple(Schema.Number, Schema.Number)),
  /** expression, statement, block, function, class or file; null for a pair that was given. */
  depth: Schema.NullOr(Schema.String),
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
   * Why keys are rejected or unwanted: what they do wrong, "longer", or "near miss: …"; null where there are no such
   * keys.
   */
  negative: Schema.NullOr(Schema.String)
})
export type VimMetadata = typeof VimMetadata.Type
