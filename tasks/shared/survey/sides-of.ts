/** The groups and sides of one repository, once all of them were joined. */
import { type Side } from "../../../services/history/split.ts"
import { sidesInTime } from "../../../services/history/split-in-time.ts"
import type { RepositorySurvey, SurveyedChange } from "./survey.ts"

/** What the join decided about a repository. Plain JSON. */
export interface JoinedRepository {
  /** Name of the group of each path. */
  readonly groups: Readonly<Record<string, string>>
  /** Which of these groups are held out; null where the split lies in time. */
  readonly held: ReadonlyArray<string> | null
}

/** Where its files and changes fall. */
export interface RepositorySides {
  readonly groupOf: (path: string) => string
  readonly sideOf: (change: Pick<SurveyedChange, "path" | "place">) => Side
}

/** Returns where the files and changes of a repository fall. */
export const sidesOf = (survey: RepositorySurvey, { groups, held }: JoinedRepository): RepositorySides => {
  const groupOf = (path: string): string => groups[path] ?? path
  if (held !== null) {
    const heldGroups = new Set(held)
    return { groupOf, sideOf: ({ path }) => (heldGroups.has(groupOf(path)) ? "held" : "train") }
  }
  const changes = survey._tag === "tree" ? [] : survey.changes.filter(({ isWorkedOn }) => isWorkedOn)
  const sides = sidesInTime(changes.map(({ isAfter, path }) => ({ group: groupOf(path), isAfter })))
  const sideAt = new Map(changes.map(({ place }, at) => [place, sides[at] ?? "held"]))
  return { groupOf, sideOf: ({ place }) => sideAt.get(place) ?? "held" }
}
