/** The first stage: what there is to work on in one repository. */
import * as Effect from "effect/Effect"
import type { Repository } from "../../services/Git.ts"
import { keep, leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import { withoutPasswords } from "../../services/text/showable.ts"
import type { RepositoryAsked } from "../shared/repository-list.ts"
import { surveyHistory } from "../shared/survey/survey-history.ts"
import { surveyTree } from "../shared/survey/survey-tree.ts"
import type { JoinSettings } from "../shared/survey/join-surveys.ts"
import type { RepositorySurvey } from "../shared/survey/survey.ts"
import type { GenerateSettings } from "./settings.ts"

/** Who changes more files at once than this does one thing to all of them, and not one after the other. */
const mostFiles = 30

/** Surveys a repository for what is asked. Those of a list are counted. */
export const surveyRepository = Effect.fn("generate.survey")(function*(
  repository: Repository,
  { isListed, rev }: RepositoryAsked,
  asked: GenerateSettings
) {
  const settings = rev === null ? asked : { ...asked, rev }
  const survey: RepositorySurvey = settings.source === "tree"
    ? yield* surveyTree(repository, settings)
    : yield* surveyHistory(repository, settings, settings.nextEdits === null ? null : { mostFiles })
  if (isListed) keep(survey.ledger, "repositories")
  return survey
})

/** Returns the survey of a repository of a list that could not be opened. */
export const surveyOfLeftOut = (
  { location }: RepositoryAsked,
  reason: string,
  { source }: GenerateSettings
): RepositorySurvey => {
  const ledger: Ledger = {}
  leaveOut(ledger, "repositories", reason)
  const facts = { repository: withoutPasswords(location), head: null, ledger }
  return source === "tree" ? { _tag: "tree", ...facts, files: [] } : { _tag: "history", ...facts, changes: [] }
}

/** How the surveys are joined: next edits show the files of a commit together. */
export const joinSettingsOf = (settings: GenerateSettings): JoinSettings => ({
  ...settings,
  joinsCommits: settings.nextEdits !== null
})
