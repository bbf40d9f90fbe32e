/**
 * How the answer of a model to a question for keystrokes is read: thoughts are dropped, the keys are found, and what is no
 * keys but prose is refused, so that it is never typed.
 */
import * as Either from "effect/Either"
import { behindLastName, type Keystrokes, parseAnswer } from "../keys/keystrokes.ts"
import { withoutThoughts } from "./thoughts.ts"

/** Keys that were answered. */
export interface KeystrokeAnswer {
  /** As they were written. */
  readonly transform: string
  /** At least one. */
  readonly keys: Keystrokes
}

/** Why a completion holds no keys. */
export type AnswerRefusal =
  /** The thoughts of the model go on to the end. */
  | "unfinished thoughts"
  /** There is nothing, or nothing in the block. */
  | "empty answer"
  /** Words that are meant for a person. */
  | "prose"

/** The last block of an answer is looked for in so much of it, because each fence may be searched to the end. */
const searched = 16_384

const fence = /(?:^|\n)[ \t]*(`{3,32}|~{3,32})[^\n]*\n([\s\S]*?)(?:\n[ \t]*)?\1[ \t]*(?=\n|$)/g

/** A block whose end did not come, as where the fence is what ends a completion. */
const openFence = /(?:^|\n)[ \t]*(?:`{3,32}|~{3,32})[^\n`]*\n([\s\S]*)$/

/** What ends the turn of a model, where a server does not take it out. */
const endMark =
  /(?:<\|(?:im_end|eot_id|eom_id|end_of_text|endoftext|end_of_turn|end|return)\|>|<\/s>|<eos>|<end_of_turn>|<｜end▁of▁sentence｜>)$/
const longestEndMark = 24

/** Returns a text without the marks at its end; one without marks as it is. */
const withoutEndMarks = (text: string): string => {
  let rest = text
  for (;;) {
    const end = rest.trimEnd()
    const mark = endMark.exec(end.slice(-longestEndMark))?.[0]
    if (mark === undefined) return rest
    rest = end.slice(0, -mark.length)
  }
}

/** What many trainings have around an answer. */
const opening = /(?:^|\n)[ \t]*<answer>/gi
const closing = "</answer>"

const codeSpan = /^\s*(`{1,3})([^`\n]+)\1\s*$/

/** Returns the text without the blank lines around it. */
const trimmed = (text: string): string => {
  const behind = text.replace(/^(?:[ \t]*\n)+/, "")
  const end = behind.trimEnd()
  return behind.includes("\n", end.length) ? end : behind
}

/** Returns what stands between the tags of an answer that ends a text; all of it where there are none. */
const insideTags = (text: string): string => {
  const end = text.trimEnd()
  const tag = end.toLowerCase().endsWith(closing) ? [...end.matchAll(opening)].at(-1) : undefined
  return tag === undefined ? text : end.slice(tag.index + tag[0].length, -closing.length)
}

/** Returns the text between the last fences, or undefined. */
const blockIn = (text: string): string | undefined => {
  const end = text.slice(-searched)
  return [...end.matchAll(fence)].at(-1)?.[2] ?? openFence.exec(end)?.[1]?.replace(/\s+$/, "")
}

/** Parts of operators and text objects that could be words. */
const commandWord = /^(?:[cdvy](?:[ai][bpstw]|e)|ge)+$/

/** Whether a text between blanks is a word of a language; punctuation around it does not count. */
const isWord = (text: string): boolean => {
  const word = text.replace(/^[^\p{L}]+|[^\p{L}\p{M}]+$/gu, "")
  return /^\p{L}(?:[\p{Ll}\p{Lo}\p{M}]|['’-](?=\p{Ll}))+$/u.test(word) && /[aeiou\u0080-\uffff]/i.test(word) &&
    !commandWord.test(word)
}

/** All that some answers say, in single words. As keys, each would leave a word half typed. */
const remarks = new Set(
  "apologies cannot certainly done error goodbye hello hi impossible n/a no none nope nothing ok okay refuse refused sorry sure thanks todo unable undefined understood unknown unsure yes"
    .split(" ")
)

/** A letter that is no command of Vim. */
const foreignLetter = /^\s*(?![A-Za-z])\p{L}/u

/**
 * Whether a text is meant for a person: it begins with a letter that is no command of Vim, or behind the last key that is
 * written by its name come two words of a language at least, one with a colon, one that somebody says of themselves, or
 * nothing but a remark.
 *
 * @example
 * isProse("I cannot help.") // true
 * isProse("iI cannot help.<Esc>") // false
 */
export const isProse = (text: string): boolean =>
  foreignLetter.test(text) || isTalk(behindLastName(text).trim().split(/\s+/))

const isTalk = (parts: ReadonlyArray<string>): boolean => {
  const [first = ""] = parts
  const words = parts.filter(isWord).length
  if (parts.length === 1) return isRemark(first)
  return words > 1 || (words === 1 && (/^I(?:['’]\p{L}+)?$/u.test(first) || (/:[*_]*$/.test(first) && isWord(first))))
}

const isRemark = (text: string): boolean =>
  remarks.has(text.toLowerCase().replace(/[.!?…]+$/, "")) || /^I['’](?:m|d|ll|ve)$/.test(text)

/** Reads a completion: its last fenced block or, without one, all of it, if that is no prose. */
export const readAnswer = (completion: string): Either.Either<KeystrokeAnswer, AnswerRefusal> => {
  const answer = withoutThoughts(completion.replaceAll("\r\n", "\n"))
  if (answer === undefined) return Either.left("unfinished thoughts")
  const text = insideTags(withoutEndMarks(answer))
  const block = blockIn(text)
  const whole = trimmed(text)
  const transform = block ?? codeSpan.exec(whole)?.[2] ?? whole
  if (block === undefined && isProse(transform)) return Either.left("prose")
  const keys = parseAnswer(transform)
  return keys.length === 0 ? Either.left("empty answer") : Either.right({ transform, keys })
}
