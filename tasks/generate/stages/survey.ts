/** The stage that reads the history or the tree of each repository. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import { Git } from "../../../services/Git.ts"
import type { WorkStage } from "../../../services/Crew.ts"
import { orLeftOut } from "../../shared/dataset-run/left-out-repository.ts"
import { replaceLosses } from "../../shared/dataset-run/losses.ts"
import { writeSurvey } from "../../shared/survey/survey-file.ts"
import { surveyOfLeftOut, surveyRepository } from "../survey.ts"
import { padded } from "./request.ts"
import type { StageFailed, StageNeeds, StageTools } from "./tools.ts"

/** One piece for each repository. */
export const surveyStage = ({ listen, lost, request }: StageTools) => {
  const { repositories, settings } = request
  return Effect.succeed(
    {
      name: "survey",
      pieces: repositories.map((_, number) => ({ name: padded(number), weight: 1 })),
      make: ({ name }, folder) =>
        Effect.gen(function*() {
          const asked = repositories[Number(name)]
          if (asked === undefined) return
          const options = { orFolder: settings.source === "tree", mostFiles: settings.maxFiles }
          const git = yield* Git
          const surveyed = yield* Effect.scoped(Effect.gen(function*() {
            const repository = yield* replaceLosses(lost)(git.open(asked.location, options))
            yield* listen({ _tag: "opened", repository: repository.name })
            return yield* replaceLosses(lost)(surveyRepository(repository, asked, settings))
          })).pipe(orLeftOut(asked, listen))
          yield* writeSurvey(folder, Either.getOrElse(surveyed, (fault) => surveyOfLeftOut(asked, fault, settings)))
        })
    } satisfies WorkStage<StageFailed, StageNeeds>
  )
}
