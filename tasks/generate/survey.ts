/** The first stage: what there is to work on in one repository. */
import * as Effect from "effect/Effect"
import type { Repository } from "../../services/Git.ts"
import { surveyHistory } from "../shared/survey/survey-history.ts"
import { surveyTree } from "../shared/survey/survey-tree.ts"
import type { JoinSettings } from "../shared/survey/join-surveys.ts"
import type { RepositorySurvey } from "../shared/survey/survey.ts"
import type { GenerateSettings } from "./settings.ts"

/** Who changes more files at once than this does one thing to all of them, and not one after the other. */
const mostFiles = 30

/** Surveys a repository for what is asked. */
export const surveyRepository = Effect.fn("generate.survey")(function*(
  repository: Repository,
  settings: GenerateSettings
) {
  const survey: RepositorySurvey = settings.source === "tree"
    ? yield* surveyTree(repository, settings)
    : yield* surveyHistory(repository, settings, settings.nextEdits === null ? null : { mostFiles })
  return survey
})

/** How the surveys are joined: next edits show the files of a commit together. */
export const joinSettingsOf = (settings: GenerateSettings): JoinSettings => ({
  ...settings,
  joinsCommits: settings.nextEdits !== null
})
