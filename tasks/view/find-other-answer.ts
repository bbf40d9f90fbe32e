/** Finds the row of a file that answers the question of another row the other way. */
import * as Effect from "effect/Effect"
import type { FileRow, NumberedRow, RowFile } from "../../services/Reader.ts"
import { otherAnswerOf } from "../../services/rows/other-answer.ts"

/**
 * So many rows with the same text in them are looked at before the search is given up: each takes a read of some
 * megabytes.
 */
const mostLookedAt = 64

/**
 * Returns the row with the other answer; null for a row that has none in this file. It goes once through the bytes of
 * the file, which takes 0.3 s a GB.
 */
export const findOtherAnswer = Effect.fn("view.findOtherAnswer")(function*(file: RowFile, row: FileRow) {
  const query = row._tag === "row" ? otherAnswerOf(row.value) : undefined
  if (query === undefined) return null
  let from = 0
  for (let looked = 0; looked < mostLookedAt; looked++) {
    const index = yield* file.find(query.holding, from)
    if (index === null) return null
    const candidate = yield* file.row(index)
    if (candidate?._tag === "row" && query.isIt(candidate.value)) {
      const found: NumberedRow = { index, row: candidate }
      return found
    }
    from = index + 1
  }
  return null
})
