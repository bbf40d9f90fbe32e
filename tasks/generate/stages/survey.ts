/** The stage that reads the history or the tree of each repository. */
import * as Effect from "effect/Effect"
import { Git } from "../../../services/Git.ts"
import type { WorkStage } from "../../../services/Crew.ts"
import { replaceLosses } from "../../shared/dataset-run/losses.ts"
import { writeSurvey } from "../../shared/survey/survey-file.ts"
import { surveyRepository } from "../survey.ts"
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
        Effect.scoped(Effect.gen(function*() {
          const { location, rev } = repositories[Number(name)] ?? { location: "", rev: null }
          const git = yield* Git
          const options = { orFolder: settings.source === "tree", mostFiles: settings.maxFiles }
          const repository = yield* replaceLosses(lost)(git.open(location, options))
          yield* listen({ _tag: "opened", repository: repository.name })
          const ofRepository = rev === null ? settings : { ...settings, rev }
          yield* writeSurvey(folder, yield* replaceLosses(lost)(surveyRepository(repository, ofRepository)))
        }))
    } satisfies WorkStage<StageFailed, StageNeeds>
  )
}
