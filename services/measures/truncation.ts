/**
 * Wrong answers that stop where a right one goes on. An answer that gives a region anew has the rest of the region behind
 * what it changes, wherever the change stops; so of such answers what they change is compared.
 */
import { regionAfter } from "./next-edit/edit-score.ts"
import { readPrompt } from "../next-edit/read-prompt.ts"
import { differingMiddle } from "../text/diff.ts"

/** What an answer writes. */
export interface WrittenAnswer {
  /** The answer, or the region as the answer leaves it. */
  readonly text: string
  /** The region as the prompt shows it; null for an answer that gives no region. */
  readonly shown: string | null
}

/** Returns what an answer to a prompt writes; the prompt has no begin token. */
export const writtenBy = (prompt: string, answer: string): WrittenAnswer => {
  const read = readPrompt(prompt)
  const given = read?.parse(answer)
  return read === undefined || given === undefined || given._tag === "unreadable"
    ? { text: answer, shown: null }
    : { text: regionAfter(read.shown, given), shown: read.shown.region }
}

/**
 * Returns whether a wrong answer writes the beginning of what the right one writes, and no more. Both answer the same
 * prompt. One that leaves a region as it is has not begun.
 *
 * @example
 * isTruncation({ text: "a(b)", shown: null }, { text: "a(", shown: null }) // true
 * isTruncation({ text: "x\na(b)\ny", shown: "x\n\ny" }, { text: "x\na(\ny", shown: "x\n\ny" }) // true
 */
export const isTruncation = (right: WrittenAnswer, wrong: WrittenAnswer): boolean => {
  if (right.shown === null || wrong.shown === null) return isProperHead(right.text, wrong.text)
  const { head, tail } = differingMiddle(right.shown, right.text)
  const behind = right.text.length - tail
  if (wrong.text === wrong.shown || wrong.text.length < head + tail) return false
  return wrong.text.startsWith(right.text.slice(0, head)) && wrong.text.endsWith(right.text.slice(behind)) &&
    isProperHead(right.text.slice(head, behind), wrong.text.slice(head, wrong.text.length - tail))
}

/** White space at the end does not count. */
const isProperHead = (whole: string, part: string): boolean => {
  const text = part.trimEnd()
  return text !== whole.trimEnd() && whole.startsWith(text)
}
