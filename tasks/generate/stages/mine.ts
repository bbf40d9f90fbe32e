/** The stage that makes the rows, part by part. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { WorkStage } from "../../../services/Crew.ts"
import { Git } from "../../../services/Git.ts"
import { Writer } from "../../../services/Writer.ts"
import { replaceLosses } from "../../shared/dataset-run/losses.ts"
import { workThrough } from "../../shared/dataset-run/work-through.ts"
import { readSurvey } from "../../shared/survey/survey-file.ts"
import { batchesOf } from "../batches.ts"
import { isContinued } from "../settings.ts"
import { readJoined, readPlan } from "./join.ts"
import { padded } from "./request.ts"
import type { StageFailed, StageNeeds, StageTools } from "./tools.ts"

/** One piece for each part. */
export const mineStage = Effect.fnUntraced(function*(tools: StageTools) {
  const { folderOf, lost, request: { bufferBytes, repositories, settings } } = tools
  const { parts } = yield* readPlan(tools)
  const partOf = new Map(parts.map((part) => [part.name, part]))
  return {
    name: "mine",
    pieces: parts.map(({ name, size }) => ({ name, weight: size })),
    make: ({ name }, folder) =>
      Effect.scoped(Effect.gen(function*() {
        const { from = 0, repository: number = 0, to = 0 } = partOf.get(name) ?? {}
        const survey = yield* readSurvey(folderOf("survey", padded(number)))
        const batches = batchesOf(survey, yield* readJoined(tools, number), settings).slice(from, to)
        const git = yield* Git
        // What was surveyed is what counts, and not what came since.
        const options = { orFolder: settings.source === "tree", mostFiles: settings.maxFiles, asKept: true }
        const repository = yield* replaceLosses(lost)(git.open(repositories[number]?.location ?? "", options))
        // A repository may have moved on since it was surveyed, but what was surveyed must be in it.
        if (survey.head !== null) yield* repository.ensure(survey.head)
        const run = yield* (yield* Writer).openRun({
          directory: folder,
          identity: name,
          resume: false,
          overwrite: false,
          files: [],
          bufferBytes
        })
        const items = batches.map(({ itemIn }) => itemIn(repository))
        yield* Stream.runForEach(
          workThrough(Stream.fromIterable(items), {
            lost,
            isDone: () => false,
            isOrdered: false,
            isContinued: isContinued(settings)
          }),
          ({ item, output }) =>
            output === undefined
              ? Effect.void
              : run.commit({ item: from + item, records: output.records, ledger: output.ledger })
        )
        yield* run.keep
      }))
  } satisfies WorkStage<StageFailed, StageNeeds>
})
