/** Held-out edits that are typed in Vim, as questions. */
import type { KeystrokeRow } from "../../services/evaluation-sets/keystroke-row.ts"
import { printKeys } from "../../services/keys/keystrokes.ts"
import { fingerprint } from "../../services/text/random.ts"
import type { TestRow } from "./test-row.ts"

/** Returns what an edit is known by: its question, since there are many right answers to it. */
export const idOfKeystrokes = ({ user }: KeystrokeRow): string => fingerprint("keystrokes", user)

/** Makes a question of an edit. */
export const keystrokeTestRow = (row: KeystrokeRow, place: string): TestRow => {
  const { commit, group, kind, language, right, source, system, target, user, vimOptions } = row
  return {
    place,
    id: idOfKeystrokes(row),
    prompt: user,
    gold: printKeys(right),
    goal: { _tag: "keystrokes", source, target, system, right, vimOptions },
    stops: [],
    language,
    isWhole: false,
    kind,
    format: "keystrokes",
    group,
    commit,
    contextChars: 0,
    shownIn: "nowhere",
    isAfterCutoff: null,
    trained: null
  }
}

/** Of two rows that ask for the same edit, returns the one at the place of the first, with the fewer keys of both. */
export const withFewerKeys = (first: TestRow, second: TestRow): TestRow =>
  first.goal._tag === "keystrokes" && second.goal._tag === "keystrokes" &&
    second.goal.right.length < first.goal.right.length
    ? { ...first, gold: second.gold, goal: second.goal }
    : first
