/** Reads a repository's history: which changes a task looks at, oldest first, and why it does not look at the others. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Commit, CommitRange, FileChange, Repository } from "../../../services/Git.ts"
import type { Selected } from "../../../services/history/selection.ts"
import { keep, leaveOut, type Ledger } from "../../../services/rows/ledger.ts"

/** A change that was selected, and the commit that made it. */
export interface SelectedChange extends FileChange {
  readonly commit: string
  readonly parent: string | null
  /** Committer date, seconds since 1970. */
  readonly seconds: number
  readonly author: string
  readonly subject: string
  /** Name of the language. */
  readonly language: string
}

export interface History {
  /** The newest commit, or null where none is in range. */
  readonly head: string | null
  /** Oldest first; of one commit in the order of their paths. */
  readonly changes: ReadonlyArray<SelectedChange>
}

/** Counts "commits", and the "changes" that are left out; those that are selected are counted by whoever uses them. */
export const readHistory = Effect.fn("shared.readHistory")(function*(
  repository: Repository,
  range: CommitRange,
  select: (change: FileChange) => Selected,
  ledger: Ledger
) {
  const changes: Array<SelectedChange> = []
  let head: string | null = null
  yield* Stream.runForEachChunk(repository.commits(range), (commits) =>
    Effect.sync(() => {
      for (const commit of commits) {
        head ??= commit.sha
        readCommit(commit, select, changes, ledger)
      }
    }))
  // Git tells the newest first.
  changes.reverse()
  const history: History = { head, changes }
  return history
})

const readCommit = (
  commit: Commit,
  select: (change: FileChange) => Selected,
  changes: Array<SelectedChange>,
  ledger: Ledger
): void => {
  if (commit.parents.length > 1) return leaveOut(ledger, "commits", "merge")
  if (commit.isCutOff) return leaveOut(ledger, "commits", "parent left out of this clone")
  if (commit.changes.length === 0) return leaveOut(ledger, "commits", "no file changed")
  keep(ledger, "commits")
  // Reversed as a whole later, so that within a commit the paths end up in their order.
  for (const change of commit.changes.toReversed()) {
    const selected = select(change)
    if (selected._tag === "refused") leaveOut(ledger, "changes", selected.reason)
    else {
      changes.push({
        ...change,
        commit: commit.sha,
        parent: commit.parents[0] ?? null,
        seconds: commit.seconds,
        author: commit.author,
        subject: commit.subject,
        language: selected.language.name
      })
    }
  }
}

/** Returns the sizes of blobs by id; null for one that is not there. */
export const readSizes = Effect.fnUntraced(function*(repository: Repository, blobs: Iterable<string>) {
  const ids = [...new Set(blobs)]
  const sizes = yield* repository.sizes(ids)
  return new Map(ids.map((id, place) => [id, sizes[place] ?? null]))
})
