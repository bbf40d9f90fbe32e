/** The stage that makes one dataset of all parts: a function of their rows, whatever parts these came in. */
import { dirname, join, relative } from "node:path"
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { WorkStage } from "../../../services/Crew.ts"
import type { Ledger } from "../../../services/rows/ledger.ts"
import { Writer } from "../../../services/Writer.ts"
import { CannotReadInput } from "../../shared/problems.ts"
import { wholeStage } from "../../shared/crew/stages.ts"
import { runDataset } from "../../shared/dataset-run/run.ts"
import { poolSink } from "../../shared/dataset-run/sinks.ts"
import { nothingToLearnFrom } from "../nothing-to-learn-from.ts"
import { generateIdentityOf } from "../identity.ts"
import type { GenerateOutput } from "../jobs.ts"
import type { GenerateRequest } from "../generate-request.ts"
import { writeTables } from "../tables.ts"
import { readPlan } from "./join.ts"
import type { StageFailed, StageNeeds, StageTools } from "./tools.ts"

/** One piece, which reads all parts. */
export const mergeStage = Effect.fnUntraced(function*(tools: StageTools) {
  const { folderOf, listen, lost, request } = tools
  const { parts, plan } = yield* readPlan(tools)
  if (plan === undefined) return yield* nothingToLearnFrom({ ledger: {} })
  return {
    name: "merge",
    pieces: [{ name: wholeStage, weight: 1 }],
    make: (_, folder) =>
      Effect.scoped(Effect.gen(function*() {
        const fs = yield* FileSystem.FileSystem
        for (const { name } of parts) {
          const path = folderOf("mine", name)
          if (yield* Effect.orElseSucceed(fs.exists(path), () => false)) continue
          return yield* new CannotReadInput({ path, detail: "this part was not mined yet" })
        }
        const identity = generateIdentityOf(request, plan)
        const run = yield* (yield* Writer).openRun({
          directory: folder,
          identity,
          resume: false,
          overwrite: false,
          files: [],
          bufferBytes: request.bufferBytes,
          format: request.format,
          parts: parts.map(({ name }) => folderOf("mine", name))
        })
        const rejected = rejectedIn(folder, request)
        yield* runDataset({
          identity,
          resume: false,
          lost,
          sink: poolSink<GenerateOutput>(run, folder),
          plan: Effect.succeed({
            ledger: plan.ledger,
            items: Stream.empty,
            size: plan.size,
            unit: plan.unit,
            finish: (ledger: Ledger) => writeTables({ settings: request.settings, rejected }, plan, run, ledger, listen)
          })
        }, listen)
      }))
  } satisfies WorkStage<StageFailed, StageNeeds>
})

/** Where the rejected places are written at first: in the folder of the piece, as all else. */
const rejectedIn = (folder: string, { output, rejected }: GenerateRequest): string | null =>
  rejected === null
    ? null
    : dirname(rejected) === output
    ? join(folder, relative(output, rejected))
    : join(folder, besideName)

/** What does not belong into the output folder, and so is not named in the metadata, has one name for all who merge. */
const besideName = join("beside", "rejected")

/** Returns which files of the piece belong elsewhere. */
export const besideOf = ({ output, rejected }: GenerateRequest): Readonly<Record<string, string>> =>
  rejected === null || dirname(rejected) === output ? {} : { [besideName]: rejected }
