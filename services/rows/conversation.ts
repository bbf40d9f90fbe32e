/** What rows that ask with messages have in common; messages have the form of OpenAI's chats, or that of ShareGPT. */
import * as Schema from "effect/Schema"
import { type Fields, isFields, textOf } from "./fields.ts"
import { answers, aside, code, type NamedText, type Picture, type Section } from "./picture.ts"
import { labelOf } from "./prompted.ts"

/** One message of a conversation. */
export const Message = Schema.Struct({ role: Schema.String, content: Schema.String })
export type Message = typeof Message.Type

const messagesIn = (value: unknown): ReadonlyArray<Message> | undefined =>
  Array.isArray(value) && value.length > 0 &&
    value.every((one) => isFields(one) && typeof one["role"] === "string" && typeof one["content"] === "string")
    ? value
    : undefined

/** What ShareGPT calls those who speak. */
const shareGptRoles: ReadonlyMap<unknown, string> = new Map([["human", "user"], ["gpt", "assistant"]])

/** Returns the messages of a row in the form that ShareGPT gives them; undefined for a row that has none. */
export const sharedMessagesOf = ({ conversations }: Fields): ReadonlyArray<Message> | undefined =>
  Array.isArray(conversations)
    ? messagesIn(
      conversations.map((one: unknown) =>
        isFields(one) ? { role: shareGptRoles.get(one["from"]) ?? one["from"], content: one["value"] } : one
      )
    )
    : undefined

/** Returns the messages that a row asks with; undefined for a row that has none. */
export const conversationOf = (row: Fields): ReadonlyArray<Message> | undefined =>
  messagesIn(row["prompt"]) ?? messagesIn(row["messages"]) ?? sharedMessagesOf(row)

/** Returns messages, or a text, as one text: equal messages give equal texts. */
export const spoken = (value: unknown): string | undefined =>
  Array.isArray(value) ? JSON.stringify(value) : textOf(value)

const answerColumns = ["completion", "chosen", "rejected"]

interface SpokenAnswer extends NamedText {
  readonly isWanted: boolean
}

/** Returns the answers of a row by their columns. */
const answersIn = (row: Fields): ReadonlyArray<SpokenAnswer> =>
  answerColumns.flatMap((column) =>
    (messagesIn(row[column]) ?? []).map(({ content }) => {
      const isWanted = column !== "rejected" && labelOf(row) !== false
      return { name: column === "completion" ? isWanted ? "wanted" : "unwanted" : column, text: content, isWanted }
    })
  )

/**
 * Returns what a person sees of a conversation: the answers, then the question. The last message may be the answer.
 * `other` is the row with the other answer to the same question.
 */
export const conversationPicture = (row: Fields, other?: Fields): Picture => {
  const asked = conversationOf(row) ?? []
  const inColumns = answersIn(row)
  const last = asked.at(-1)
  const isAnswered = inColumns.length === 0 && last?.role === "assistant"
  const given = isAnswered
    ? [{ name: last.role, text: last.content, isWanted: true }]
    : [...inColumns, ...(other === undefined ? [] : answersIn(other))]
  const questions = isAnswered ? asked.slice(0, -1) : asked
  return {
    shown: ["prompt", "messages", ...(sharedMessagesOf(row) === undefined ? [] : ["conversations"]), ...answerColumns],
    sections: [
      ...answerSections(given),
      ...questions.flatMap(({ content, role }) => (role === "system" ? [] : [code(role, content)])),
      ...questions.flatMap(({ content, role }) => (role === "system" ? aside(role, content) : []))
    ]
  }
}

/** One wanted answer and another one are compared; any others are shown as they are. */
const answerSections = (given: ReadonlyArray<SpokenAnswer>): ReadonlyArray<Section> => {
  const [wanted, unwanted] = [given.filter(({ isWanted }) => isWanted), given.filter(({ isWanted }) => !isWanted)]
  const [[better], [worse]] = [wanted, unwanted]
  return given.length === 2 && better !== undefined && worse !== undefined
    ? [answers(better, worse)]
    : given.map(({ isWanted, name, text }) => code(name, text, isWanted ? "wanted" : "unwanted"))
}
