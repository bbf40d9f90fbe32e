/** What the command does once its flags are read. Loaded then, so that `--help` does not wait for it. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { usualPartSize } from "../shared/asked/machines.ts"
import { crewLayer, isShared, refuseShared, sharedFolder } from "../shared/crew/crew-layer.ts"
import { tellShared } from "../shared/crew/tell-shared.ts"
import { WrongUsage } from "../shared/problems.ts"
import { miningLayers } from "../shared/layers.ts"
import { tellingHowToGoOn } from "../shared/interrupted.ts"
import { lazyLayer } from "../shared/lazy-layer.ts"
import { showProgress } from "../shared/dataset-run/listener.ts"
import { makeProgress } from "../shared/progress.ts"
import { readers } from "../shared/readers.ts"
import { Screen } from "../shared/terminal.ts"
import { Tool } from "../shared/tool.ts"
import { datasetFilesOf } from "./dataset-files.ts"
import { previewOfRecord } from "./preview.ts"
import { type GenerateAnswers, generateRequestOf } from "./request.ts"
import type { GenerateRequest } from "./generate-request.ts"
import { drawExamples, type GenerateOutcome, runGenerate } from "./run.ts"
import { shareGenerate } from "./share.ts"
import { sharedRequestOf } from "./stages/request.ts"
import { summariseGenerate } from "./summary.ts"

/** Runs the command: a preview where one is asked, a share of a run where there are others, a dataset otherwise. */
export const handle = (answers: GenerateAnswers) =>
  Effect.gen(function*() {
    const { version } = yield* Tool
    const screen = yield* Screen
    const { request, warnings } = yield* generateRequestOf(answers, { version, keepRejected: false })
    for (const warning of warnings) yield* screen.note(`Warning: ${warning}\n`)
    if (answers.preview !== undefined) return yield* preview(request, answers.preview, answers.quiet)
    if (isShared(answers)) return yield* share(request, answers)
    yield* refuseShared(sharedFolder(request.output, datasetFilesOf(request.settings)), answers.overwrite)
    return yield* writeDataset(request, answers.quiet)
  }).pipe(Effect.provide(layersFor(answers.concurrency)))

/** The layers that generate runs on, loaded when it runs. */
const layersFor = (threads: number | undefined) =>
  Layer.mergeAll(
    miningLayers(threads, 1),
    readers,
    lazyLayer(async () => (await import("../../layers/writer/FileWriter.ts")).layer)
  )

const writeDataset = Effect.fnUntraced(function*(request: GenerateRequest, isQuiet: boolean) {
  const progress = yield* makeProgress(isQuiet)
  const outcome: GenerateOutcome = yield* runGenerate(request, showProgress(progress)).pipe(
    Effect.ensuring(progress.end),
    tellingHowToGoOn
  )
  yield* progress.say(summariseGenerate(outcome))
})

const share = Effect.fnUntraced(function*(request: GenerateRequest, answers: GenerateAnswers) {
  if (answers.repos === "-") {
    return yield* new WrongUsage({ detail: "Cannot share what comes from standard input: pass a file as --repos" })
  }
  const progress = yield* makeProgress(answers.quiet)
  const cut = { partSize: answers.partSize ?? usualPartSize }
  const place = sharedFolder(request.output, datasetFilesOf(request.settings))
  const outcome = yield* shareGenerate(request, cut, answers, showProgress(progress)).pipe(
    Effect.provide(crewLayer(answers, place, sharedRequestOf(request, cut))),
    Effect.ensuring(progress.end)
  )
  yield* progress.say(tellShared(outcome, request.output))
})

const preview = Effect.fnUntraced(function*(request: GenerateRequest, count: number, isQuiet: boolean) {
  const screen = yield* Screen
  const progress = yield* makeProgress(isQuiet)
  yield* drawExamples(request, showProgress(progress)).pipe(
    Stream.filter((record) => record.pool !== "rejected"),
    Stream.take(count),
    Stream.zipWithIndex,
    Stream.runForEach(([record, index]) => screen.print(previewOfRecord(record, index + 1, screen.hasColour)))
  )
})
