/**
 * How far a native parser that calls itself may go in a text before the stack of its thread is full, which would end
 * the process. Nothing that it reads nests deeper than it has tokens, whatever its syntax and wherever its strings and
 * comments end, so tokens are counted and nothing else is understood.
 */
import { isMainThread, resourceLimits } from "node:worker_threads"

/**
 * Stack that one token takes at the most, in bytes. Of 60 kinds of nesting in JavaScript and TypeScript the worst took
 * 1,920 (oxc-parser 0.159.0, a tuple type in a tuple type); the rest is in reserve.
 */
const bytesOfToken = 4096

/** The stack of this thread, in mebibytes; a main thread has what systems usually give it. */
const stackMebibytes = isMainThread ? 8 : resourceLimits.stackSizeMb ?? 4

/** So many tokens fit on the stack of this thread, however they nest. */
export const mostTokens = Math.floor(stackMebibytes * 1024 * 1024 / bytesOfToken)

/** Whether a text has at most `most` tokens: words of ASCII, and all other units that are not white space. */
export const hasTokensUpTo = (text: string, most: number): boolean => {
  const { length } = text
  if (length <= most) return true
  let tokens = 0
  let isInWord = false
  for (let index = 0; index < length; index++) {
    const unit = text.charCodeAt(index)
    const isWord = (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57) ||
      unit === 95 || unit === 36
    if (unit > 32 && !(isWord && isInWord) && ++tokens > most) return false
    isInWord = isWord
  }
  return true
}
