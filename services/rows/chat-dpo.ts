/** DPO as a chat: the messages that ask, and those of a wanted and of an unwanted answer. */
import * as Schema from "effect/Schema"
import { conversationOf, conversationPicture, Message, spoken } from "./conversation.ts"
import { dpo } from "./dpo.ts"
import type { TableShape } from "./shape.ts"
import { VimMetadata } from "./vim-metadata.ts"

/** A question with a wanted and an unwanted answer. */
export const ChatDpoRow = Schema.Struct({
  prompt: Schema.Array(Message),
  chosen: Schema.Array(Message),
  rejected: Schema.Array(Message),
  metadata: VimMetadata
})
export type ChatDpoRow = typeof ChatDpoRow.Type

/** Returns the row, its columns in the order of its schema. */
export const chatDpoRow = ({ chosen, metadata, prompt, rejected }: ChatDpoRow): ChatDpoRow => ({
  prompt,
  chosen,
  rejected,
  metadata
})

/** The shape of these rows. */
export const chatDpo: TableShape = {
  name: dpo.name,
  schema: ChatDpoRow,
  files: { train: "dpo", held: "test_dpo" },
  contrast: "pairs",
  is: (row) => row["chosen"] !== undefined && conversationOf(row) !== undefined,
  view: (row) => conversationPicture(row),
  asked: (row) => ({
    prompt: spoken(row["prompt"]) ?? "",
    wanted: spoken(row["chosen"]),
    unwanted: spoken(row["rejected"])
  }),
  tag: dpo.tag
}
