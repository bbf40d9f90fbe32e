/**
 * The metadata of rows that are cut from code: the same keys in every row, "" for what does not apply. Loaders give a
 * column one type for all files from the rows that they see first, so that null there and text later ends the loading.
 */
import * as Schema from "effect/Schema"

/** Where a row comes from and how it was cut. */
export const RowMetadata = Schema.Struct({
  /** host/owner/name of the origin, or the name of the folder. */
  repo: Schema.String,
  filepath: Schema.String,
  language: Schema.String,
  /** Commit whose text was cut; "" for a plain folder. */
  commit: Schema.String,
  /** Parent of the commit; "" for a root commit, and for rows cut from a tree. */
  parent: Schema.String,
  /** Path in the parent; "" for a file that the commit adds, and for rows cut from a tree. */
  parent_filepath: Schema.String,
  /** Subject line; "" for rows cut from a tree. */
  commit_message: Schema.String,
  /** When the commit was made, by its committer, in ISO 8601; "" for rows cut from a tree. */
  date: Schema.String,
  /**
   * How the middle was cut: block, statement, expression, siblings, line-end, characters, lines. Of a next edit, where it
   * lies: same line, near, far, other file, no edit.
   */
  kind: Schema.String,
  /** [start, end) of the middle in the file at `commit`, in UTF-8 bytes; of a next edit, of its region in the file then. */
  span: Schema.Tuple(Schema.Number, Schema.Number),
  /** Name of the group of files that stay on one side of the split together. */
  group: Schema.String,
  /** The operator that made a negative; "" for a positive. */
  negative: Schema.String,
  /**
   * Licences of the text by their SPDX names, which all hold; of a next edit, those of all files that it shows changes of.
   * "" where they are not known, or nobody asked.
   */
  license: Schema.String,
  /** Whether something stands in place of personal data, so that the span does not give the text of the file. */
  redacted: Schema.Boolean,
  /** PSM, SPM1, SPM2, ZED, or the name of a dialect of next edits. */
  format: Schema.String,
  /** UTF-16 units of context from other files. */
  context_chars: Schema.Number,
  /** UTF-16 units that the budget took from the far ends of prefix and suffix. */
  prefix_cut: Schema.Number,
  suffix_cut: Schema.Number,
  /** Whether the middle stands word for word in prefix or suffix. */
  answer_in_prompt: Schema.Boolean,
  /** Whether the middle stands word for word in the context, that is, in another file. */
  answer_in_context: Schema.Boolean,
  /** One figure for the nodes and the depth of the syntax of the middle and for its lines; higher is harder. */
  complexity: Schema.Number
})
export type RowMetadata = typeof RowMetadata.Type

/** Returns the metadata of a row whose answer an operator spoiled. */
export const spoiledBy = (operator: string, metadata: RowMetadata): RowMetadata => ({ ...metadata, negative: operator })
