/** Surveys as files: the facts on the first line, then a change or a file on each. */
import * as Effect from "effect/Effect"
import { readValues, writeValues } from "../crew/json-files.ts"
import { CannotReadInput } from "../problems.ts"
import type { HistorySurvey, RepositorySurvey, SurveyedChange, SurveyedTreeFile, TreeSurvey } from "./survey.ts"

const nameOfSurvey = "survey.jsonl"

type SurveyHead = Omit<HistorySurvey, "changes"> | Omit<TreeSurvey, "files">
type SurveyLine = SurveyHead | SurveyedChange | SurveyedTreeFile

/** Writes a survey into the folder of its piece. */
export const writeSurvey = (folder: string, survey: RepositorySurvey) => {
  const lines = function*(): Iterable<SurveyLine> {
    if (survey._tag === "tree") {
      const { files, ...facts } = survey
      yield facts
      yield* files
    } else {
      const { changes, ...facts } = survey
      yield facts
      yield* changes
    }
  }
  return writeValues(`${folder}/${nameOfSurvey}`, lines())
}

/** Reads a survey from the folder of its piece. */
export const readSurvey = Effect.fnUntraced(function*(folder: string) {
  const path = `${folder}/${nameOfSurvey}`
  const [facts, ...lines] = yield* readValues<SurveyLine>(path, "its repository was not surveyed yet")
  if (facts !== undefined && "_tag" in facts) {
    const survey: RepositorySurvey = facts._tag === "tree"
      ? { ...facts, files: lines.filter(isFile) }
      : { ...facts, changes: lines.filter(isChange) }
    return survey
  }
  return yield* new CannotReadInput({ path, detail: "it holds no survey" })
})

const isFile = (line: SurveyLine): line is SurveyedTreeFile => "size" in line
const isChange = (line: SurveyLine): line is SurveyedChange => "place" in line
