/** What the command does once its flags are read. Loaded then, so that `--help` does not wait for it. */
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { miningLayers } from "../shared/layers.ts"
import { lazyLayer } from "../shared/lazy-layer.ts"
import { makeProgress, type Progress } from "../shared/progress.ts"
import { Screen } from "../shared/terminal.ts"
import { Tool } from "../shared/tool.ts"
import type { GenerateFlags } from "./options.ts"
import { renderPreview } from "./preview.ts"
import { type OutputFlags, outputFormatOf } from "../shared/output-format.ts"
import { WrongUsage } from "../shared/problems.ts"
import { parseList, parseMix, resolveSettings } from "./request.ts"
import { examples, generate, type GenerateRequest, type Outcome, type ProgressEvent } from "./run.ts"
import { summarise } from "./summary.ts"
import { readIncludeFingerprint } from "./include-paths.ts"
import { readTokenizerFingerprint } from "./tokenizer-file.ts"

/** The flags of generate and those it shares with other tasks. */
export type CommandFlags = GenerateFlags & OutputFlags & {
  readonly concurrency: Option.Option<number>
  readonly quiet: boolean
}

/** Runs the command: a preview where one is asked, a dataset otherwise. */
export const handle = (flags: CommandFlags) =>
  Effect.gen(function*() {
    const request = yield* requestOf(flags)
    return Option.isSome(flags.preview)
      ? yield* preview(request, flags.preview.value, flags.quiet)
      : yield* writeDataset(request, flags.quiet)
  }).pipe(Effect.provide(layersFor(flags.concurrency)))

/** The layers that generate runs on, loaded when it runs. */
const layersFor = (threads: Option.Option<number>) =>
  Layer.merge(
    miningLayers(threads),
    lazyLayer(async () => (await import("../../layers/writer/FileWriter.ts")).layer)
  )

/** Flags of the command line as a checked request. */
const requestOf = Effect.fnUntraced(function*(flags: CommandFlags) {
  const path = yield* Path.Path
  const tool = yield* Tool
  const screen = yield* Screen
  const repositories = [...flags.repo, ...flags.repositories]
  if (repositories.length === 0) {
    return yield* new WrongUsage({ detail: "Cannot generate from nothing: pass --repo <path or URL>" })
  }
  const stray = repositories.find((location) => location.startsWith("-"))
  if (stray !== undefined) {
    return yield* new WrongUsage({
      detail: `Cannot use "${stray}": it is no flag of generate; see "pnpm task generate --help"`
    })
  }
  const tokenizer = Option.map(flags.tokenizer, (file) => path.resolve(file))
  const { settings, warnings } = yield* resolveSettings({
    source: flags.source === "tree" ? "tree" : "history",
    rev: flags.rev,
    maxCommits: flags.maxCommits,
    startDate: Option.getOrUndefined(flags.startDate),
    endDate: Option.getOrUndefined(flags.endDate),
    datasetType: Option.getOrUndefined(Option.map(flags.datasetType, (list) => parseList([list]))),
    format: Option.getOrUndefined(flags.format),
    mix: Option.getOrUndefined(Option.map(flags.mix, parseMix)),
    baseModel: flags.baseModel,
    trainer: flags.trainer,
    extensions: parseList(flags.extensions),
    languages: parseList(flags.language),
    maxFileBytes: flags.maxFileBytes,
    split: flags.split,
    group: flags.group === "repo" ? "repo" : "file",
    maxMiddleLines: flags.maxMiddleLines,
    maxTotalChars: flags.maxTotalChars,
    maxTokens: Option.getOrUndefined(flags.maxTokens),
    tokenizer: Option.getOrUndefined(tokenizer),
    characterShare: Option.getOrUndefined(flags.characterShare),
    crossFileContext: flags.crossFileContext,
    bm25Context: flags.bm25Context,
    includePaths: flags.includePath.map((folder) => path.resolve(folder)),
    contextChars: Option.getOrUndefined(flags.contextChars),
    noContextShare: Option.getOrUndefined(flags.noContextShare),
    qualityFilter: !flags.noQualityFilter,
    testedOnly: flags.testedOnly,
    curriculum: flags.curriculum,
    curriculumTopPercent: Option.getOrUndefined(flags.curriculumTopPct),
    seed: flags.seed,
    keepRejected: Option.isSome(flags.rejected)
  })
  for (const warning of warnings) yield* screen.note(`Warning: ${warning}\n`)
  const request: GenerateRequest = {
    repositories,
    settings,
    output: path.resolve(flags.output),
    resume: flags.resume,
    overwrite: flags.overwrite,
    bufferBytes: Math.max(1, flags.bufferMegabytes) * 1024 * 1024,
    format: yield* outputFormatOf(flags),
    rejected: Option.getOrNull(Option.map(flags.rejected, (file) => path.resolve(file))),
    version: tool.version,
    tokenizerFingerprint: yield* readTokenizerFingerprint(settings.tokenizer),
    includeFingerprint: yield* readIncludeFingerprint(settings.context?.includePaths ?? [])
  }
  return request
})

const listenerOf = (progress: Progress) => {
  let unit = "changes"
  return (event: ProgressEvent): Effect.Effect<void> => {
    switch (event._tag) {
      case "opened":
        return progress.say(`Reading ${event.repository}`)
      case "planned":
        unit = event.unit
        return Effect.void
      case "worked":
        return progress.advance({ ...event, unit })
      case "writing":
        return progress.end
      case "warned":
        return progress.say(`Warning: ${event.message}`)
    }
  }
}

const writeDataset = Effect.fnUntraced(function*(request: GenerateRequest, isQuiet: boolean) {
  const progress = yield* makeProgress(isQuiet)
  const outcome: Outcome = yield* Effect.ensuring(generate(request, listenerOf(progress)), progress.end)
  yield* progress.say(summarise(outcome))
})

const preview = Effect.fnUntraced(function*(request: GenerateRequest, count: number, isQuiet: boolean) {
  const screen = yield* Screen
  const progress = yield* makeProgress(isQuiet)
  yield* examples(request, listenerOf(progress)).pipe(
    Stream.filter((record) => record.pool !== "rejected"),
    Stream.take(count),
    Stream.zipWithIndex,
    Stream.runForEach(([record, index]) => screen.print(renderPreview(record, index + 1, screen.hasColour)))
  )
})
