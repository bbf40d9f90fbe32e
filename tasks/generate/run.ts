/** The program of generate: plan, compute, write. Typed by what it needs; every task form calls this one. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Stream from "effect/Stream"
import type { Ledger } from "../../services/rows/ledger.ts"
import { Writer } from "../../services/Writer.ts"
import type { RunEvent, RunListener } from "../shared/dataset-run/listener.ts"
import { type Losses, noLosses, replaceLosses } from "../shared/dataset-run/losses.ts"
import { orLeftOut } from "../shared/dataset-run/left-out-repository.ts"
import { openSources } from "../shared/dataset-run/sources.ts"
import { runDataset } from "../shared/dataset-run/run.ts"
import type { Shares } from "../shared/dataset-run/shares.ts"
import { poolSink } from "../shared/dataset-run/sinks.ts"
import type { Item } from "../shared/dataset-run/item.ts"
import type { RepositorySurvey } from "../shared/survey/survey.ts"
import { workThrough } from "../shared/dataset-run/work-through.ts"
import type { GenerateRequest } from "./generate-request.ts"
import { generateIdentityOf } from "./identity.ts"
import { nothingToLearnFrom } from "./nothing-to-learn-from.ts"
import { datasetFilesOf } from "./dataset-files.ts"
import type { GenerateOutput } from "./jobs.ts"
import { contaminatedPool } from "./records.ts"
import { type GeneratePlan, planSurveys } from "./plan.ts"
import { isContinued } from "./settings.ts"
import { surveyOfLeftOut, surveyRepository } from "./survey.ts"
import { writeTables } from "./tables.ts"

export type ProgressEvent = RunEvent

export interface GenerateOutcome {
  readonly directory: string
  readonly files: Readonly<Record<string, number>>
  readonly ledger: Ledger
  /** How the split came out; null for a run that had been finished before. */
  readonly shares: Shares | null
  readonly wasSealed: boolean
  /** What was lost on the way and replaced; nothing of it is in the rows. */
  readonly lost: Losses
}

/** A plan, and the items of all its repositories in a fixed order. */
interface OpenPlan extends GeneratePlan {
  readonly items: ReadonlyArray<Item<GenerateOutput>>
  /** Whether an item is done faster by the thread that did the one before it: an index moves through history once. */
  readonly isContinued: boolean
}

/** Opens the repositories and plans the run; fails when nothing is left to do. */
const open = Effect.fnUntraced(function*(request: GenerateRequest, listen: RunListener, lost: Losses) {
  const { settings } = request
  const opening = { orFolder: settings.source === "tree", mostFiles: settings.maxFiles }
  const sources = yield* openSources(request.repositories.map(({ location }) => location), opening, { lost, listen })
  const surveys: Array<RepositorySurvey> = []
  for (const [place, asked] of request.repositories.entries()) {
    const surveyed = yield* sources.use(
      place,
      (repository) => replaceLosses(lost)(surveyRepository(repository, asked, settings))
    ).pipe(orLeftOut(asked, listen))
    surveys.push(Either.getOrElse(surveyed, (fault) => surveyOfLeftOut(asked, fault, settings)))
  }
  const items: Array<Item<GenerateOutput>> = []
  const plan = yield* planSurveys(
    surveys.map((survey) => Effect.succeed(survey)),
    settings,
    ({ batches, survey }, place) =>
      Effect.sync(() => {
        for (const { itemIn, size } of batches) {
          items.push({
            size,
            work: (lost) => sources.useAgain(place, survey.head, (repository) => itemIn(repository).work(lost))
          })
        }
      })
  )
  if (plan.size === 0) return yield* nothingToLearnFrom(plan)
  yield* listen({ _tag: "planned", size: plan.size, unit: plan.unit })
  const planned: OpenPlan = { ...plan, items, isContinued: isContinued(settings) }
  return planned
})

/** Rows without touching the disk, in an order that the seed decides: for previews and for library use. */
export const drawExamples = (request: GenerateRequest, listen: RunListener) =>
  Stream.unwrapScoped(Effect.gen(function*() {
    const lost = noLosses()
    const plan = yield* open(request, listen, lost)
    return workThrough(Stream.fromIterable(plan.items), { lost, isDone: () => false, isOrdered: true }).pipe(
      Stream.mapConcat(({ output }) => (output?.records ?? []).filter(({ pool }) => pool !== contaminatedPool))
    )
  }))

/** Generates a dataset into a folder. */
export const runGenerate = Effect.fn("generate.run")(function*(request: GenerateRequest, listen: RunListener) {
  const lost = noLosses()
  const writer = yield* Writer
  const plan = yield* open(request, listen, lost)
  const { bufferBytes, format, output, overwrite, resume } = request
  const identity = generateIdentityOf(request, plan)
  const run = yield* writer.openRun({
    directory: output,
    identity,
    resume,
    overwrite,
    files: datasetFilesOf(request.settings),
    bufferBytes,
    format
  })
  const { ledger, made } = yield* runDataset({
    identity,
    resume,
    lost,
    sink: poolSink<GenerateOutput>(run, output),
    plan: Effect.succeed({
      ...plan,
      items: Stream.fromIterable(plan.items),
      isContinued: plan.isContinued,
      finish: (ledger: Ledger) => writeTables(request, plan, run, ledger, listen)
    })
  }, listen)
  const outcome: GenerateOutcome = {
    directory: output,
    files: made?.files ?? {},
    ledger,
    shares: made?.shares ?? null,
    wasSealed: made === undefined,
    lost
  }
  return outcome
}, Effect.scoped)
