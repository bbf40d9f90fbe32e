/** The file of the cursor, without the answer: its text, and what it declares, which is read when it is first asked for. */
import { type Sketched, sketchOf } from "./sketch.ts"

export interface Here {
  /** The text around the cursor. */
  readonly text: string
  /** Where in it the cursor stands, and where the prefix of the question starts; less than 0 where it is longer. */
  readonly cursor: number
  readonly start: number
  readonly symbols: () => ReadonlyArray<Sketched>
}

/** UTF-16 units on each side that are looked at. */
const reach = 100_000

export const hereOf = (language: string, prefix: string, suffix: string): Here => {
  const above = prefix.slice(-reach)
  const text = above + suffix.slice(0, reach)
  let symbols: ReadonlyArray<Sketched> | undefined
  return {
    text,
    cursor: above.length,
    start: above.length - prefix.length,
    symbols: () => symbols ??= sketchOf(language, text)
  }
}
