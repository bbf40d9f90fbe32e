/**
 * The join: what only all repositories together can tell. Files that are the same, or are shown together, are of one group
 * across repositories, and each group has its side of the split.
 */
import * as Effect from "effect/Effect"
import { expectedCutsOfChange, expectedCutsOfFile } from "../../../services/cuts/how-many.ts"
import { joinChangedTogether } from "../../../services/history/change-together.ts"
import { type Groups, leastTwinBytes, makeGroups, memberOf } from "../../../services/history/groups.ts"
import type { HistorySettings } from "../../../services/history/settings.ts"
import { outcomeInTime, type SidedChange } from "../../../services/history/split-in-time.ts"
import { splitGroups, type SplitOutcome } from "../../../services/history/split.ts"
import { commitsIn } from "./commits.ts"
import { type JoinedRepository, sidesOf } from "./sides-of.ts"
import type { HistorySurvey, RepositorySurvey, SurveyedChange, TreeSurvey } from "./survey.ts"

/** What was decided. */
export interface JoinedSurveys {
  readonly split: SplitOutcome
  /** Returns what was decided about one of the repositories. */
  readonly joinedOf: (survey: RepositorySurvey) => JoinedRepository
}

/** How surveys are joined. */
export interface JoinSettings extends HistorySettings {
  /** Whether files that change together are shown together, so that they belong to one group. */
  readonly joinsCommits: boolean
}

/** Joins surveys, which are read one after the other, and again for a split in time. Their order counts. */
export const joinSurveys = Effect.fn("shared.joinSurveys")(function*<E, R>(
  surveys: ReadonlyArray<Effect.Effect<RepositorySurvey, E, R>>,
  settings: JoinSettings
) {
  const groups = makeGroups()
  const together: Array<ReadonlyArray<string>> = []
  for (const read of surveys) {
    const survey = yield* read
    if (survey._tag === "tree") addFiles(groups, survey, settings)
    else addChanges(groups, survey, settings)
    if (survey._tag === "tree" || !settings.joinsCommits) continue
    const memberIn = ({ path }: SurveyedChange) => memberOf(survey.repository, path, settings.groupBy)
    for (const changes of commitsIn(survey.changes)) together.push(changes.map(memberIn))
  }
  joinChangedTogether(groups, together, lightEnough(settings.split))
  const groupsOf = (survey: RepositorySurvey): Readonly<Record<string, string>> => {
    const files = survey._tag === "tree" ? survey.files : survey.changes.filter(({ isWorkedOn }) => isWorkedOn)
    return Object.fromEntries(
      files.map(({ path }) => [path, groups.nameOf(memberOf(survey.repository, path, settings.groupBy))])
    )
  }
  if (settings.testAfter === null) {
    const split = splitGroups(groups.all(), settings)
    const joined: JoinedSurveys = {
      split: withoutSides(split),
      joinedOf: (survey) => {
        const own = groupsOf(survey)
        const held = [...new Set(Object.values(own))].filter((group) => split.sideOf(group) === "held")
        return { groups: own, held }
      }
    }
    return joined
  }
  const joinedOf = (survey: RepositorySurvey): JoinedRepository => ({ groups: groupsOf(survey), held: null })
  const sided: Array<SidedChange> = []
  for (const read of surveys) {
    const survey = yield* read
    if (survey._tag === "tree") continue
    const { groupOf, sideOf } = sidesOf(survey, joinedOf(survey))
    for (const change of survey.changes) {
      if (!change.isWorkedOn) continue
      sided.push({ group: groupOf(change.path), side: sideOf(change), weight: weightOf(change) })
    }
  }
  const joined: JoinedSurveys = { split: outcomeInTime(sided), joinedOf }
  return joined
})

const withoutSides = ({ groups, heaviest, planned }: SplitOutcome): SplitOutcome => ({ groups, heaviest, planned })

/** A group that is heavier than half of what is held out could not be held out beside another one. */
const lightEnough = (split: number): number => split <= 0 || split >= 1 ? 1 : (1 - split) / 2

const weightOf = ({ newSize, oldBlob, oldSize }: SurveyedChange): number =>
  expectedCutsOfChange(oldBlob === null ? null : oldSize, newSize)

const addFiles = (groups: Groups, { files, repository }: TreeSurvey, { groupBy }: JoinSettings): void => {
  for (const { blob, language, path, size } of files) {
    const member = memberOf(repository, path, groupBy)
    groups.add(member, groupBy === "file" && size >= leastTwinBytes ? [blob] : [])
    groups.weigh(member, { language, weight: expectedCutsOfFile(size) })
  }
}

const addChanges = (groups: Groups, { changes, repository }: HistorySurvey, { groupBy }: JoinSettings): void => {
  for (const { newBlob, newSize, oldBlob, oldPath, oldSize, path, status } of changes) {
    const member = memberOf(repository, path, groupBy)
    if (status === "renamed") groups.join(memberOf(repository, oldPath, groupBy), member)
    const held = [{ id: oldBlob, size: oldSize }, { id: newBlob, size: newSize }]
    const telling = held.flatMap(({ id, size }) => id !== null && size >= leastTwinBytes ? [id] : [])
    groups.add(member, groupBy === "repo" ? [] : telling)
  }
  for (const change of changes) {
    if (!change.isWorkedOn) continue
    groups.weigh(memberOf(repository, change.path, groupBy), { language: change.language, weight: weightOf(change) })
  }
}
