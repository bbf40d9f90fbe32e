/** What differs in two texts, without a piece of a word at its end. */
import { differingMiddle } from "./diff.ts"

const isWordUnit = (text: string, at: number): boolean => /[\p{L}\p{N}_]/u.test(text.charAt(at))

/**
 * Returns the lengths of the head and the tail that two texts have in common, of which the tail begins in the middle of no
 * word. UTF-16 units.
 *
 * @example
 * wordMiddle("f(props)", "f(slotProps)") // { head: 2, tail: 1 }
 */
export const wordMiddle = (one: string, other: string): { readonly head: number; readonly tail: number } => {
  const { head, tail: common } = differingMiddle(one, other)
  const isWithin = (text: string, tail: number) =>
    isWordUnit(text, text.length - tail) && isWordUnit(text, text.length - tail - 1)
  let tail = common
  while (tail > 0 && (isWithin(one, tail) || isWithin(other, tail))) tail--
  return { head, tail }
}
