/** KTO as a chat: the messages that ask, those that answer, and whether the answer is wanted. */
import * as Schema from "effect/Schema"
import { conversationOf, conversationPicture, Message, spoken } from "./conversation.ts"
import { askedWith, kto } from "./kto.ts"
import { labelOf } from "./prompted.ts"
import type { TableShape } from "./shape.ts"
import { VimMetadata } from "./vim-metadata.ts"

/** A question with one answer, and whether that is wanted. */
export const ChatKtoRow = Schema.Struct({
  prompt: Schema.Array(Message),
  completion: Schema.Array(Message),
  label: Schema.Boolean,
  metadata: VimMetadata
})
export type ChatKtoRow = typeof ChatKtoRow.Type

/** Returns the row, its columns in the order of its schema. */
export const chatKtoRow = ({ completion, label, metadata, prompt }: ChatKtoRow): ChatKtoRow => ({
  prompt,
  completion,
  label,
  metadata
})

/** The shape of these rows. */
export const chatKto: TableShape = {
  name: kto.name,
  schema: ChatKtoRow,
  files: { train: "kto", held: "test_kto" },
  contrast: "labels",
  is: (row) => row["completion"] !== undefined && conversationOf(row) !== undefined,
  view: (row, other) => conversationPicture(row, other),
  asked: (row) => askedWith(spoken(row["prompt"]), spoken(row["completion"]), labelOf(row)),
  tag: kto.tag
}
