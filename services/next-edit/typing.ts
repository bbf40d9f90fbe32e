/**
 * Where someone who types a line may be met in the middle of it: behind a comma more often than within a word. Source of
 * the weights: Zed's splitting of commits, July 2026.
 */
import type { Random } from "../text/random.ts"
import { drawIndex } from "../text/random.ts"
import { wordMiddle } from "../text/word-middle.ts"

/** A line that is partly typed. */
export interface TypedLine {
  /** The line as it stands: what is typed, and what of the old line is still there. */
  readonly text: string
  /** Where the cursor stands in it, behind what was typed. */
  readonly cursor: number
}

/** Weights of a border, by the character that was typed last. */
const weights: ReadonlyArray<readonly [pattern: RegExp, weight: number]> = [
  [/[,;:([{]/, 10],
  [/[)\]}]/, 8],
  [/\s/, 6],
  [/[.+\-*/=<>&|!]/, 5]
]
const endOfWord = 8
const insideWord = 1
const anyOther = 3

const isWord = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}_]/u.test(character)

const weightAt = (text: string, at: number): number => {
  const [last, next] = [text[at - 1], text[at]]
  if (isWord(last)) return isWord(next) ? insideWord : endOfWord
  return weights.find(([pattern]) => pattern.test(last ?? ""))?.[1] ?? anyOther
}

/** Old text behind the cursor stays where it and the new text are more alike than this: it will be typed over. */
const alike = 0.35

/**
 * Returns the line in the middle of being typed; undefined where there is nothing to stop in: a line that only loses
 * text, or whose new text is a single character. `old` is the line that it replaces, "" for a new one.
 */
export const typedLine = (old: string, fresh: string, random: Random): TypedLine | undefined => {
  const { head, tail } = wordMiddle(old, fresh)
  const [from, to] = [head, fresh.length - tail]
  const borders: Array<number> = []
  for (let at = from + 1; at < to; at++) {
    // Neither a surrogate pair nor white space before the first word is stopped in.
    const isPair = (fresh.charCodeAt(at) & 0xfc00) === 0xdc00
    if (!isPair && fresh.slice(0, at).trim() !== "" && fresh.slice(at, to).trim() !== "") borders.push(at)
  }
  const drawn = drawIndex(random, borders.map((at) => weightAt(fresh, at)))
  const cursor = drawn === undefined ? undefined : borders[drawn]
  if (cursor === undefined) return undefined
  const rest = old.slice(head, old.length - tail)
  const isKept = rest === "" || likeness(rest, fresh.slice(cursor, to)) > alike
  return { text: fresh.slice(0, cursor) + (isKept ? rest : "") + fresh.slice(to), cursor }
}

/** Whether a line is what became of another one, or what is left of it, rather than a line of its own. */
export const isRewritten = (old: string, fresh: string): boolean => {
  const [before, after] = [old.trim(), fresh.trim()]
  return likeness(before, after) > alike || (after !== "" && before.startsWith(after))
}

/** The share of characters that both texts have, by pairs of neighbours (Dice). */
const likeness = (one: string, other: string): number => {
  const pairs = (text: string) =>
    Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2))
  const left = new Map<string, number>()
  for (const pair of pairs(one)) left.set(pair, (left.get(pair) ?? 0) + 1)
  let same = 0
  for (const pair of pairs(other)) {
    const count = left.get(pair) ?? 0
    if (count === 0) continue
    left.set(pair, count - 1)
    same++
  }
  const all = Math.max(0, one.length - 1) + Math.max(0, other.length - 1)
  return all === 0 ? 0 : 2 * same / all
}
