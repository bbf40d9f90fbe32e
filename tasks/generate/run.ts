/** The program of generate: plan, compute, write. Typed by what it needs; every task form calls this one. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { nameOfFiles, type OutputFormat } from "../../services/formats/output-format.ts"
import { presets } from "../../services/formats/presets.ts"
import { ktoWeights } from "../../services/rows/kto.ts"
import { datasetShapes, type DatasetType, llamaFactoryEntry } from "../../services/rows/shapes.ts"
import { poolsOf, tableNamed } from "../../services/rows/tables.ts"
import { datasetFiles, datasetInfoFile, statsFile } from "./dataset-files.ts"
import type { Side } from "../../services/history/groups.ts"
import { keep, leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import { type Run, type TableSummary, Writer } from "../../services/Writer.ts"
import type { RunEvent, RunListener } from "../shared/dataset-run/listener.ts"
import { type Losses, noLosses, replaceLosses } from "../shared/dataset-run/losses.ts"
import { NothingToDo } from "../shared/dataset-run/nothing-to-do.ts"
import { openRepositories } from "../shared/dataset-run/repositories.ts"
import { identityOf, runDataset } from "../shared/dataset-run/run.ts"
import { poolSink } from "../shared/dataset-run/sinks.ts"
import { workThrough } from "../shared/dataset-run/work-through.ts"
import type { GenerateOutput } from "./jobs.ts"
import type { GeneratePlan } from "./plan.ts"
import { planChanges } from "./plan-changes.ts"
import { planTree } from "./plan-tree.ts"
import { rejectedPool } from "./records.ts"
import type { GenerateSettings } from "./settings.ts"
import { adviseMaxLength, type SideStats, sideStats } from "./stats.ts"

export interface GenerateRequest {
  /** Paths or clone URLs. */
  readonly repositories: ReadonlyArray<string>
  readonly settings: GenerateSettings
  /** What was asked of the rows, by flag: the settings in metadata. */
  readonly recorded: Readonly<Record<string, unknown>>
  readonly output: string
  readonly resume: boolean
  readonly overwrite: boolean
  /** Bytes of rows that wait in memory for their place. */
  readonly bufferBytes: number
  readonly format: OutputFormat
  /** Absolute path for what was left out, or null. */
  readonly rejected: string | null
  readonly version: string
}

export type ProgressEvent = RunEvent

export interface GenerateOutcome {
  readonly directory: string
  readonly files: Readonly<Record<string, number>>
  readonly ledger: Ledger
  readonly wasSealed: boolean
  /** What was lost on the way and replaced; nothing of it is in the rows. */
  readonly lost: Losses
}

/** Opens the repositories and plans the run; fails when nothing is left to do. */
const open = Effect.fnUntraced(function*(request: GenerateRequest, listen: RunListener, lost: Losses) {
  const { settings } = request
  const repositories = yield* openRepositories(request.repositories, { orFolder: settings.source === "tree" }, {
    lost,
    listen
  })
  const planAll = settings.source === "history" ? planChanges : planTree
  const plan = yield* replaceLosses(lost)(planAll(repositories, settings))
  if (plan.size === 0) {
    return yield* new NothingToDo({
      sought: "find anything to learn from",
      ledger: plan.ledger,
      otherwise: "no commit is in range; widen --start-date, --end-date or --max-commits"
    })
  }
  yield* listen({ _tag: "planned", size: plan.size, unit: plan.unit })
  return plan
})

/** Rows without touching the disk, in an order that the seed decides: for previews and for library use. */
export const drawExamples = (request: GenerateRequest, listen: RunListener) =>
  Stream.unwrapScoped(Effect.gen(function*() {
    const lost = noLosses()
    const plan = yield* open(request, listen, lost)
    return workThrough(Stream.fromIterable(plan.items), { lost, isDone: () => false, isOrdered: true }).pipe(
      Stream.mapConcat(({ output }) => output?.records ?? [])
    )
  }))

/** Generates a dataset into a folder. */
export const runGenerate = Effect.fn("generate.run")(function*(request: GenerateRequest, listen: RunListener) {
  const lost = noLosses()
  const writer = yield* Writer
  const plan = yield* open(request, listen, lost)
  const { bufferBytes, format, output, overwrite, resume } = request
  const identity = identityOf({
    task: "generate",
    version: request.version,
    settings: request.recorded,
    repositories: plan.heads,
    plan: plan.fingerprint
  }, format)
  const run = yield* writer.openRun({
    directory: output,
    identity,
    resume,
    overwrite,
    files: datasetFiles,
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
      finish: (ledger: Ledger) => writeTables(request, plan, run, ledger, listen)
    })
  }, listen)
  const outcome: GenerateOutcome = {
    directory: output,
    files: made?.files ?? {},
    ledger,
    wasSealed: made === undefined,
    lost
  }
  return outcome
}, Effect.scoped)

const sides: ReadonlyArray<Side> = ["train", "held"]

/** Writes the tables and what stands beside them; says what the metadata tells of them. */
const writeTables = Effect.fn("generate.writeTables")(function*(
  request: GenerateRequest,
  plan: GeneratePlan,
  run: Run,
  ledger: Ledger,
  listen: RunListener
) {
  const { settings } = request
  const files: Record<string, number> = {}
  const stats: Record<string, Record<string, SideStats>> = {}
  for (const type of settings.datasetTypes) {
    const bySide: Record<string, SideStats> = {}
    const { contrast, files: stems } = datasetShapes[type]
    for (const side of sides) {
      const stem = stems[side]
      const summary = yield* run.assemble({
        name: tableNamed(stem),
        pools: poolsOf(contrast, stem),
        hasRivals: contrast !== "none",
        apartFrom: side === "train" ? [] : poolsOf(contrast, stems.train),
        share: settings.curriculumTopPercent === null ? 1 : settings.curriculumTopPercent / 100
      })
      countRows(ledger, summary)
      files[nameOfFiles(summary.files)] = summary.rows
      bySide[stem.replace(`_${type}`, "")] = sideStats(summary, contrast === "pairs")
      if (summary.rows === 0) {
        yield* listen({
          _tag: "warned",
          message: `${tableNamed(stem)} is empty: every group fell on the other side; try another --split or --seed`
        })
      }
    }
    stats[type] = bySide
    if (contrast !== "none") yield* run.writeDocument(statsFile(type), statsDocument(type, bySide))
  }
  if (request.rejected !== null) {
    yield* run.assemble({ name: request.rejected, pools: [rejectedPool], hasRivals: false, apartFrom: [], share: 1 })
  }
  if (settings.trainer === "llama-factory") {
    yield* run.writeDocument(
      datasetInfoFile,
      Object.fromEntries(
        settings.datasetTypes.flatMap((type) =>
          sides.map((
            side
          ) => [
            `retrace_${datasetShapes[type].files[side]}`,
            llamaFactoryEntry(`${datasetShapes[type].files[side]}.${request.format.kind}`, type)
          ])
        )
      )
    )
  }
  if (plan.movedGroups > 0) {
    yield* listen({
      _tag: "warned",
      message: `${plan.movedGroups} groups changed sides when a rename or an equal file joined them to another`
    })
  }
  return {
    files,
    tables: { files, stats },
    notes: { moved_groups: plan.movedGroups, formatting: formattingOf(settings), advice: adviceOf(settings, stats) }
  }
})

const countRows = (ledger: Ledger, summary: TableSummary): void => {
  keep(ledger, "rows", summary.rows)
  leaveOut(ledger, "rows", "twin of another row", summary.twins)
  leaveOut(ledger, "rows", "right in another version", summary.contradicted)
  leaveOut(ledger, "rows", "prompt in train too", summary.shared)
  leaveOut(ledger, "rows", "past the curriculum's share", summary.past)
}

const statsDocument = (type: DatasetType, bySide: Readonly<Record<string, SideStats>>) => {
  const train = bySide["train"]
  const test = bySide["test"]
  return {
    dataset_type: type,
    total_examples: (train?.examples ?? 0) + (test?.examples ?? 0),
    train_examples: train?.examples ?? 0,
    test_examples: test?.examples ?? 0,
    positive_examples: (train?.positives ?? 0) + (test?.positives ?? 0),
    negative_examples: (train?.negatives ?? 0) + (test?.negatives ?? 0),
    train,
    test
  }
}

/** How the rows' text is built, for whoever masks prompts or sets an end token. */
const formattingOf = (settings: GenerateSettings) => {
  const preset = presets.get(settings.baseModel)
  return {
    base_model: settings.baseModel,
    formats: settings.formats,
    trainer: settings.trainer,
    end_of_text: preset?.end ?? null,
    end_in_completion: settings.trainer === "trl" ? preset?.carriedEnd ?? "" : preset?.end ?? "",
    zed_completion_ends_after: "<|editable_region_end|>",
    context: settings.context === null ? "none" : { budget: settings.context.budget, sources: settings.context.sources }
  }
}

const adviceOf = (settings: GenerateSettings, stats: Readonly<Record<string, Readonly<Record<string, SideStats>>>>) =>
  Object.fromEntries(settings.datasetTypes.map((type) => {
    const train = stats[type]?.["train"]
    return [type, {
      max_length: adviseMaxLength(train?.rowChars99 ?? 0),
      max_prompt_length: adviseMaxLength(train?.promptChars99 ?? 0),
      ...(datasetShapes[type].contrast === "labels" ? ktoWeights(train?.positives ?? 0, train?.negatives ?? 0) : {})
    }]
  }))
