/** Changes as the commits that they are parts of. */
import { leaveOut, type Ledger, takeBack } from "../../../services/rows/ledger.ts"
import type { SurveyedChange } from "./survey.ts"

/** How many files a commit may change; more are one thing done to all of them, and not one thing after the other. */
export interface CommitLimit {
  readonly mostFiles: number
}

/** Map.groupBy of newer releases of Node. */
export const groupedBy = <Key, Value>(
  values: ReadonlyArray<Value>,
  keyOf: (value: Value) => Key
): ReadonlyMap<Key, ReadonlyArray<Value>> => {
  const groups = new Map<Key, Array<Value>>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group === undefined) groups.set(keyOf(value), [value])
    else group.push(value)
  }
  return groups
}

/** Returns the changes that are worked on, commit by commit. */
export const commitsIn = (changes: ReadonlyArray<SurveyedChange>): ReadonlyArray<ReadonlyArray<SurveyedChange>> => [
  ...groupedBy(changes.filter(({ isWorkedOn }) => isWorkedOn), ({ commit }) => commit).values()
]

/** Says of the changes of commits beyond the limit that they are not worked on, and counts them. */
export const inCommits = (
  changes: ReadonlyArray<SurveyedChange>,
  { mostFiles }: CommitLimit,
  ledger: Ledger
): ReadonlyArray<SurveyedChange> => {
  const reason = `more than ${mostFiles} files`
  const tooLarge = new Set<string>()
  for (const list of commitsIn(changes)) {
    const [first] = list
    if (first === undefined || list.length <= mostFiles) continue
    tooLarge.add(first.commit)
    takeBack(ledger, "commits", reason)
    leaveOut(ledger, "changes", reason, list.length)
  }
  return changes.map((change) => tooLarge.has(change.commit) ? { ...change, isWorkedOn: false } : change)
}
