/** The tables of generate, and what stands beside them: counts, advice for trainers, an entry for LLaMA-Factory. */
import * as Effect from "effect/Effect"
import { dialectNamed } from "../../services/next-edit/dialects/all.ts"
import { nameOfFiles } from "../../services/formats/output-format.ts"
import { presets } from "../../services/formats/presets.ts"
import { tokensAtMost, trainerSettings } from "../../services/formats/trainer-settings.ts"
import { endOfCompletion } from "../../services/formats/trainers.ts"
import type { Side } from "../../services/history/split.ts"
import { keep, leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import type { Fields } from "../../services/rows/fields.ts"
import { datasetShapes, type DatasetType, llamaFactoryEntry, llamaFactoryName } from "../../services/rows/shapes.ts"
import { poolsOf, tableNamed } from "../../services/rows/tables.ts"
import type { Run, TableSummary } from "../../services/Writer.ts"
import type { RunListener } from "../shared/dataset-run/listener.ts"
import { sharesOf, warningAgainst } from "../shared/dataset-run/shares.ts"
import { attributionFile, contaminatedFile, datasetInfoFile, statsFile } from "./dataset-files.ts"
import { findNearDuplicates } from "./near-duplicates.ts"
import { attributionOf, type SourceCounts } from "./papers/attribution.ts"
import type { GeneratePlan } from "./plan.ts"
import { contaminatedPool, rejectedPool } from "./records.ts"
import type { GenerateSettings } from "./settings.ts"
import { type SideStats, sideStats } from "./stats.ts"

const sides: ReadonlyArray<Side> = ["train", "held"]

export interface TablesAsked {
  readonly settings: GenerateSettings
  /** Absolute path for what was left out, or null. */
  readonly rejected: string | null
}

/** Writes the tables and what stands beside them; says what the metadata tells of them. */
export const writeTables = Effect.fn("generate.writeTables")(function*(
  { rejected, settings }: TablesAsked,
  plan: GeneratePlan,
  run: Run,
  ledger: Ledger,
  listen: RunListener
) {
  const files: Record<string, number> = {}
  const told: Record<string, Fields> = {}
  const stats: Record<string, Record<string, SideStats>> = {}
  const nearDuplicates: Record<string, Fields> = {}
  const sources: Array<SourceCounts> = []
  const rows = { train: 0, held: 0 }
  for (const type of settings.datasetTypes) {
    const bySide: Record<string, SideStats> = {}
    const { contrast, files: stems } = datasetShapes[type]
    const pools = { train: poolsOf(contrast, stems.train), held: poolsOf(contrast, stems.held) }
    const alike = settings.nearDuplicates ? undefined : yield* findNearDuplicates(run, pools)
    for (const side of sides) {
      const stem = stems[side]
      const summary = yield* run.assemble({
        name: tableNamed(stem),
        pools: pools[side],
        hasRivals: contrast !== "none",
        apartFrom: side === "train" ? [] : pools.train,
        apartFromAnswers: side === "train" || settings.testAfter === null ? [] : pools.train,
        repeats: { pools: sides.flatMap((one) => pools[one]), most: settings.maxRepeats },
        share: settings.curriculumTopPercent === null ? 1 : settings.curriculumTopPercent / 100,
        ...(alike === undefined ? {} : { reasonAgainst: alike.reasonAgainst })
      })
      countRows(ledger, summary)
      sources.push(summary.sources)
      files[nameOfFiles(summary.files)] = summary.rows
      for (const file of summary.files) told[llamaFactoryName(file)] = llamaFactoryEntry(file, type)
      bySide[stem.replace(`_${type}`, "")] = sideStats(summary, contrast === "pairs")
      rows[side] += summary.rows
      if (summary.rows === 0 && plan.split.groups[side] > 0) {
        yield* listen({ _tag: "warned", message: `${tableNamed(stem)} is empty: no group of its side gave a row` })
      }
    }
    stats[type] = bySide
    if (alike !== undefined) nearDuplicates[type] = alike.told
    if (contrast !== "none") yield* run.writeDocument(statsFile(type), statsDocument(type, bySide))
  }
  if (rejected !== null) {
    yield* run.assemble({
      name: rejected,
      pools: [rejectedPool],
      hasRivals: false,
      apartFrom: [],
      repeats: null,
      share: 1
    })
  }
  if (settings.hygiene.benchmarks.length > 0) {
    yield* run.assemble({
      name: contaminatedFile,
      pools: [contaminatedPool],
      hasRivals: false,
      apartFrom: [],
      repeats: null,
      share: 1
    })
  }
  if (settings.hygiene.licences !== null) {
    yield* run.writeText(attributionFile, attributionOf(sources, plan.heads))
  }
  if (settings.trainer === "llama-factory") {
    yield* run.writeDocument(datasetInfoFile, told)
  }
  const shares = sharesOf(settings.testAfter === null ? settings.split : null, plan.split, rows)
  const warning = warningAgainst(shares, plan.split)
  if (warning !== null) yield* listen({ _tag: "warned", message: warning })
  return {
    files,
    shares,
    tables: { files, stats },
    notes: {
      split: shares,
      ...(settings.nearDuplicates ? {} : { near_duplicates: nearDuplicates }),
      formatting: formattingOf(settings),
      advice: adviceOf(settings, stats)
    }
  }
})

const countRows = (ledger: Ledger, summary: TableSummary): void => {
  keep(ledger, "rows", summary.rows)
  leaveOut(ledger, "rows", "twin of another row", summary.twins)
  for (const [reason, count] of Object.entries(summary.refused)) leaveOut(ledger, "rows", reason, count)
  leaveOut(ledger, "rows", "right in another version", summary.contradicted)
  leaveOut(ledger, "rows", "prompt in train too", summary.shared)
  leaveOut(ledger, "rows", "answer in train too", summary.answered)
  leaveOut(ledger, "rows", "answer repeated", summary.repeated)
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
    formats: settings.nextEdits === null
      ? settings.formats
      : [{ format: settings.nextEdits.dialect, share: 1 }],
    trainer: settings.trainer,
    end_of_text: preset?.end ?? null,
    end_in_completion: preset === undefined
      ? ""
      : endOfCompletion(settings.trainer, preset, settings.nextEdits !== null),
    ...(settings.nextEdits === null
      ? { zed_completion_ends_after: "<|editable_region_end|>" }
      : { stops: dialectNamed(settings.nextEdits.dialect)?.stops ?? [] }),
    context: settings.context === null ? "none" : { budget: settings.context.budget, sources: settings.context.sources }
  }
}

/** What the trainer is told because of the rows, in its own names. */
const adviceOf = (settings: GenerateSettings, stats: Readonly<Record<string, Readonly<Record<string, SideStats>>>>) =>
  Object.fromEntries(settings.datasetTypes.map((type) => {
    const train = stats[type]?.["train"]
    return [
      type,
      trainerSettings(settings.trainer, type === "fim" ? "text" : type, {
        maxLength: tokensAtMost(train?.rowChars99 ?? 0),
        maxPromptLength: tokensAtMost(train?.promptChars99 ?? 0),
        positives: train?.positives ?? 0,
        negatives: train?.negatives ?? 0
      })
    ]
  }))
