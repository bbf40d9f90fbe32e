/** What was done up to each edit of a commit, through the log that editors' typing goes through. */
import type { CommitEdits } from "./commit-edits.ts"
import { type EditLog, makeEditLog } from "./edit-log.ts"
import type { EditEvent } from "./example.ts"

/** An author makes the edits of a commit one after the other, without a pause. Milliseconds. */
const betweenEdits = 1
/** Long enough that an event of one commit is never part of one of the next. Milliseconds. */
const betweenCommits = 60_000

/** The logs of a commit. */
export interface CommitLogs {
  /** Returns a log of the first `done` edits, and of what was done before the commit. */
  readonly at: (done: number) => EditLog
  /** When an edit is made, the first one being the edit 1; milliseconds. */
  readonly millisAt: (edit: number) => number
}

/** Returns the logs of a commit; `earlier` is what its author did before it, oldest first. */
export const commitLogs = (
  { edits, textAfter }: CommitEdits,
  earlier: ReadonlyArray<EditEvent>
): CommitLogs => {
  const first = makeEditLog()
  for (const [place, { after, before, path }] of earlier.entries()) {
    first.edited(path, before, after, place * betweenCommits)
  }
  const millisAt = (edit: number): number => earlier.length * betweenCommits + edit * betweenEdits
  const logs = [first]
  return {
    at: (done) => {
      for (let count = logs.length; count <= done; count++) {
        const log = (logs[count - 1] ?? first).copy()
        const file = edits[count - 1]?.file
        if (file !== undefined) {
          log.edited(file.path, textAfter(file, count - 1), textAfter(file, count), millisAt(count))
        }
        logs.push(log)
      }
      return (logs[done] ?? first).copy()
    },
    millisAt
  }
}
