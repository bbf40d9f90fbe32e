/** The stage that puts the surveys together: groups and sides, and the parts that the work is cut into. */
import * as Effect from "effect/Effect"
import type { WorkStage } from "../../../services/Crew.ts"
import { twoOfOneName } from "../../shared/dataset-run/sources.ts"
import { readValues, writeValues } from "../../shared/crew/json-files.ts"
import { wholeStage } from "../../shared/crew/stages.ts"
import type { JoinedRepository } from "../../shared/survey/sides-of.ts"
import { readSurvey } from "../../shared/survey/survey-file.ts"
import type { Batch } from "../batches.ts"
import { nothingToLearnFrom } from "../nothing-to-learn-from.ts"
import { type GeneratePlan, planSurveys } from "../plan.ts"
import { padded } from "./request.ts"
import type { StageFailed, StageNeeds, StageTools } from "./tools.ts"

/** Some batches of one repository, which follow one another. */
export interface PlannedPart {
  /** Number of the repository. */
  readonly repository: number
  /** Numbers of its batches: from the first one on, and up to the last one, which is left out. */
  readonly from: number
  readonly to: number
  /** Changes or files. */
  readonly size: number
}

/** One piece, which reads all surveys. */
export const joinStage = ({ cut, folderOf, request }: StageTools) => {
  const { repositories, settings } = request
  const surveys = repositories.map((_, number) => readSurvey(folderOf("survey", padded(number))))
  return Effect.succeed(
    {
      name: "join",
      pieces: [{ name: wholeStage, weight: 1 }],
      make: (_, folder) =>
        Effect.gen(function*() {
          const parts: Array<PlannedPart> = []
          const numbers = new Map<string, number>()
          const plan = yield* planSurveys(surveys, settings, ({ batches, joined, survey }, number) =>
            Effect.gen(function*() {
              const other = numbers.get(survey.repository)
              if (other !== undefined) {
                const [one = "", two = ""] = [other, number].map((each) =>
                  repositories[each]?.location ?? ""
                )
                return yield* twoOfOneName(one, two, survey.repository)
              }
              numbers.set(survey.repository, number)
              parts.push(...partsOf(batches, number, cut.partSize))
              yield* writeValues(`${folder}/${joinedFile(number)}`, [joined])
            }))
          if (plan.size === 0) {
            return yield* nothingToLearnFrom(plan)
          }
          yield* writeValues(`${folder}/${planFile}`, [plan])
          yield* writeValues(`${folder}/${partsFile}`, parts)
        })
    } satisfies WorkStage<StageFailed, StageNeeds>
  )
}

const planFile = "plan.json"
const partsFile = "parts.jsonl"
const joinedFile = (repository: number): string => `${padded(repository)}.json`

const partsOf = (
  batches: ReadonlyArray<Batch>,
  repository: number,
  partSize: number
): ReadonlyArray<PlannedPart> => {
  const parts: Array<PlannedPart> = []
  let [from, size] = [0, 0]
  const close = (to: number) => {
    if (to > from) parts.push({ repository, from, to, size })
    from = to
    size = 0
  }
  for (const [number, batch] of batches.entries()) {
    if (size + batch.size > partSize) close(number)
    size += batch.size
  }
  close(batches.length)
  return parts
}

const notJoined = "the surveys were not joined yet"

/** Reads the plan that was joined. */
export const readPlan = Effect.fnUntraced(function*({ folderOf }: Pick<StageTools, "folderOf">) {
  const folder = folderOf("join", wholeStage)
  const [plan] = yield* readValues<GeneratePlan>(`${folder}/${planFile}`, notJoined)
  const parts = yield* readValues<PlannedPart>(`${folder}/${partsFile}`, notJoined)
  return { plan, parts: parts.map((part, place) => ({ ...part, name: nameOfPart(parts, place) })) }
})

/** Parts are called after their repository, and numbered in it. */
const nameOfPart = (parts: ReadonlyArray<PlannedPart>, place: number): string => {
  const { repository = 0 } = parts[place] ?? {}
  let first = place
  while (parts[first - 1]?.repository === repository) first--
  return `${padded(repository)}-${padded(place - first, 3)}`
}

/** Reads what was decided about a repository. */
export const readJoined = Effect.fnUntraced(function*({ folderOf }: Pick<StageTools, "folderOf">, repository: number) {
  const path = `${folderOf("join", wholeStage)}/${joinedFile(repository)}`
  const [joined = nothingJoined] = yield* readValues<JoinedRepository>(path, notJoined)
  return joined
})

const nothingJoined: JoinedRepository = { groups: {}, held: [] }
