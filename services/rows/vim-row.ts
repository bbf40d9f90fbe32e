/** The rows of vim-loop: edits with the keys that do them, as texts and as chats. */
import * as Schema from "effect/Schema"

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
  /** The files that stay on one side of the split together. */
  group: Schema.String,
  /** The round that solved the edit; of an edit that none did, the round of the keys. */
  round: Schema.Number,
  predictor: Schema.String,
  keystrokes: Schema.Number,
  /** Why the rejected or unwanted keys are: what they do wrong, "longer", or "near miss: …"; null where none are. */
  negative: Schema.NullOr(Schema.String)
})
export type VimMetadata = typeof VimMetadata.Type

/** One way that did the edit in Vim. */
export const TransformRow = Schema.Struct({
  source: Schema.String,
  target: Schema.String,
  /** The keys as whoever found them wrote them. */
  transform: Schema.String,
  /** The same keys in VimGolf's notation. */
  keys: Schema.String,
  keystrokes: Schema.Number,
  depth: Schema.NullOr(Schema.String),
  language: Schema.NullOr(Schema.String),
  round: Schema.Number,
  predictor: Schema.String,
  /** 1 for the shortest way that was found. */
  rank: Schema.Number,
  metadata: VimMetadata
})
export type TransformRow = typeof TransformRow.Type

export const ChatMessageRow = Schema.Struct({ role: Schema.String, content: Schema.String })
const Messages = Schema.Array(ChatMessageRow)

export const ChatSftRow = Schema.Struct({ messages: Messages, metadata: VimMetadata })
export type ChatSftRow = typeof ChatSftRow.Type

export const ChatKtoRow = Schema.Struct({
  prompt: Messages,
  completion: Messages,
  label: Schema.Boolean,
  metadata: VimMetadata
})
export type ChatKtoRow = typeof ChatKtoRow.Type

export const ChatDpoRow = Schema.Struct({
  prompt: Messages,
  chosen: Messages,
  rejected: Messages,
  metadata: VimMetadata
})
export type ChatDpoRow = typeof ChatDpoRow.Type
