/** Answers become one request: what no single question can check is checked here, and told with what to do. */
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import { defaultMix, type FormatName, type FormatShare, resolveFormat } from "../../services/formats/format-name.ts"
import type { TestAfter } from "../../services/history/split-in-time.ts"
import { type Preset, presets } from "../../services/formats/presets.ts"
import { type DatasetType, datasetTypes } from "../../services/rows/shapes.ts"
import { type ContextSource, defaultContextBudget } from "../../services/Index.ts"
import { type AnswersTo, settingsIn } from "../shared/asked/asked.ts"
import { outputFormatOf } from "../shared/output-format.ts"
import { WrongUsage } from "../shared/problems.ts"
import { repositoriesAsked } from "../shared/repository-list.ts"
import { refuseSpecial } from "../shared/whole-file.ts"
import { asked } from "./asked.ts"
import { type HygieneRequest, nothingAsked, readHygiene } from "./hygiene/request.ts"
import { recordedNextEdits, resolveNextEdits } from "./next-edits/request.ts"
import { readIncludeFingerprint } from "./include-paths.ts"
import type { GenerateRequest } from "./generate-request.ts"
import {
  characterShares,
  type ContextSettings,
  type GenerateSettings,
  usualBaseModel,
  usualNoContextShare,
  usualTotalChars
} from "./settings.ts"
import { readTokenizerFingerprint } from "./tokenizer-file.ts"

export type GenerateAnswers = AnswersTo<typeof asked>

const wrong = (detail: string) => new WrongUsage({ detail })

/** What a run also has to be told, and nobody is asked. */
export interface Circumstances {
  readonly version: string
  /** Whether what was left out is also given as rows, although no file is named for it. */
  readonly keepRejected: boolean
}

/** Makes the request of the answers. Warnings are for the user to read; they stop nothing. */
export const generateRequestOf = Effect.fnUntraced(
  function*(answers: GenerateAnswers, { keepRejected, version }: Circumstances) {
    const path = yield* Path.Path
    const hygiene = yield* readHygiene(answers)
    const { settings, warnings } = yield* generateSettingsOf(
      {
        ...answers,
        tokenizer: answers.tokenizer === undefined ? undefined : path.resolve(answers.tokenizer),
        includePaths: answers.includePaths.map((folder) => path.resolve(folder))
      },
      keepRejected,
      hygiene
    )
    const tokenizer = yield* readTokenizerFingerprint(settings.tokenizer)
    const includePaths = yield* readIncludeFingerprint(settings.context?.includePaths ?? [])
    const rejected = answers.rejected === undefined ? null : path.resolve(answers.rejected)
    if (rejected !== null) yield* refuseSpecial(rejected)
    const [first] = settings.formats
    const request: GenerateRequest = {
      repositories: yield* repositoriesAsked(answers.repositories, answers.repos),
      settings,
      recorded: settingsIn(asked, answers, {
        datasetType: settings.datasetTypes,
        baseModel: settings.baseModel,
        format: settings.nextEdits?.dialect ?? (settings.formats.length === 1 ? first?.format : "MIXED"),
        mix: settings.formats.length < 2
          ? null
          : Object.fromEntries(settings.formats.map(({ format, share }) => [format, share])),
        characterShare: settings.characterShare,
        maxTotalChars: settings.nextEdits === null ? settings.maxTotalChars : settings.nextEdits.maxTotalChars,
        ...recordedNextEdits(settings.nextEdits),
        curriculum: settings.curriculum,
        contextChars: settings.context?.budget,
        noContextShare: settings.context?.noContextShare,
        ...hygiene.recorded,
        rejected: settings.keepRejected,
        tokenizer,
        includePaths
      }),
      output: path.resolve(answers.output),
      resume: answers.resume,
      overwrite: answers.overwrite,
      bufferBytes: answers.bufferBytes,
      format: outputFormatOf(answers),
      rejected,
      version
    }
    return { request, warnings }
  }
)

/** Checks what answers mean together, and settles what follows from them. */
export const generateSettingsOf = Effect.fnUntraced(function*(
  answers: GenerateAnswers,
  keepRejected = false,
  { excludedAuthors, excludedPaths, hygiene }: HygieneRequest = nothingAsked
) {
  const { maxTokens, source, tokenizer, trainer } = answers
  const resolved = yield* resolveNextEdits(answers)
  const baseModel = resolved?.baseModel ?? answers.baseModel ?? usualBaseModel
  const preset = presets.get(baseModel)
  if (preset === undefined) return yield* Effect.dieMessage(`no preset "${baseModel}"`)
  const { formats, warnings } = resolved === null
    ? yield* resolveFormats(answers, preset)
    : { formats: [], warnings: resolved.warnings }
  if ((maxTokens === undefined) !== (tokenizer === undefined)) {
    return yield* wrong("Cannot count tokens: pass --max-tokens and --tokenizer together")
  }
  const settings: GenerateSettings = {
    source,
    rev: answers.rev,
    maxCommits: answers.maxCommits,
    startDate: answers.startDate ?? null,
    endDate: answers.endDate ?? null,
    datasetTypes: yield* resolveTypes(answers.datasetType ?? [source === "history" ? "kto" : "fim"]),
    trainer,
    baseModel: preset.name,
    nextEdits: resolved?.nextEdits ?? null,
    formats,
    extensions: answers.extensions.length === 0
      ? null
      : answers.extensions.map((extension) => (extension.startsWith(".") ? extension : `.${extension}`).toLowerCase()),
    languages: answers.languages.length === 0 ? null : answers.languages,
    maxFileBytes: answers.maxFileBytes,
    maxFiles: answers.maxFiles,
    split: answers.split,
    groupBy: answers.group,
    testAfter: yield* resolveTestAfter(answers),
    maxNesting: answers.maxNesting,
    maxMiddleLines: answers.maxMiddleLines,
    maxTotalChars: answers.maxTotalChars ?? usualTotalChars,
    maxTokens: maxTokens ?? null,
    tokenizer: tokenizer ?? null,
    context: yield* resolveContext(answers),
    characterShare: answers.characterShare ?? characterShares[source],
    qualityFilter: answers.qualityFilter,
    testedOnly: answers.testedOnly,
    maxRepeats: answers.maxRepeats,
    nearDuplicates: answers.nearDuplicates,
    curriculum: answers.curriculum || answers.curriculumTopPercent !== undefined,
    curriculumTopPercent: answers.curriculumTopPercent ?? null,
    seed: answers.seed,
    keepRejected: keepRejected || answers.rejected !== undefined,
    excludedAuthors,
    excludedPaths,
    hygiene
  }
  if (settings.startDate !== null && settings.endDate !== null && settings.startDate > settings.endDate) {
    return yield* wrong(
      `Cannot look from ${settings.startDate} to ${settings.endDate}: --start-date is after --end-date`
    )
  }
  return { settings, warnings }
})

const resolveTestAfter = Effect.fnUntraced(function*({ source, testAfter, testAfterCommit }: GenerateAnswers) {
  if (testAfter === undefined && testAfterCommit === undefined) return null
  if (testAfter !== undefined && testAfterCommit !== undefined) {
    return yield* wrong("Cannot split twice: pass --test-after or --test-after-commit")
  }
  if (source === "tree") return yield* wrong("Cannot split a tree in time: it has no history; pass --source history")
  const split: TestAfter = testAfter === undefined
    ? { _tag: "commit", rev: testAfterCommit ?? "" }
    : { _tag: "date", seconds: Date.parse(testAfter) / 1000 }
  return split
})

const resolveContext = Effect.fnUntraced(function*(answers: GenerateAnswers) {
  const sources: Array<ContextSource> = []
  if (answers.crossFileContext) sources.push("signatures")
  if (answers.bm25Context) sources.push("chunks")
  if (sources.length === 0) {
    const flag = answers.includePaths.length > 0
      ? "--include-path"
      : answers.contextChars !== undefined
      ? "--context-chars"
      : answers.noContextShare !== undefined
      ? "--no-context-share"
      : undefined
    if (flag === undefined) return null
    return yield* wrong(`Cannot use ${flag} alone: pass --cross-file-context or --bm25-context with it`)
  }
  const context: ContextSettings = {
    sources,
    budget: answers.contextChars ?? defaultContextBudget,
    noContextShare: answers.noContextShare ?? usualNoContextShare,
    includePaths: answers.includePaths
  }
  return context
})

const resolveTypes = Effect.fnUntraced(function*(names: ReadonlyArray<DatasetType | "both">) {
  const asked = new Set(
    names.flatMap((name): ReadonlyArray<DatasetType> => (name === "both" ? ["kto", "dpo"] : [name]))
  )
  return asked.size === 0
    ? yield* wrong(`Cannot write nothing: --dataset-type takes ${datasetTypes.join(", ")} or both`)
    : [...asked]
})

const resolveFormats = Effect.fnUntraced(
  function*({ baseModel, format, mix, source }: GenerateAnswers, preset: Preset) {
    const warnings: Array<string> = []
    const resolveOne = Effect.fnUntraced(function*(name: string) {
      if (!isSingleFormat(name)) return yield* wrong(`Cannot use --format ${name} here`)
      if (name === "ZED" && source === "tree") {
        return yield* wrong(
          "Cannot use --format ZED with --source tree: files hold no edits; pass --source history or another --format"
        )
      }
      const resolved = resolveFormat(preset, name)
      if (resolved._tag === "refused") return yield* wrong(`Cannot use --format ${name}: ${resolved.detail}`)
      if (resolved.warning !== null) warnings.push(resolved.warning)
      return resolved.format
    })
    if (mix !== undefined && format !== undefined && format !== "MIXED") {
      return yield* wrong(`Cannot mix formats with --format ${format}: pass --format MIXED`)
    }
    if (format === "MIXED" || mix !== undefined) {
      if (mix === undefined) return { formats: defaultMix(preset), warnings }
      const formats: Array<FormatShare> = []
      for (const [name, share] of Object.entries(mix)) {
        if (!isSingleFormat(name)) {
          return yield* wrong(`Cannot mix "${name}": --mix takes shares of PSM, SPM, SPM1, SPM2 and ZED`)
        }
        formats.push({ format: yield* resolveOne(name), share })
      }
      return { formats, warnings }
    }
    // Whoever names a model wants its own layout; a history has edits to show where nobody does.
    if (format === undefined && (source === "tree" || baseModel !== undefined)) {
      return { formats: [{ format: preset.native, share: 1 }], warnings }
    }
    return { formats: [{ format: yield* resolveOne(format ?? "ZED"), share: 1 }], warnings }
  }
)

const isSingleFormat = (name: string): name is Exclude<FormatName, "MIXED"> =>
  ["PSM", "SPM", "SPM1", "SPM2", "ZED"].includes(name)
