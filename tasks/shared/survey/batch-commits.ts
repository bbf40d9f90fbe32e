/** Changes of a history as whole commits: the files of a commit that belong together, on their side of the split. */
import type { CommitPart } from "../../../services/history/commit-parts.ts"
import { packPieces } from "../../../services/history/pack.ts"
import { commitsIn, groupedBy } from "./commits.ts"
import { type JoinedRepository, sidesOf } from "./sides-of.ts"
import { type HistorySurvey, lineageChangeOf, type SurveyedChange } from "./survey.ts"

/** How much source a batch reads. Commits that follow each other change the same files, which are parsed once a batch. */
const batchBytes = 1024 * 1024

/** How long what an author did before a commit is remembered. Seconds. */
const longestSpan = 8 * 60 * 60

/**
 * Returns the commits of a repository in batches, the oldest first. Of a commit whose files are of several groups each
 * group is a part of its own. `history` is how many earlier commits of its author a commit remembers.
 */
export const batchCommits = (
  survey: HistorySurvey,
  joined: JoinedRepository,
  history: number
): ReadonlyArray<ReadonlyArray<CommitPart>> => {
  const { groupOf, sideOf } = sidesOf(survey, joined)
  const commits = commitsIn(survey.changes)
  const pasts = commits.map((changes, place) => pastOf(commits, place, changes, history))
  const parts = commits.flatMap((changes, place) => {
    const groups = [...groupedBy(changes, ({ path }) => groupOf(path))]
    const shares = sharesOf(groups.map(([, own]) => own.length))
    return groups.map(([group, own], number) => ({
      own,
      earlier: (pasts[place] ?? []).filter(({ path }) => groupOf(path) === group),
      group,
      mostRows: shares[number] ?? 0
    }))
  })
  return packPieces(parts, ({ earlier, own }) => bytesOf(own) + bytesOf(earlier), batchBytes).map((packed) =>
    packed.flatMap(({ earlier, group, mostRows, own }): ReadonlyArray<CommitPart> => {
      const [first] = own
      if (first === undefined) return []
      const { commit, parent, subject } = first
      const [changes, past] = [own.map(lineageChangeOf), earlier.map(lineageChangeOf)]
      return [{ group, side: sideOf(first), commit, parent, subject, changes, mostRows, earlier: past }]
    })
  )
}

/** Rows with an edit that a commit may give, all its parts together: no large one is to be most of a dataset. */
const rowsOfCommit = 6

/** Shares the rows of a commit among its parts by their sizes; what is left over goes to the largest remainders. */
const sharesOf = (sizes: ReadonlyArray<number>): ReadonlyArray<number> => {
  const all = sizes.reduce((sum, size) => sum + size, 0)
  const exact = sizes.map((size) => rowsOfCommit * size / all)
  const shares = exact.map(Math.floor)
  const left = rowsOfCommit - shares.reduce((sum, share) => sum + share, 0)
  const remainderOf = (part: number): number => (exact[part] ?? 0) - (shares[part] ?? 0)
  const byRemainder = [...sizes.keys()].sort((a, b) => remainderOf(b) - remainderOf(a) || a - b)
  for (const part of byRemainder.slice(0, left)) shares[part] = (shares[part] ?? 0) + 1
  return shares
}

/** What the author of a commit did in the last so many commits before it, not long ago; oldest first. */
const pastOf = (
  list: ReadonlyArray<ReadonlyArray<SurveyedChange>>,
  place: number,
  [first]: ReadonlyArray<SurveyedChange>,
  history: number
): ReadonlyArray<SurveyedChange> => {
  if (first === undefined || history === 0) return []
  const past: Array<ReadonlyArray<SurveyedChange>> = []
  for (let at = place - 1; at >= 0 && past.length < history; at--) {
    const earlier = list[at]
    const [one] = earlier ?? []
    if (earlier === undefined || one === undefined || first.seconds - one.seconds > longestSpan) break
    if (one.author === first.author) past.push(earlier)
  }
  return past.toReversed().flat()
}

const bytesOf = (changes: ReadonlyArray<SurveyedChange>): number =>
  changes.reduce((sum, { newSize, oldSize }) => sum + newSize + oldSize, 0)
