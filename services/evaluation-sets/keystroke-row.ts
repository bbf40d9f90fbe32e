/** Rows of edits that are typed in Vim, of every shape that vim-loop writes, as questions in a chat with right keys. */
import * as Either from "effect/Either"
import { readAnswer } from "../formats/keystroke-answer.ts"
import { readQuestion, renderQuestion } from "../formats/keystroke-chat.ts"
import { type Keystrokes, parseAnswer, parseKeys, parseKeysLeniently } from "../keys/keystrokes.ts"
import { defaultVimOptions, type VimOptionsName } from "../keys/vim-options.ts"
import { chatDpo } from "../rows/chat-dpo.ts"
import { chatKto } from "../rows/chat-kto.ts"
import { chat } from "../rows/chat.ts"
import type { Message } from "../rows/conversation.ts"
import { type Fields, isFields, metadataOf, textOf } from "../rows/fields.ts"
import { labelOf } from "../rows/prompted.ts"
import { shapeOf } from "../rows/shapes.ts"
import { transform, vimOptionsOf } from "../rows/transform.ts"
import { type NoEvaluationRow, noEvaluationRow } from "./row.ts"
import { toldIn } from "./told.ts"

/** An edit to be typed; "" for what is not known. */
export interface KeystrokeRow {
  readonly _tag: "keystrokes"
  readonly source: string
  readonly target: string
  /** What the chat says, in the very words of training; null for a chat without a system message. */
  readonly system: string | null
  readonly user: string
  /** Keys that were found to do it; there is at least one. */
  readonly right: Keystrokes
  /** The options of the Vim that the right keys were tried in. */
  readonly vimOptions: VimOptionsName
  readonly language: string
  readonly group: string
  readonly commit: string
  /** How deep the change was cut, or "pair". */
  readonly kind: string
}

/** Returns the row of an edit that is typed, or why it cannot be asked; undefined for a row of another kind. */
export const readKeystrokeRow = (row: unknown): KeystrokeRow | NoEvaluationRow | undefined => {
  if (!isFields(row)) return undefined
  switch (shapeOf(row)) {
    case transform:
      return ofTransform(row)
    case chat: {
      const messages = messagesIn(row["messages"])
      return ofChat(row, messages?.slice(0, -1), messages?.slice(-1))
    }
    case chatKto:
      return labelOf(row) === false
        ? noEvaluationRow("the answer is not the wanted one")
        : ofChat(row, messagesIn(row["prompt"]), messagesIn(row["completion"]))
    case chatDpo:
      return ofChat(row, messagesIn(row["prompt"]), messagesIn(row["chosen"]))
    default:
      return undefined
  }
}

const messagesIn = (value: unknown): ReadonlyArray<Message> | undefined =>
  Array.isArray(value)
    ? value.flatMap((one) => isFields(one) ? [{ role: toldIn(one, "role"), content: toldIn(one, "content") }] : [])
    : undefined

const ofTransform = (row: Fields): KeystrokeRow | NoEvaluationRow => {
  const [source, target, keys, given] = ["source", "target", "keys", "transform"].map((name) => textOf(row[name]))
  if (source === undefined || target === undefined) return noEvaluationRow("an edit without its texts")
  const right = keys === undefined
    ? parseAnswer(given ?? "")
    : Either.getOrElse(parseKeys(keys), () => parseKeysLeniently(keys))
  const language = toldIn(row, "language")
  const [system, user] = renderQuestion({ source, target, language }, [])
  return rowOf(row, { source, target, system: system?.content ?? null, user: user?.content ?? "", language, right })
}

const ofChat = (
  row: Fields,
  asked: ReadonlyArray<Message> | undefined,
  answered: ReadonlyArray<Message> | undefined
): KeystrokeRow | NoEvaluationRow => {
  const system = asked?.[0]?.role === "system" ? asked[0].content : null
  const [question, ...more] = asked?.slice(system === null ? 0 : 1) ?? []
  const edit = question?.role === "user" && more.length === 0 ? readQuestion(question.content) : undefined
  if (question === undefined || edit === undefined) return noEvaluationRow("a chat that asks for no keystrokes")
  const answer = answered?.[0]?.role === "assistant" ? readAnswer(answered[0].content) : undefined
  const right = answer !== undefined && Either.isRight(answer) ? answer.right.keys : []
  return rowOf(row, { ...edit, language: edit.language ?? "", system, user: question.content, right })
}

type KnownParts = Pick<KeystrokeRow, "source" | "target" | "system" | "user" | "language" | "right">

const rowOf = (row: Fields, parts: KnownParts): KeystrokeRow | NoEvaluationRow => {
  const metadata = metadataOf(row)
  const depth = toldIn(metadata, "depth")
  return parts.right.length === 0 ? noEvaluationRow("keystrokes without a right answer") : {
    ...parts,
    _tag: "keystrokes",
    vimOptions: vimOptionsOf(metadata) ?? defaultVimOptions,
    group: toldIn(metadata, "group"),
    commit: toldIn(metadata, "commit"),
    kind: depth === "" ? "pair" : depth
  }
}
