/** The answers that stand in the most rows. */
import { inkOf } from "../text/random.ts"

/** An answer that stands in several rows. */
export interface RepeatedAnswer {
  /** The answer as its first row has it, or the beginning of a long one. */
  readonly text: string
  /** In so many rows it stands at least; this is exact unless `missed` is above 0. */
  readonly rows: number
}

/** The answers of many rows. */
export interface AnswerRepeats {
  readonly rows: number
  /** The most repeated answers, the one with the most rows first. */
  readonly most: ReadonlyArray<RepeatedAnswer>
  /** How many rows of an answer may not have been counted: 0 unless there are very many answers. */
  readonly missed: number
}

/** Gathers answers; those that differ in white space only are one. */
export interface RepeatsGatherer {
  readonly add: (answer: string) => void
  readonly result: (count: number) => AnswerRepeats
}

/** So many answers are kept at most. */
const mostAnswers = 2 ** 16
/** Of an answer so much is kept. UTF-16 units. */
const keptLength = 200

/**
 * Makes a gatherer that keeps at most `room` answers, by the algorithm of Misra and Gries (1982): when there is no room,
 * one row of each answer is forgotten. An answer that stands in more than one of `room` rows is always among the result.
 */
export const makeRepeats = (room = mostAnswers): RepeatsGatherer => {
  const answers = new Map<number, { readonly text: string; rows: number }>()
  let [rows, missed] = [0, 0]
  return {
    add: (answer) => {
      rows++
      const key = inkOf([answer])
      const known = answers.get(key)
      if (known !== undefined) {
        known.rows++
        return
      }
      answers.set(key, { text: answer.slice(0, keptLength), rows: 1 })
      if (answers.size <= room) return
      missed++
      for (const [one, entry] of answers) if (--entry.rows === 0) answers.delete(one)
    },
    result: (count) => ({
      rows,
      missed,
      most: [...answers.values()].filter((answer) => answer.rows > 1).sort((a, b) => b.rows - a.rows).slice(0, count)
    })
  }
}
