/** Flags, or the library's options, become one checked request; a wrong one is named with what to do. */
import * as Effect from "effect/Effect"
import { defaultMix, type FormatName, type FormatShare, resolveFormat } from "../../services/formats/format-name.ts"
import { type Preset, presets } from "../../services/formats/presets.ts"
import { type DatasetType, datasetTypes, type Trainer, trainerReads } from "../../services/formats/trainers.ts"
import { languageNamed, languageNames } from "../../services/text/language.ts"
import { WrongUsage } from "../shared/problems.ts"
import { type ContextSource, defaultContextBudget } from "../../services/Index.ts"
import type { ContextSettings, GenerateSettings } from "./settings.ts"

/** What may be asked: every part but the repositories has a default. */
export interface GenerateChoices {
  readonly source?: "history" | "tree" | undefined
  readonly rev?: string | undefined
  readonly maxCommits?: number | undefined
  readonly startDate?: string | undefined
  readonly endDate?: string | undefined
  /** Types, or "both" for kto and dpo. */
  readonly datasetType?: ReadonlyArray<string> | undefined
  readonly format?: FormatName | undefined
  /** Shares by format name, for MIXED. */
  readonly mix?: Readonly<Record<string, number>> | undefined
  readonly baseModel?: string | undefined
  readonly trainer?: Trainer | undefined
  readonly extensions?: ReadonlyArray<string> | undefined
  readonly languages?: ReadonlyArray<string> | undefined
  readonly maxFileBytes?: number | undefined
  readonly split?: number | undefined
  readonly group?: "file" | "repo" | undefined
  readonly maxMiddleLines?: number | undefined
  readonly maxTotalChars?: number | undefined
  readonly maxTokens?: number | undefined
  readonly tokenizer?: string | undefined
  readonly characterShare?: number | undefined
  /** Signatures of what a file imports, inherits and mentions. */
  readonly crossFileContext?: boolean | undefined
  /** Chunks of other files that read like the code at the cut. */
  readonly bm25Context?: boolean | undefined
  /** Folders beside the repository that context is also taken from. */
  readonly includePaths?: ReadonlyArray<string> | undefined
  /** UTF-16 units of context at the most. */
  readonly contextChars?: number | undefined
  /** Share of rows that get no context although it was asked for. */
  readonly noContextShare?: number | undefined
  readonly qualityFilter?: boolean | undefined
  readonly testedOnly?: boolean | undefined
  readonly curriculum?: boolean | undefined
  readonly curriculumTopPercent?: number | undefined
  readonly seed?: number | undefined
  readonly keepRejected?: boolean | undefined
}

const wrong = (detail: string) => new WrongUsage({ detail })

/** Checks the choices and fills in what is missing. Warnings are for the user to read; they stop nothing. */
export const resolveSettings = Effect.fnUntraced(function*(choices: GenerateChoices) {
  const source = choices.source ?? "history"
  const baseModel = choices.baseModel ?? "qwen2.5-coder"
  const preset = presets.get(baseModel)
  if (preset === undefined) {
    return yield* wrong(`Cannot write for "${baseModel}": --base-model takes ${[...presets.keys()].join(", ")}`)
  }
  const trainer = choices.trainer ?? "trl"
  const types = yield* resolveTypes(choices.datasetType ?? [source === "history" ? "kto" : "fim"], trainer)
  const { formats, warnings } = yield* resolveFormats(choices, source, preset)
  const split = choices.split ?? 0.9
  if (!(split > 0 && split < 1)) {
    return yield* wrong(`Cannot split at ${split}: --split takes a share between 0 and 1, such as 0.9`)
  }
  const characterShare = choices.characterShare ?? (source === "tree" ? 0.1 : 0)
  if (!(characterShare >= 0 && characterShare <= 1)) {
    return yield* wrong(`Cannot use --character-share ${characterShare}: it takes a share from 0 to 1`)
  }
  const top = choices.curriculumTopPercent
  if (top !== undefined && !(top > 0 && top <= 100)) {
    return yield* wrong(`Cannot keep ${top} %: --curriculum-top-pct takes a percentage above 0, up to 100`)
  }
  if ((choices.maxTokens === undefined) !== (choices.tokenizer === undefined)) {
    return yield* wrong("Cannot count tokens: pass --max-tokens and --tokenizer together")
  }
  for (const name of choices.languages ?? []) {
    if (languageNamed(name) === undefined) {
      return yield* wrong(`Cannot select the language "${name}": --language takes ${languageNames.join(", ")}`)
    }
  }
  const settings: GenerateSettings = {
    source,
    rev: choices.rev ?? "HEAD",
    maxCommits: yield* atLeast("--max-commits", choices.maxCommits ?? 1000, 1),
    startDate: yield* resolveDate("--start-date", choices.startDate, "00:00:00"),
    endDate: yield* resolveDate("--end-date", choices.endDate, "23:59:59"),
    datasetTypes: types,
    trainer,
    baseModel,
    formats,
    extensions: choices.extensions === undefined || choices.extensions.length === 0
      ? null
      : choices.extensions.map((extension) => (extension.startsWith(".") ? extension : `.${extension}`).toLowerCase()),
    languages: choices.languages === undefined || choices.languages.length === 0 ? null : choices.languages,
    maxFileBytes: yield* atLeast("--max-file-bytes", choices.maxFileBytes ?? 1024 * 1024, 1),
    split,
    groupBy: choices.group ?? "file",
    maxMiddleLines: yield* atLeast("--max-middle-lines", choices.maxMiddleLines ?? 30, 1),
    maxTotalChars: yield* atLeast("--max-total-chars", choices.maxTotalChars ?? 8192, 64),
    maxTokens: choices.maxTokens === undefined ? null : yield* atLeast("--max-tokens", choices.maxTokens, 16),
    tokenizer: choices.tokenizer ?? null,
    context: yield* resolveContext(choices),
    characterShare,
    qualityFilter: choices.qualityFilter ?? true,
    testedOnly: choices.testedOnly ?? false,
    curriculum: (choices.curriculum ?? false) || top !== undefined,
    curriculumTopPercent: top ?? null,
    seed: choices.seed ?? 42,
    keepRejected: choices.keepRejected ?? false
  }
  if (settings.startDate !== null && settings.endDate !== null && settings.startDate > settings.endDate) {
    return yield* wrong(`Cannot look from ${settings.startDate} to ${settings.endDate}: the start lies behind the end`)
  }
  return { settings, warnings }
})

const resolveContext = Effect.fnUntraced(function*(choices: GenerateChoices) {
  const sources: Array<ContextSource> = []
  if (choices.crossFileContext === true) sources.push("signatures")
  if (choices.bm25Context === true) sources.push("chunks")
  const includePaths = choices.includePaths ?? []
  if (sources.length === 0) {
    const flag = includePaths.length > 0
      ? "--include-path"
      : choices.contextChars !== undefined
      ? "--context-chars"
      : choices.noContextShare !== undefined
      ? "--no-context-share"
      : undefined
    if (flag === undefined) return null
    return yield* wrong(`Cannot use ${flag} alone: pass --cross-file-context or --bm25-context with it`)
  }
  const noContextShare = choices.noContextShare ?? 0.2
  if (!(noContextShare >= 0 && noContextShare < 1)) {
    return yield* wrong(`Cannot use --no-context-share ${noContextShare}: it takes a share from 0 up to, not with, 1`)
  }
  const budget = yield* atLeast("--context-chars", choices.contextChars ?? defaultContextBudget, 100)
  const context: ContextSettings = { sources, budget, noContextShare, includePaths }
  return context
})

const atLeast = (flag: string, value: number, least: number) =>
  Number.isInteger(value) && value >= least
    ? Effect.succeed(value)
    : wrong(`Cannot use ${flag} ${value}: it takes a whole number from ${least} up`)

const resolveTypes = Effect.fnUntraced(function*(names: ReadonlyArray<string>, trainer: Trainer) {
  const types: Array<DatasetType> = []
  for (const name of names.flatMap((entry) => (entry === "both" ? ["kto", "dpo"] : [entry]))) {
    const type = datasetTypes.find((known) => known === name)
    if (type === undefined) {
      return yield* wrong(`Cannot write "${name}": --dataset-type takes ${datasetTypes.join(", ")} or both`)
    }
    if (!trainerReads[trainer].includes(type)) {
      return yield* wrong(`Cannot write ${type} for ${trainer}: it reads ${trainerReads[trainer].join(", ")}`)
    }
    if (!types.includes(type)) types.push(type)
  }
  return types.length === 0 ? yield* wrong("Cannot write nothing: pass a --dataset-type") : types
})

const resolveFormats = Effect.fnUntraced(function*(
  choices: GenerateChoices,
  source: "history" | "tree",
  preset: Preset
) {
  const warnings: Array<string> = []
  const resolveOne = Effect.fnUntraced(function*(name: Exclude<FormatName, "MIXED">) {
    if (name === "ZED" && source === "tree") {
      return yield* wrong("Cannot write ZED from a tree: it holds no edits; pass --source history or another --format")
    }
    const resolved = resolveFormat(preset, name)
    if (resolved._tag === "refused") return yield* wrong(`Cannot use --format ${name}: ${resolved.detail}`)
    if (resolved.warning !== null) warnings.push(resolved.warning)
    return resolved.format
  })
  const { format, mix } = choices
  if (mix !== undefined && format !== undefined && format !== "MIXED") {
    return yield* wrong(`Cannot mix formats with --format ${format}: pass --format MIXED`)
  }
  if (format === "MIXED" || mix !== undefined) {
    if (mix === undefined) return { formats: defaultMix(preset), warnings }
    const formats: Array<FormatShare> = []
    for (const [name, share] of Object.entries(mix)) {
      if (!isSingleFormat(name) || !(share > 0)) {
        return yield* wrong(`Cannot mix "${name}=${share}": --mix takes shares such as PSM=0.5,SPM=0.5`)
      }
      formats.push({ format: yield* resolveOne(name), share })
    }
    return formats.length === 0 ? yield* wrong("Cannot mix nothing: pass --mix PSM=0.5,SPM=0.5") : { formats, warnings }
  }
  if (format === undefined && source === "tree") return { formats: [{ format: preset.native, share: 1 }], warnings }
  return { formats: [{ format: yield* resolveOne(format ?? "ZED"), share: 1 }], warnings }
})

const isSingleFormat = (name: string): name is Exclude<FormatName, "MIXED"> =>
  ["PSM", "SPM", "SPM1", "SPM2", "ZED"].includes(name)

/** A date without a time means all of that day in UTC: git alone would take the time of day of the run. */
const resolveDate = Effect.fnUntraced(function*(flag: string, date: string | undefined, time: string) {
  if (date === undefined) return null
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(date)
  const isTime = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?$/.test(date)
  const full = isDay ? `${date}T${time}Z` : date
  const parsed = isDay || isTime ? Date.parse(full) : Number.NaN
  if (Number.isNaN(parsed) || (isDay && new Date(parsed).toISOString().slice(0, 10) !== date)) {
    return yield* wrong(`Cannot read the date "${date}": ${flag} takes 2024-01-31 or 2024-01-31T12:00:00Z`)
  }
  return new Date(parsed).toISOString().slice(0, 19) + "Z"
})

/** Reads "PSM=0.5,SPM=0.5"; a part without a number gives NaN, which is refused later by its name. */
export const parseMix = (text: string): Readonly<Record<string, number>> =>
  Object.fromEntries(
    text.split(",").map((part) => {
      const [name = "", share = ""] = part.split("=")
      return [name.trim(), share.trim() === "" ? Number.NaN : Number(share)]
    })
  )

/** Splits comma lists and repeated flags into one list. */
export const parseList = (texts: ReadonlyArray<string>): ReadonlyArray<string> =>
  texts.flatMap((text) => text.split(/[,\s]+/)).filter((part) => part !== "")
