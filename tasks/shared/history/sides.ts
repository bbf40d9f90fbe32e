/** On which side of the split each change of some histories falls: by its group, or in time. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expectedCutsOfChange } from "../../../services/cuts/how-many.ts"
import type { Repository } from "../../../services/Git.ts"
import { type Groups, memberOf } from "../../../services/history/groups.ts"
import type { HistorySettings } from "../../../services/history/settings.ts"
import {
  outcomeInTime,
  type SidedChange,
  sidesInTime,
  type TestAfter
} from "../../../services/history/split-in-time.ts"
import { type Side, splitGroups, type SplitOutcome } from "../../../services/history/split.ts"
import type { SelectedHistory, SizedChange } from "./select-changes.ts"

export interface DecidedSides {
  readonly split: SplitOutcome
  /** Returns the side of a change of a repository, which is given by its number. */
  readonly sideOf: (repository: number, change: SizedChange) => Side
}

/** Decides the sides once all groups are complete. */
export const decideSides = Effect.fn("shared.decideSides")(function*(
  histories: ReadonlyArray<SelectedHistory>,
  groups: Groups,
  settings: HistorySettings
) {
  const { groupBy, testAfter } = settings
  const groupOf = (repository: number, { path }: SizedChange) =>
    groups.nameOf(memberOf(histories[repository]?.repository.name ?? "", path, groupBy))
  if (testAfter === null) {
    const split = splitGroups(groups.all(), settings)
    const sides: DecidedSides = { split, sideOf: (repository, change) => split.sideOf(groupOf(repository, change)) }
    return sides
  }
  const sideAt: Array<ReadonlyMap<number, Side>> = []
  const sided: Array<SidedChange> = []
  for (const [index, { changes, repository }] of histories.entries()) {
    const isAfter = yield* readIsAfter(repository, testAfter, settings)
    const timed = changes.map((change) => ({ group: groupOf(index, change), isAfter: isAfter(change) }))
    const sides = sidesInTime(timed)
    sideAt.push(new Map(changes.map(({ place }, at) => [place, sides[at] ?? "held"])))
    for (const [at, { newSize, oldBlob, oldSize }] of changes.entries()) {
      const weight = expectedCutsOfChange(oldBlob === null ? null : oldSize, newSize)
      sided.push({ group: timed[at]?.group ?? "", side: sides[at] ?? "held", weight })
    }
  }
  const sides: DecidedSides = {
    split: outcomeInTime(sided),
    sideOf: (repository, { place }) => sideAt[repository]?.get(place) ?? "held"
  }
  return sides
})

/** Returns whether a change lies behind the moment of the split. What a commit has in its history does not. */
const readIsAfter = Effect.fnUntraced(function*(
  repository: Repository,
  testAfter: TestAfter,
  { maxCommits, startDate }: HistorySettings
) {
  if (testAfter._tag === "date") return ({ seconds }: SizedChange) => seconds >= testAfter.seconds
  const known = new Set<string>()
  yield* Stream.runForEachChunk(
    repository.commits({ rev: testAfter.rev, maxCommits, startDate, endDate: null }),
    (commits) =>
      Effect.sync(() => {
        for (const { sha } of commits) known.add(sha)
      })
  )
  return ({ commit }: SizedChange) => !known.has(commit)
})
