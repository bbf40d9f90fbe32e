/** What a completion earns: its keys are typed, and the text decides. */
import * as Either from "effect/Either"
import { type AnswerRefusal, readAnswer } from "../../services/formats/keystroke-answer.ts"
import { isSolved, type Outcome, textAfter } from "../../services/keys/outcome.ts"
import { retype } from "../../services/keys/retyping.ts"
import type { Attempt } from "../../services/Sandbox.ts"

export interface Task {
  readonly source: string
  readonly target: string
  readonly completion: string
}

export interface Reward {
  readonly reward: number
  /** Whether the text is the target. */
  readonly valid: boolean
  readonly keystrokes: number
  /** The text that the keys left; null when they left none. */
  readonly text: string | null
  /** How the attempt ended; "refused" where there was nothing to type. */
  readonly outcome: Outcome["_tag"] | "refused"
  /** Why there was nothing. */
  readonly reason?: AnswerRefusal
}

/** What is to be typed for a task, or why there is nothing. */
export const attemptOf = ({ completion, source }: Task): Either.Either<Attempt, AnswerRefusal> =>
  Either.map(readAnswer(completion), ({ keys }) => ({ source, keys }))

/** What a completion without keys earns. */
export const refusedReward = (reason: AnswerRefusal): Reward => ({
  reward: 0,
  valid: false,
  keystrokes: 0,
  text: null,
  outcome: "refused",
  reason
})

/**
 * 1 for the target, else 0. With a bonus, the target earns up to that share more: all of it for no keys at all, nothing
 * for as many as retyping the lines that differ takes, in between what is saved.
 */
export const rewardOf = (task: Task, outcome: Outcome, lengthBonus: number): Reward => {
  const valid = isSolved(outcome, task.target)
  const { keystrokes } = outcome
  const retyping = lengthBonus === 0 ? 0 : retype(task.source, task.target).length
  const saved = retyping === 0 ? 0 : Math.max(0, 1 - keystrokes / retyping)
  return {
    reward: valid ? 1 + lengthBonus * saved : 0,
    valid,
    keystrokes,
    text: textAfter(outcome) ?? null,
    outcome: outcome._tag
  }
}
