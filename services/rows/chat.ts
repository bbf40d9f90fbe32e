/** Chat: messages whose last one is the answer to learn. */
import * as Schema from "effect/Schema"
import { conversationOf, conversationPicture, Message, sharedMessagesOf } from "./conversation.ts"
import { isFields } from "./fields.ts"
import type { TableShape } from "./shape.ts"
import { VimMetadata } from "./vim-metadata.ts"

/** A conversation that ends with the answer. */
export const ChatRow = Schema.Struct({ messages: Schema.Array(Message), metadata: VimMetadata })
export type ChatRow = typeof ChatRow.Type

/** Returns the row, its columns in the order of its schema. */
export const chatRow = ({ messages, metadata }: ChatRow): ChatRow => ({ messages, metadata })

/** The shape of these rows. */
export const chat: TableShape = {
  name: "chat",
  schema: ChatRow,
  files: { train: "sft", held: "test_sft" },
  contrast: "none",
  is: (row) => conversationOf(row) !== undefined,
  view: (row) => conversationPicture(row),
  asked: (row) => {
    const messages = Array.isArray(row["messages"]) ? row["messages"] : sharedMessagesOf(row)
    if (messages === undefined) return undefined
    const last: unknown = messages.at(-1)
    return {
      prompt: JSON.stringify(messages.slice(0, -1)),
      wanted: isFields(last) && "content" in last ? String(last["content"]) : "",
      unwanted: undefined
    }
  },
  tag: null
}
