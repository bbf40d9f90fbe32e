/**
 * How a model is asked for keystrokes. A chat server is sent the very messages that training rows hold, so that a model is
 * asked in the words it learned from. keystroke-answer.ts reads what it answers.
 */
import { type Keystrokes, printKeys } from "../keys/keystrokes.ts"

/** One message of a chat. */
export interface ChatMessage {
  readonly role: "system" | "user" | "assistant"
  readonly content: string
}

interface AskedEdit {
  readonly source: string
  readonly target: string
  readonly language?: string | null
}

const instruction =
  `You edit text in Vim. The text is open, the cursor stands on its first character, and Vim is in Normal mode. Answer with the keys to type, as few as you can, that make the text the wanted one and end in Normal mode; there is no need to save.

Write the keys on one line in a fenced block. A key that types a character is that character, only "<" is written <lt>; the others are written as names: <Esc>, <CR>, <Tab>, <BS>, <C-v> and so on.`

/** Returns a fence that is longer than any in the text. */
const fenceAround = (text: string): string => {
  const longest = [...text.matchAll(/`{3,}/g)].reduce((most, [run]) => Math.max(most, run.length), 2)
  return "`".repeat(longest + 1)
}

const fenced = (text: string, tag: string): string => {
  const fence = fenceAround(text)
  return `${fence}${tag}\n${text}${text === "" || text.endsWith("\n") ? "" : "\n"}${fence}`
}

const question = ({ language, source, target }: AskedEdit): ChatMessage => ({
  role: "user",
  content: `The text:\n${fenced(source, language ?? "")}\n\nThe wanted text:\n${fenced(target, language ?? "")}`
})

/** Reads a text between fences, and tells where what follows it starts; undefined where there is none. */
const readFenced = (text: string, from: number) => {
  const opening = /(`{3,})([^\n`]*)\n/y
  opening.lastIndex = from
  const [head = "", fence = "", tag = ""] = opening.exec(text) ?? []
  const start = from + head.length
  const close = head === "" ? -1 : text.indexOf(fence, start)
  return close === -1 ? undefined : { text: text.slice(start, close), tag, end: close + fence.length }
}

/**
 * Reads the edit that a message of ours asks for; undefined where it is none. A text whose last line had no end has one,
 * since a question does not tell these apart.
 */
export const readQuestion = (asked: string): Required<AskedEdit> | undefined => {
  const source = readFenced(asked, "The text:\n".length)
  const target = source && readFenced(asked, source.end + "\n\nThe wanted text:\n".length)
  if (source === undefined || target === undefined) return undefined
  const edit = { source: source.text, target: target.text, language: source.tag === "" ? null : source.tag }
  return question(edit).content === asked ? edit : undefined
}

const answer = (keys: Keystrokes): ChatMessage => ({ role: "assistant", content: renderAnswer(keys) })

/** Returns the answer that a model should give. */
export const renderAnswer = (keys: Keystrokes): string => fenced(printKeys(keys), "vim")

/**
 * Returns the messages that ask for an edit; solved examples come before it, with their answers, in the given order.
 */
export const renderQuestion = (
  edit: AskedEdit,
  examples: ReadonlyArray<AskedEdit & { readonly keys: Keystrokes }>
): ReadonlyArray<ChatMessage> => [
  { role: "system", content: instruction },
  ...examples.flatMap((example) => [question(example), answer(example.keys)]),
  question(edit)
]
