/** The rows that hold a text, forth and back. */
import * as Effect from "effect/Effect"
import type { CannotReadRows, RowFile } from "../../services/Reader.ts"

/** What is searched, and for what. */
export interface Searched {
  readonly file: RowFile
  readonly text: string
  /** Whether a row is among those that are looked at. */
  readonly passes: (index: number) => Effect.Effect<boolean, CannotReadRows>
  /** Hears of each row that holds the text. */
  readonly tell: (index: number) => void
}

/** Gives the first row of [from, to) that holds the text; undefined for none. */
export const hitWithin = Effect.fnUntraced(function*({ file, passes, tell, text }: Searched, from: number, to: number) {
  for (let index = from;;) {
    const found = yield* file.find(text, index)
    if (found === null || found >= to) return undefined
    tell(found)
    if (yield* passes(found)) return found
    index = found + 1
  }
})

const lastWithin = Effect.fnUntraced(function*(searched: Searched, from: number, to: number) {
  let last: number | undefined
  for (let index = from; index < to;) {
    const found = yield* hitWithin(searched, index, to)
    if (found === undefined) break
    last = found
    index = found + 1
  }
  return last
})

/** How many rows are searched first, and how much more of them each time. */
const firstPiece = 64
const growth = 8

/** Gives the last row before one that holds the text: looked for in pieces that grow, because files are read forwards. */
export const hitBefore = Effect.fnUntraced(function*(searched: Searched, before: number) {
  let to = before
  for (let length = firstPiece; to > 0; length *= growth) {
    const from = Math.max(0, to - length)
    const found = yield* lastWithin(searched, from, to)
    if (found !== undefined) return found
    to = from
  }
  return undefined
})
