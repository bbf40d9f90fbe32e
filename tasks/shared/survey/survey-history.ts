/** Which changes of a repository's history are worked on: their languages and sizes. */
import * as Effect from "effect/Effect"
import { type FileChange, NoSuchRevision, type Repository } from "../../../services/Git.ts"
import { excludedAuthors } from "../../../services/hygiene/excluded-authors.ts"
import { type Selected, selectPath, testedStems } from "../../../services/history/selection.ts"
import type { HistorySettings } from "../../../services/history/settings.ts"
import { leaveOut, type Ledger } from "../../../services/rows/ledger.ts"
import { fingerprint } from "../../../services/text/random.ts"
import { type CommitLimit, inCommits } from "./commits.ts"
import { readHistory, readSizes, type SelectedChange } from "./read-history.ts"
import type { HistorySurvey, SurveyedChange } from "./survey.ts"

/** Reads the changes of a repository. Commits that change more files than the limit says are left out whole. */
export const surveyHistory = Effect.fn("shared.surveyHistory")(function*(
  repository: Repository,
  settings: HistorySettings,
  limit: CommitLimit | null
) {
  const ledger: Ledger = {}
  const tested = settings.testedOnly
    ? testedStems((yield* repository.files(settings.rev)).files.map(({ path }) => path))
    : null
  const { changes, head } = yield* readHistory(repository, settings, selectChange(settings, tested), ledger)
  const sizes = yield* readSizes(
    repository,
    changes.flatMap(({ newBlob, oldBlob }) => [oldBlob, newBlob].filter((id) => id !== null))
  )
  const isAfter = yield* readIsAfter(repository, settings)
  const isExcluded = excludedAuthors(settings.excludedAuthors ?? [])
  const sized = changes.flatMap((change, place): ReadonlyArray<SurveyedChange> => {
    const { newBlob, oldBlob } = change
    const oldSize = oldBlob === null ? 0 : sizes.get(oldBlob) ?? null
    const newSize = newBlob === null ? null : sizes.get(newBlob) ?? null
    if (newBlob === null || oldSize === null || newSize === null) {
      leaveOut(ledger, "changes", "missing object")
      return []
    }
    const reason = isExcluded(change.author)
      ? "author excluded"
      : Math.max(oldSize, newSize) > settings.maxFileBytes
      ? "too large"
      : undefined
    const isWorkedOn = reason === undefined
    if (!isWorkedOn) leaveOut(ledger, "changes", reason)
    // Surveys lie on disks for a while: they tell authors apart and do not name them.
    const author = fingerprint("author", change.author)
    return [{ ...change, author, newBlob, oldSize, newSize, place, isWorkedOn, isAfter: isAfter(change) }]
  })
  const survey: HistorySurvey = {
    _tag: "history",
    repository: repository.name,
    head,
    ledger,
    changes: limit === null ? sized : inCommits(sized, limit, ledger)
  }
  return survey
})

const selectChange =
  (settings: HistorySettings, tested: ReadonlySet<string> | null) => (change: FileChange): Selected => {
    const reason = reasonAgainstChange(change)
    return reason === undefined ? selectPath(change.path, settings, tested) : { _tag: "refused", reason }
  }

const reasonAgainstChange = (change: FileChange): string | undefined => {
  if (change.kind !== "file") return change.kind
  if (change.newBlob === null) return "file deleted"
  if (change.status === "type-changed") return "type changed"
  if (change.oldBlob === change.newBlob) return change.oldPath === change.path ? "mode only" : "renamed only"
  return undefined
}

/** Returns whether a change lies behind the moment of the split. What a commit has in its history does not. */
const readIsAfter = Effect.fnUntraced(function*(repository: Repository, { rev, testAfter }: HistorySettings) {
  if (testAfter === null) return () => false
  if (testAfter._tag === "date") return ({ seconds }: SelectedChange) => seconds >= testAfter.seconds
  // The history was read from the other revision already.
  const since = yield* Effect.catchTag(
    repository.commitsSince(testAfter.rev, rev),
    "NoSuchRevision",
    (failure) => new NoSuchRevision({ ...failure, flag: "--test-after-commit" })
  )
  return ({ commit }: SelectedChange) => since.has(commit)
})
