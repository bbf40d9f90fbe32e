/** What a completion earns: its keys are typed, and the text decides. */
import { parseKeysLeniently } from "../../services/keys.ts"
import { isSolved, type Outcome, textOf } from "../../services/outcome.ts"
import { retype } from "../../services/retyping.ts"
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

const fence = /(?:^|\n)[ \t]*(```+|~~~+)[^\n]*\n([\s\S]*?)(?:\n[ \t]*)?\1[ \t]*(?=\n|$)/g

/**
 * Returns the answer in a completion: what stands in its last fenced block, else all of it without blank lines around.
 *
 * @example
 * answerIn("I delete it:\n```vim\ndd\n```\n") // "dd"
 */
export const answerIn = (completion: string): string => {
  const last = [...completion.matchAll(fence)].at(-1)?.[2]
  return last ?? completion.replace(/^(?:[ \t]*\n)+/, "").replace(/\s*\n\s*$/, "")
}

export const attemptOf = ({ completion, source }: Task): Attempt => ({
  source,
  keys: parseKeysLeniently(answerIn(completion))
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
    text: textOf(outcome) ?? null,
    outcome: outcome._tag
  }
}
