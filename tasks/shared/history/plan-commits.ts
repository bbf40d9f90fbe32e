/** Plans a run over whole commits: the files of a commit that belong together, on their side of the split, in batches. */
import * as Effect from "effect/Effect"
import type { Repository } from "../../../services/Git.ts"
import { joinChangedTogether } from "../../../services/history/change-together.ts"
import type { CommitPart } from "../../../services/history/commit-parts.ts"
import { makeGroups, memberOf } from "../../../services/history/groups.ts"
import { packPieces } from "../../../services/history/pack.ts"
import type { HistorySettings } from "../../../services/history/settings.ts"
import type { SplitOutcome } from "../../../services/history/split.ts"
import { leaveOut, type Ledger, takeBack } from "../../../services/rows/ledger.ts"
import { decideSides } from "./sides.ts"
import { selectChanges, type SelectedHistory, type SizedChange, withoutSizes } from "./select-changes.ts"

export interface CommitsPlan {
  /** Commits some at a time, the oldest first, each batch of one repository. */
  readonly batches: ReadonlyArray<{ readonly repository: number; readonly parts: ReadonlyArray<CommitPart> }>
  readonly ledger: Ledger
  /** Newest commit of each repository, null for one without any in range. */
  readonly heads: ReadonlyArray<{ readonly repository: string; readonly commit: string | null }>
  readonly split: SplitOutcome
  /** How many changes the batches hold. */
  readonly size: number
}

/** Who changes more files at once than this does one thing to all of them, and not one after the other. */
const mostFiles = 30
/** How long what an author did before a commit is remembered. Seconds. */
const longestSpan = 8 * 60 * 60

/**
 * Files that change together join a group, as far as groups stay light enough to be held out; of a commit whose files
 * are of several groups each group is a part of its own. `history` is how many earlier commits of its author a commit
 * remembers.
 */
export const planCommits = Effect.fn("shared.planCommits")(function*(
  repositories: ReadonlyArray<Repository>,
  settings: HistorySettings,
  history: number
) {
  const ledger: Ledger = {}
  const groups = makeGroups()
  const planned: Array<SelectedHistory> = []
  for (const repository of repositories) {
    planned.push(yield* selectChanges(repository, settings, groups, ledger))
  }
  const commits = planned.map(({ changes }) => commitsOf(changes, ledger))
  const memberIn = (repository: number, path: string) =>
    memberOf(planned[repository]?.repository.name ?? "", path, settings.groupBy)
  joinChangedTogether(
    groups,
    commits.flatMap((list, repository) => list.map((changes) => changes.map(({ path }) => memberIn(repository, path)))),
    lightEnough(settings.split)
  )
  const { sideOf, split } = yield* decideSides(
    planned.map((one, index) => ({ ...one, changes: commits[index]?.flat() ?? [] })),
    groups,
    settings
  )
  const batches = commits.flatMap((list, repository) => {
    const groupOf = ({ path }: SizedChange) => groups.nameOf(memberIn(repository, path))
    const pasts = list.map((changes, place) => pastOf(list, place, changes, history))
    const parts = list.flatMap((changes, place) =>
      [...groupedBy(changes, groupOf)].map(([group, own]) => ({
        own,
        earlier: (pasts[place] ?? []).filter((change) => groupOf(change) === group),
        group
      }))
    )
    return packPieces(parts, ({ earlier, own }) => bytesOf(own) + bytesOf(earlier)).map((packed) => ({
      repository,
      parts: packed.flatMap(({ earlier, group, own }): ReadonlyArray<CommitPart> => {
        const [first] = own
        if (first === undefined) return []
        const { commit, parent, subject } = first
        const [changes, past] = [own.map(withoutSizes), earlier.map(withoutSizes)]
        return [{ group, side: sideOf(repository, first), commit, parent, subject, changes, earlier: past }]
      })
    }))
  })
  const plan: CommitsPlan = {
    batches,
    ledger,
    heads: planned.map(({ head, repository }) => ({ repository: repository.name, commit: head })),
    split,
    size: commits.reduce((sum, list) => sum + list.reduce((all, changes) => all + changes.length, 0), 0)
  }
  return plan
})

/** A group that is heavier than half of what is held out could not be held out beside another one. */
const lightEnough = (split: number): number => split <= 0 || split >= 1 ? 1 : (1 - split) / 2

/** Returns the changes commit by commit, without those of commits that change too many files. */
const commitsOf = (
  changes: ReadonlyArray<SizedChange>,
  ledger: Ledger
): ReadonlyArray<ReadonlyArray<SizedChange>> =>
  [...groupedBy(changes, ({ commit }) => commit).values()].filter((list) => {
    if (list.length <= mostFiles) return true
    takeBack(ledger, "commits", tooMany)
    leaveOut(ledger, "changes", tooMany, list.length)
    return false
  })

/** Map.groupBy of newer releases of Node. */
const groupedBy = <Key, Value>(values: ReadonlyArray<Value>, keyOf: (value: Value) => Key) => {
  const groups = new Map<Key, Array<Value>>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group === undefined) groups.set(keyOf(value), [value])
    else group.push(value)
  }
  return groups
}

const tooMany = `more than ${mostFiles} files`

/** What the author of a commit did in the last so many commits before it, not long ago; oldest first. */
const pastOf = (
  list: ReadonlyArray<ReadonlyArray<SizedChange>>,
  place: number,
  [first]: ReadonlyArray<SizedChange>,
  history: number
): ReadonlyArray<SizedChange> => {
  if (first === undefined || history === 0) return []
  const past: Array<ReadonlyArray<SizedChange>> = []
  for (let at = place - 1; at >= 0 && past.length < history; at--) {
    const earlier = list[at]
    const [one] = earlier ?? []
    if (earlier === undefined || one === undefined || first.seconds - one.seconds > longestSpan) break
    if (one.author === first.author) past.push(earlier)
  }
  return past.toReversed().flat()
}

const bytesOf = (changes: ReadonlyArray<SizedChange>): number =>
  changes.reduce((sum, { newSize, oldSize }) => sum + newSize + oldSize, 0)
