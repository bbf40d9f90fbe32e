/** What rows that ask with messages have in common; messages have the form of OpenAI's chats. */
import * as Schema from "effect/Schema"
import { type Fields, isFields, textOf } from "./fields.ts"
import { code, type Picture } from "./picture.ts"
import { labelOf } from "./prompted.ts"

/** One message of a conversation. */
export const Message = Schema.Struct({ role: Schema.String, content: Schema.String })
export type Message = typeof Message.Type

const messagesIn = (value: unknown): ReadonlyArray<Message> | undefined =>
  Array.isArray(value) && value.length > 0 &&
    value.every((one) => isFields(one) && typeof one["role"] === "string" && typeof one["content"] === "string")
    ? value
    : undefined

/** Returns the messages that a row asks with; undefined for a row that has none. */
export const conversationOf = (row: Fields): ReadonlyArray<Message> | undefined =>
  messagesIn(row["prompt"]) ?? messagesIn(row["messages"])

/** Returns messages, or a text, as one text: equal messages give equal texts. */
export const spoken = (value: unknown): string | undefined =>
  Array.isArray(value) ? JSON.stringify(value) : textOf(value)

const answers = ["completion", "chosen", "rejected"]

/** Returns what a person sees of a conversation: the question, then the answers; the last message may be the answer. */
export const conversationPicture = (row: Fields): Picture => {
  const asked = conversationOf(row) ?? []
  const isWrong = labelOf(row) === false
  const answered = answers.flatMap((name) =>
    (messagesIn(row[name]) ?? []).map(({ content }) =>
      code(name, content, name === "rejected" || isWrong ? "unwanted" : "wanted")
    )
  )
  const isAnswer = ({ role }: Message, index: number) =>
    answered.length === 0 && index === asked.length - 1 && role === "assistant"
  return {
    shown: ["prompt", "messages", ...answers],
    sections: [
      ...asked.map((message, index) =>
        code(message.role, message.content, isAnswer(message, index) ? "wanted" : "plain")
      ),
      ...answered
    ]
  }
}
