/** The program of generate: plan, compute, write. Typed by what it needs; every task form calls this one. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { Compute, type JobFailed, type WorkerLost } from "../../services/Compute.ts"
import { Git, type GitFailed, type GitLost, type Repository } from "../../services/Git.ts"
import { isPlainOutput, nameOfFiles, type OutputFormat } from "../../services/formats/output-format.ts"
import { type DatasetType, ktoWeights, llamaFactoryEntry } from "../../services/formats/trainers.ts"
import { presets } from "../../services/formats/presets.ts"
import { addLedger, keep, leaveOut, type Ledger, sortedLedger } from "../../services/rows/ledger.ts"
import { type PooledRecord, type Run, type TableSummary, Writer } from "../../services/Writer.ts"
import { historyJob, type JobOutput, treeJob } from "./jobs.ts"
import { blobsOf, type Item, type Plan, planFingerprint, sizeOf } from "./plan.ts"
import type { Side } from "../../services/history/groups.ts"
import { planHistory } from "../shared/history/plan-history.ts"
import { planTree } from "./plan-tree.ts"
import { rejectedPool, unwantedPool, wantedPool } from "./records.ts"
import { NothingToDo } from "./problems.ts"
import { fileStem, type GenerateSettings } from "./settings.ts"
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

export type ProgressEvent =
  | { readonly _tag: "opened"; readonly repository: string }
  | { readonly _tag: "planned"; readonly size: number; readonly unit: "changes" | "files" }
  | { readonly _tag: "worked"; readonly done: number; readonly size: number; readonly rows: number }
  | { readonly _tag: "writing" }
  | { readonly _tag: "warned"; readonly message: string }

export interface ProgressListener {
  (event: ProgressEvent): Effect.Effect<void>
}

export interface Outcome {
  readonly directory: string
  readonly files: Readonly<Record<string, number>>
  readonly ledger: Ledger
  readonly wasSealed: boolean
}

/** Opens the repositories and plans the run; fails when nothing is left to do. */
const open = Effect.fnUntraced(function*(request: GenerateRequest, listen: ProgressListener) {
  const git = yield* Git
  const { settings } = request
  const repositories: Array<Repository> = []
  for (const location of request.repositories) {
    const repository = yield* git.open(location, { orFolder: settings.source === "tree" })
    repositories.push(repository)
    yield* listen({ _tag: "opened", repository: repository.name })
  }
  const plan = settings.source === "history"
    ? yield* planChanges(repositories, settings)
    : yield* planTree(repositories, settings)
  if (plan.size === 0) return yield* new NothingToDo({ ledger: plan.ledger })
  yield* listen({ _tag: "planned", size: plan.size, unit: settings.source === "history" ? "changes" : "files" })
  return { repositories, plan }
})

/** Context needs changes in the order of commits: an index of the project then moves through history once. */
const planChanges = Effect.fnUntraced(function*(repositories: ReadonlyArray<Repository>, settings: GenerateSettings) {
  const { batches, ...rest } = yield* planHistory(
    repositories,
    settings,
    settings.context === null ? "paths" : "commits"
  )
  const plan: Plan = { ...rest, items: batches.map((batch): Item => ({ _tag: "history", ...batch })) }
  return plan
})

/** Reads what an item needs and runs its job. The contents move to the worker. */
const work = (
  repositories: ReadonlyArray<Repository>,
  settings: GenerateSettings,
  item: Item
): Effect.Effect<JobOutput, GitFailed | GitLost | JobFailed | WorkerLost, Compute> =>
  Effect.gen(function*() {
    const compute = yield* Compute
    const repository = repositories[item.repository]
    if (repository === undefined) return yield* Effect.die(new Error("an item of a repository that was not opened"))
    const ids = blobsOf(item)
    const blobs = yield* repository.blobs(ids)
    const contents = new Map<string, Uint8Array>()
    const buffers: Array<ArrayBuffer> = []
    for (const [index, blob] of blobs.entries()) {
      if (blob === null) continue
      contents.set(ids[index] ?? "", blob)
      if (blob.buffer instanceof ArrayBuffer) buffers.push(blob.buffer)
    }
    const { location, name } = repository
    const shared = { settings, repository: name, location, contents }
    return item._tag === "history"
      ? yield* compute.run(historyJob, { ...shared, lineages: item.lineages }, buffers)
      : yield* compute.run(treeJob, { ...shared, files: item.files, commit: item.commit }, buffers)
  })

/** Rows without touching the disk, in an order that the seed decides: for previews and for library use. */
export const examples = (
  request: GenerateRequest,
  listen: ProgressListener
): Stream.Stream<
  PooledRecord,
  Effect.Effect.Error<ReturnType<typeof open>> | Effect.Effect.Error<ReturnType<typeof work>>,
  Git | Compute
> =>
  Stream.unwrapScoped(Effect.gen(function*() {
    const { plan, repositories } = yield* open(request, listen)
    const { concurrency } = yield* Compute
    return Stream.fromIterable(plan.items).pipe(
      Stream.mapEffect((item) => work(repositories, request.settings, item), { concurrency }),
      Stream.mapConcat(({ records }) => records)
    )
  }))

/** Generates a dataset into a folder. */
export const generate = Effect.fn("generate.run")(function*(request: GenerateRequest, listen: ProgressListener) {
  return yield* Effect.scoped(Effect.gen(function*() {
    const writer = yield* Writer
    const { concurrency } = yield* Compute
    const { plan, repositories } = yield* open(request, listen)
    const { settings } = request
    const identity = identityOf(request, plan)
    const run = yield* writer.openRun({
      directory: request.output,
      identity,
      resume: request.resume,
      overwrite: request.overwrite,
      bufferBytes: request.bufferBytes,
      format: request.format
    })
    if (run.isSealed) {
      const outcome: Outcome = { directory: request.output, files: {}, ledger: run.ledger(), wasSealed: true }
      return outcome
    }
    let done = 0
    let rows = 0
    yield* Effect.forEach(plan.items, (item, index) =>
      Effect.gen(function*() {
        if (!run.isDone(index)) {
          const output = yield* work(repositories, settings, item)
          yield* run.commit({ item: index, records: output.records, ledger: output.ledger })
          rows += output.records.length
        }
        done += sizeOf(item)
        yield* listen({ _tag: "worked", done, size: plan.size, rows })
      }), { concurrency: concurrency + 1, discard: true })
    yield* listen({ _tag: "writing" })
    return yield* writeOutputs(request, plan, run, identity, listen)
  }))
})

const identityOf = (request: GenerateRequest, plan: Plan) => ({
  task: "generate",
  version: request.version,
  settings: request.recorded,
  repositories: plan.heads,
  plan: planFingerprint(plan),
  ...(isPlainOutput(request.format) ? {} : { format: request.format })
})

const sides: ReadonlyArray<Side> = ["train", "held"]

const writeOutputs = Effect.fnUntraced(function*(
  request: GenerateRequest,
  plan: Plan,
  run: Run,
  identity: ReturnType<typeof identityOf>,
  listen: ProgressListener
) {
  const { settings } = request
  const ledger: Ledger = {}
  addLedger(ledger, plan.ledger)
  addLedger(ledger, run.ledger())
  const files: Record<string, number> = {}
  const stats: Record<string, Record<string, SideStats>> = {}
  for (const type of settings.datasetTypes) {
    const bySide: Record<string, SideStats> = {}
    for (const side of sides) {
      const stem = fileStem(type, side)
      const summary = yield* run.assemble({
        name: `${stem}.jsonl`,
        pools: poolsOf(type, side),
        hasRivals: type === "kto" || type === "dpo",
        apartFrom: side === "train" ? [] : poolsOf(type, "train"),
        share: settings.curriculumTopPercent === null ? 1 : settings.curriculumTopPercent / 100
      })
      countRows(ledger, summary)
      files[nameOfFiles(summary.files)] = summary.rows
      bySide[stem.replace(`_${type}`, "")] = sideStats(summary, type === "dpo")
      if (summary.rows === 0) {
        yield* listen({
          _tag: "warned",
          message: `${stem}.jsonl is empty: every group fell on the other side; try another --split or --seed`
        })
      }
    }
    stats[type] = bySide
    if (type === "kto" || type === "dpo") yield* run.writeDocument(`${type}_stats.json`, statsDocument(type, bySide))
  }
  if (request.rejected !== null) {
    yield* run.assemble({ name: request.rejected, pools: [rejectedPool], hasRivals: false, apartFrom: [], share: 1 })
  }
  if (settings.trainer === "llama-factory") {
    yield* run.writeDocument(
      "dataset_info.json",
      Object.fromEntries(
        settings.datasetTypes.flatMap((type) =>
          sides.map((
            side
          ) => [
            `retrace_${fileStem(type, side)}`,
            llamaFactoryEntry(`${fileStem(type, side)}.${request.format.kind}`, type)
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
  const sorted = sortedLedger(ledger)
  yield* run.seal({
    identity,
    files,
    stats,
    ledger: sorted,
    moved_groups: plan.movedGroups,
    formatting: formattingOf(settings),
    advice: adviceOf(settings, stats)
  })
  const outcome: Outcome = { directory: request.output, files, ledger: sorted, wasSealed: false }
  return outcome
})

const poolsOf = (type: DatasetType, side: Side): ReadonlyArray<string> => {
  const stem = fileStem(type, side)
  return type === "kto" ? [wantedPool(stem), unwantedPool(stem)] : [stem]
}

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
      ...(type === "kto" ? ktoWeights(train?.positives ?? 0, train?.negatives ?? 0) : {})
    }]
  }))
