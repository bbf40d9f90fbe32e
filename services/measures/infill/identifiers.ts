/**
 * Whether an answer uses the names that it should, as CrossCodeEval looks at it. Comments and strings are found by
 * patterns, the same for every language: what follows "//" is gone in Python too, where it divides.
 */
import { keywordsOf } from "./keywords.ts"

const comments = /#.*|\/\/.*/g
const strings = /"[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\]*(?:\\.[^'\\]*)*'/g
const word = /[\p{L}\p{N}_]+/gu

/** Returns the names in a text, each once: words that begin with a Latin letter or "_" and are not reserved. */
export const identifiersIn = (text: string, language: string): ReadonlySet<string> => {
  const keywords = keywordsOf(language)
  const words = text.replace(comments, "").replace(strings, "").match(word) ?? []
  return new Set(words.filter((name) => /^[A-Za-z_]/.test(name) && !keywords.has(name)))
}

/**
 * Returns the F1 of the names of an answer against those of the right one, from 0 to 1. It is 0 where neither has a name,
 * so that its mean over a set has a most that is below 1.
 */
export const identifierF1 = (gold: string, answer: string, language: string): number => {
  const [wanted, given] = [identifiersIn(gold, language), identifiersIn(answer, language)]
  const right = [...given].filter((name) => wanted.has(name)).length
  return right === 0 ? 0 : 2 * right / (wanted.size + given.size)
}
