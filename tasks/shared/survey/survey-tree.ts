/** Which files of a revision, or of a plain folder, are worked on. */
import * as Effect from "effect/Effect"
import type { Repository } from "../../../services/Git.ts"
import { selectPath, testedStems } from "../../../services/history/selection.ts"
import type { HistorySettings } from "../../../services/history/settings.ts"
import { leaveOut, type Ledger } from "../../../services/rows/ledger.ts"
import type { SurveyedTreeFile, TreeSurvey } from "./survey.ts"

/** Reads the files of one revision. */
export const surveyTree = Effect.fn("shared.surveyTree")(function*(repository: Repository, settings: HistorySettings) {
  const ledger: Ledger = {}
  const { commit, files } = yield* repository.files(settings.rev)
  const tested = settings.testedOnly ? testedStems(files.map(({ path }) => path)) : null
  const selected = files.flatMap((file) => {
    const choice = file.kind === "file" ? selectPath(file.path, settings, tested) : undefined
    if (choice?._tag === "selected") return [{ ...file, language: choice.language.name }]
    leaveOut(ledger, "files", choice?.reason ?? file.kind)
    return []
  })
  const sizes = yield* repository.sizes(selected.map(({ blob }) => blob))
  const kept: Array<SurveyedTreeFile> = []
  for (const [index, { blob, language, path, unread }] of selected.entries()) {
    const size = sizes[index] ?? null
    if (unread !== undefined) leaveOut(ledger, "files", unread)
    else if (size === null) leaveOut(ledger, "files", "missing object")
    else if (size > settings.maxFileBytes) leaveOut(ledger, "files", "too large")
    else kept.push({ path, blob, language, size })
  }
  const survey: TreeSurvey = { _tag: "tree", repository: repository.name, head: commit, ledger, files: kept }
  return survey
})
