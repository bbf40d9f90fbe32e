/** Answers become one request: what no single question can check is checked here, and told with what to do. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as NodeStream from "@effect/platform-node/NodeStream"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { systemWords } from "../../services/faults/system-words.ts"
import { type AnswersTo, settingsIn } from "../shared/asked/asked.ts"
import { outputFormatOf } from "../shared/output-format.ts"
import { CannotReadInput, WrongUsage } from "../shared/problems.ts"
import { asked } from "./asked.ts"
import type { LintseqFiles } from "./run.ts"
import type { LintseqInput, LintseqRequest } from "./source.ts"
import { type LintseqSettings, reasonAgainstLanguage } from "./settings.ts"

export type LintseqAnswers = AnswersTo<typeof asked>

const wrong = (detail: string) => new WrongUsage({ detail })

/** Makes the request of the answers. */
export const lintseqRequestOf = Effect.fnUntraced(function*(answers: LintseqAnswers, version: string) {
  const settings = yield* lintseqSettingsOf(answers)
  const request: LintseqRequest = {
    input: yield* inputOf(answers),
    settings,
    recorded: settingsIn(asked, answers, {
      linter: settings.linter,
      language: settings.language,
      rejected: settings.keepRejected
    }),
    version
  }
  return request
})

/** Checks what answers mean together, and settles what follows from them. */
export const lintseqSettingsOf = Effect.fnUntraced(function*(answers: LintseqAnswers) {
  const { algorithm, language } = answers
  if (algorithm === "pylintseq" && language !== undefined && language !== "python") {
    return yield* wrong(`Cannot use --algorithm pylintseq with --language ${language}: it knows Python only`)
  }
  const unread = language === undefined ? undefined : reasonAgainstLanguage(answers.linter, language)
  if (unread !== undefined) {
    return yield* wrong(`Cannot use --linter ${answers.linter} with --language ${language}: ${unread}`)
  }
  const isPairs = answers.format === "prompt-completion"
  const settings: LintseqSettings = {
    algorithm,
    randomBaseline: answers.randomBaseline,
    linter: answers.linter === "auto" && algorithm === "pylintseq" ? "pylint" : answers.linter,
    editFormat: answers.format === "prompt-completion" ? answers.editFormat : answers.format,
    rows: isPairs ? "prompt-completion" : "edit-path",
    states: answers.states,
    promptField: answers.promptField,
    codeField: answers.codeField,
    replaceSurrogates: answers.replaceSurrogates,
    language: algorithm === "pylintseq" ? "python" : language ?? null,
    historyUnit: answers.historyUnit,
    pathsPerProgram: answers.pathsPerProgram,
    seed: answers.seed,
    maxEdits: answers.maxEdits,
    timeLimitMillis: answers.timeLimitSeconds * 1000,
    maxNesting: answers.maxNesting,
    maxFiles: answers.maxFiles,
    keepRejected: answers.rejected !== undefined
  }
  return settings
})

const inputOf = Effect.fnUntraced(function*(answers: LintseqAnswers) {
  const path = yield* Path.Path
  const { directory, fromHistory, repository, rev, samples = null } = answers
  const given = [answers.input, directory, repository].filter((place) => place !== undefined)
  if (given.length !== 1) {
    return yield* wrong(
      given.length === 0
        ? "Cannot start without programs: pass --input <file>, --directory <folder> or --repo <path or URL>"
        : "Cannot read from several places: pass only one of --input, --directory and --repo"
    )
  }
  if (samples !== null && answers.input === undefined) {
    return yield* wrong("Cannot use --samples without --input: it draws rows of that file")
  }
  if (fromHistory && repository === undefined) {
    return yield* wrong("Cannot use --from-history without --repo: pass a repository")
  }
  if (answers.input !== undefined) {
    const input: LintseqInput = answers.input === "-"
      ? { _tag: "stream", samples, bytes: standardInput }
      : { _tag: "rows", path: path.resolve(answers.input), samples }
    return input
  }
  if (directory !== undefined) {
    const fs = yield* FileSystem.FileSystem
    const folder = path.resolve(directory)
    const info = yield* Effect.option(fs.stat(folder))
    if (info._tag === "None" || info.value.type !== "Directory") {
      return yield* new CannotReadInput({ path: folder, detail: "there is no such folder" })
    }
    const input: LintseqInput = { _tag: "folder", path: folder }
    return input
  }
  const location = repository ?? "."
  const input: LintseqInput = fromHistory
    ? { _tag: "history", location, rev, maxCommits: answers.maxCommits }
    : { _tag: "revision", location, rev }
  return input
})

const standardInput: Stream.Stream<Uint8Array, CannotReadInput> = NodeStream.fromReadable<CannotReadInput, Uint8Array>(
  () => process.stdin,
  (cause) => new CannotReadInput({ path: "-", detail: systemWords(cause) })
)

/** Where rows go; a file that is named as Parquet is Parquet. */
export const lintseqFilesOf = (
  answers: LintseqAnswers,
  output: LintseqFiles["output"],
  rejected: string | null
): LintseqFiles => {
  const isNamedParquet = answers.outputFormat === undefined && answers.output?.endsWith(".parquet") === true
  return {
    output,
    rejected,
    resume: answers.resume,
    overwrite: answers.overwrite,
    bufferBytes: 256 * 1024,
    format: outputFormatOf(isNamedParquet ? { ...answers, outputFormat: "parquet" } : answers)
  }
}
