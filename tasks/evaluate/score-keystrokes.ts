/** What an answer of keystrokes is worth, once it was tried. */
import type { GivenAnswer, ScoredAnswer } from "./scored-answer.ts"
import type { KeystrokeGoal, TestRow } from "./test-row.ts"

/** What came of an answer that was to hold keys; null where it held none. */
export type KeystrokeTrial = {
  /** Whether the text is the wanted one, and Vim is gone or ready for the next command. */
  readonly isSolved: boolean
  /** Keys of the answer. */
  readonly keys: number
} | null

/** Returns what came of an answer to a row; null where there was nothing to type. */
export type TrialOf = (row: TestRow, text: string) => KeystrokeTrial

/** What an answer of keys is worth. One that the limit of tokens cut off is never exact. */
export const scoreKeystrokes = (
  { right }: KeystrokeGoal,
  { isCutOff }: GivenAnswer,
  trial: KeystrokeTrial
): ScoredAnswer => {
  const isSolved = trial?.isSolved === true
  return {
    stopping: null,
    scores: {
      exact: isSolved && !isCutOff ? 1 : 0,
      solved: isSolved ? 1 : 0,
      parsed: trial === null ? 0 : 1,
      "keys-ratio": isSolved ? Math.min(1, right.length / trial.keys) : 0
    }
  }
}
