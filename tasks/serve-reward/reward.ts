/** What a completion earns: its keys are typed, and the text decides. */
import { answerIn } from "../../services/formats/keystroke-chat.ts"
import { parseAnswer } from "../../services/keys/keystrokes.ts"
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
  readonly outcome: Outcome["_tag"]
}

export const attemptOf = ({ completion, source }: Task): Attempt => ({
  source,
  keys: parseAnswer(answerIn(completion))
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
