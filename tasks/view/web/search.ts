/** The next and the previous row that holds a text and passes the filters, and how many such rows there are. */
import * as Effect from "effect/Effect"
import type { Matches } from "../matches.ts"
import { placeInMatches } from "../matches.ts"
import type { OpenedRows } from "./opened.ts"
import type { FoundAnswer, HitsAnswer } from "./protocol.ts"
import type { PageQuestion } from "./questions.ts"

/**
 * Returns the first row from `from` on, or the last one before it. A search goes on from the other end of the file where
 * it finds nothing more; a filter does not.
 */
export const foundIn = Effect.fn("view.find")(function*(file: OpenedRows, question: PageQuestion) {
  const { filters, from, sign, text } = question
  if (sign === 1 && text !== "" && filters.length === 0) {
    // This goes over the bytes from here on, and needs not know what stands before.
    const row = (yield* file.rows.find(text, from)) ?? (yield* file.rows.find(text, 0))
    const answer: FoundAnswer = { row }
    return answer
  }
  const matches = file.matchesOf({ text, filters })
  const found = yield* nextMatch(matches, from, sign)
  const answer: FoundAnswer = found ??
    (text === "" ? undefined : yield* nextMatch(matches, sign === 1 ? 0 : Infinity, sign)) ??
    { row: null }
  return answer
})

const nextMatch = (matches: Matches, from: number, sign: 1 | -1) =>
  sign === 1 ? matches.following(from) : matches.preceding(from)

/** Counts the rows that pass, to the end of the file. */
export const countHits = Effect.fn("view.hits")(function*(file: OpenedRows, { filters, row, text }: PageQuestion) {
  const matches = file.matchesOf({ text, filters })
  yield* matches.all
  const place = placeInMatches(matches.rows(), row)
  const answer: HitsAnswer = { rows: matches.found(), place: matches.rows()[place] === row ? place : null }
  return answer
})
