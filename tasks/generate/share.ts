/** A run of generate that is shared among processes: the same rows, stage by stage. */
import * as Effect from "effect/Effect"
import { Crew } from "../../services/Crew.ts"
import type { MachineAnswers } from "../shared/crew/crew-layer.ts"
import { runShared } from "../shared/crew/run-shared.ts"
import type { PlannedStage } from "../shared/crew/stages.ts"
import type { RunListener } from "../shared/dataset-run/listener.ts"
import { noLosses } from "../shared/dataset-run/losses.ts"
import type { GenerateRequest } from "./generate-request.ts"
import { joinStage } from "./stages/join.ts"
import { besideOf, mergeStage } from "./stages/merge.ts"
import { mineStage } from "./stages/mine.ts"
import { type CutIntoPieces, sharedRequestOf } from "./stages/request.ts"
import { surveyStage } from "./stages/survey.ts"
import type { StageFailed, StageNeeds, StageTools } from "./stages/tools.ts"

/** The stages of a run, in their order. */
export const generateStages = (tools: StageTools): ReadonlyArray<PlannedStage<StageFailed, StageNeeds>> => [
  { name: "survey", plan: surveyStage(tools) },
  { name: "join", plan: joinStage(tools) },
  { name: "mine", plan: mineStage(tools) },
  { name: "merge", plan: mergeStage(tools) }
]

/** Does what this process does of a run. */
export const shareGenerate = Effect.fn("generate.share")(function*(
  request: GenerateRequest,
  cut: CutIntoPieces,
  answers: Pick<MachineAnswers, "cluster" | "only">,
  listen: RunListener
) {
  const { folderOf } = yield* Crew
  const lost = noLosses()
  const tools: StageTools = { request, cut, folderOf, lost, listen }
  return yield* runShared({
    request: sharedRequestOf(request, cut),
    stages: generateStages(tools),
    beside: besideOf(request)
  }, answers)
})
