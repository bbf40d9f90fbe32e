/** What the command does once its flags are read. Loaded then, so that `--help` does not wait for it. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as NodeStream from "@effect/platform-node/NodeStream"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { addLedger, type Ledger } from "../../services/rows/ledger.ts"
import { Linter } from "../../services/Linter.ts"
import { gitLayer, miningLayers } from "../shared/layers.ts"
import { lazyLayer } from "../shared/lazy-layer.ts"
import { type OutputFlags, outputFormatOf } from "../shared/output-format.ts"
import { CannotReadInput, WrongUsage } from "../shared/problems.ts"
import { makeProgress } from "../shared/progress.ts"
import { Screen } from "../shared/terminal.ts"
import { Tool } from "../shared/tool.ts"
import type { LintseqFlags } from "./options.ts"
import { renderPreview } from "./preview.ts"
import { resolveSettings } from "./request.ts"
import { lintseq, type LintseqFiles, type LintseqInput, type LintseqRequest, lintseqRows } from "./run.ts"
import { leftOut, summarise } from "./summary.ts"

export type CommandFlags = LintseqFlags & OutputFlags & {
  readonly concurrency: Option.Option<number>
  readonly quiet: boolean
}

/** Runs the command: a preview, rows on standard output, or a file. */
export const handle = (flags: CommandFlags) =>
  Effect.gen(function*() {
    const request = yield* requestOf(flags)
    yield* probePylint(request)
    if (Option.isSome(flags.preview)) return yield* preview(request, flags.preview.value, flags.quiet)
    const isPiped = Option.isSome(flags.output)
      ? flags.output.value === "-"
      : request.input._tag === "stream"
    if (isPiped && (Option.contains(flags.outputFormat, "parquet") || Option.isSome(flags.shardRows))) {
      return yield* new WrongUsage({
        detail: "Cannot write Parquet or shards to standard output: pass --output <file>"
      })
    }
    return isPiped
      ? yield* printRows(request, flags)
      : yield* writeRows(request, yield* filesOf(flags, request), flags.quiet)
  }).pipe(Effect.provide(layersFor(flags)))

const layersFor = (flags: CommandFlags) =>
  Layer.merge(
    Layer.unwrapEffect(
      Effect.map(needsNoThread(flags), (here) => (here ? hereLayers : miningLayers(flags.concurrency)))
    ),
    lazyLayer(async () => (await import("../../layers/writer/FileWriter.ts")).layer)
  )

/** An input of this many bytes is worked through about as soon as threads have started. */
const smallInput = 256 * 1024

const needsNoThread = Effect.fnUntraced(function*({ concurrency, input }: CommandFlags) {
  if (Option.isNone(input) || input.value === "-" || Option.getOrElse(concurrency, () => 1) !== 1) return false
  const fs = yield* FileSystem.FileSystem
  const info = yield* Effect.option(fs.stat(input.value))
  return info._tag === "Some" && info.value.size <= smallInput
})

/** All work on this thread. */
const hereLayers = Layer.merge(
  gitLayer,
  lazyLayer(async () => {
    const { layer } = await import("../../layers/compute/InPlaceCompute.ts")
    return Layer.unwrapEffect(Effect.map(Effect.flatMap(Tool, ({ jobs }) => jobs), layer))
  })
)

/** Asks for pylint before any thread does, so that a missing one is told in one line. */
const probePylint = ({ settings }: LintseqRequest) =>
  settings.linter === "pylint"
    ? Effect.flatMap(Linter, (linter) => linter.open("python")).pipe(
      Effect.provide(
        lazyLayer(async () => (await import("../../layers/linter/PylintLinter.ts")).layer(process.env["PATH"] ?? ""))
      ),
      Effect.asVoid
    )
    : Effect.void

const requestOf = Effect.fnUntraced(function*(flags: LintseqFlags) {
  const tool = yield* Tool
  const settings = yield* resolveSettings({
    algorithm: flags.algorithm,
    linter: flags.linter,
    randomBaseline: flags.randomBaseline,
    format: flags.format,
    editFormat: flags.editFormat,
    states: flags.states,
    promptField: flags.promptField === "None" ? null : flags.promptField,
    codeField: flags.codeField,
    language: Option.getOrUndefined(flags.language),
    historyUnit: flags.historyUnit,
    pathsPerProgram: flags.paths,
    seed: flags.seed,
    maxEdits: flags.maxEdits,
    timeLimitSeconds: flags.timeLimit,
    keepRejected: Option.isSome(flags.rejected)
  })
  const request: LintseqRequest = { input: yield* inputOf(flags), settings, version: tool.version }
  return request
})

const inputOf = Effect.fnUntraced(function*(flags: LintseqFlags) {
  const path = yield* Path.Path
  const given = [flags.input, flags.directory, flags.repo].filter(Option.isSome)
  if (given.length !== 1) {
    return yield* new WrongUsage({
      detail: given.length === 0
        ? "Cannot start without programs: pass --input <file>, --directory <folder> or --repo <path or URL>"
        : "Cannot read from several places: pass only one of --input, --directory and --repo"
    })
  }
  const samples = Option.getOrNull(flags.samples)
  if (samples !== null && samples < 1) {
    return yield* new WrongUsage({ detail: `Cannot draw ${samples} rows: --samples takes a number from 1 up` })
  }
  if (samples !== null && Option.isNone(flags.input)) {
    return yield* new WrongUsage({ detail: "Cannot use --samples: it draws rows of --input only" })
  }
  if (flags.fromHistory && Option.isNone(flags.repo)) {
    return yield* new WrongUsage({ detail: "Cannot use --from-history: it needs --repo" })
  }
  if (Option.isSome(flags.input)) {
    const input: LintseqInput = flags.input.value === "-"
      ? { _tag: "stream", samples, bytes: standardInput }
      : { _tag: "rows", path: path.resolve(flags.input.value), samples }
    return input
  }
  if (Option.isSome(flags.directory)) {
    const fs = yield* FileSystem.FileSystem
    const folder = path.resolve(flags.directory.value)
    const info = yield* Effect.option(fs.stat(folder))
    if (info._tag === "None" || info.value.type !== "Directory") {
      return yield* new CannotReadInput({ path: folder, detail: "there is no such folder" })
    }
    const input: LintseqInput = { _tag: "folder", path: folder }
    return input
  }
  const location = Option.getOrElse(flags.repo, () => ".")
  const input: LintseqInput = flags.fromHistory
    ? { _tag: "history", location, rev: flags.rev, maxCommits: flags.maxCommits }
    : { _tag: "revision", location, rev: flags.rev }
  return input
})

const standardInput: Stream.Stream<Uint8Array, CannotReadInput> = NodeStream.fromReadable<CannotReadInput, Uint8Array>(
  () => process.stdin,
  (cause) => new CannotReadInput({ path: "-", detail: String(cause) })
)

const filesOf = Effect.fnUntraced(function*(flags: CommandFlags, request: LintseqRequest) {
  const path = yield* Path.Path
  if (flags.resume && request.input._tag === "stream") {
    return yield* new WrongUsage({ detail: "Cannot resume from standard input: pass a file as --input" })
  }
  const files: LintseqFiles = {
    output: Option.isSome(flags.output)
      ? { path: path.resolve(flags.output.value) }
      : { folder: path.resolve(flags.destDir) },
    rejected: Option.getOrNull(Option.map(flags.rejected, (file) => path.resolve(file))),
    resume: flags.resume,
    overwrite: flags.overwrite,
    bufferBytes: 256 * 1024,
    format: yield* formatOf(flags)
  }
  return files
})

/** A file that is named as Parquet is Parquet. */
const formatOf = (flags: CommandFlags) =>
  outputFormatOf(
    Option.isNone(flags.outputFormat) && Option.exists(flags.output, (file) => file.endsWith(".parquet"))
      ? { ...flags, outputFormat: Option.some("parquet") }
      : flags
  )

const writeRows = Effect.fnUntraced(function*(request: LintseqRequest, files: LintseqFiles, isQuiet: boolean) {
  const progress = yield* makeProgress(isQuiet)
  const outcome = yield* Effect.ensuring(lintseq(request, files, progress.advance), progress.end)
  yield* progress.say(summarise(outcome))
})

const printRows = Effect.fnUntraced(function*(request: LintseqRequest, flags: CommandFlags) {
  const screen = yield* Screen
  if (Option.isSome(flags.rejected)) {
    return yield* new WrongUsage({ detail: "Cannot use --rejected with rows on standard output: pass --output <file>" })
  }
  const progress = yield* makeProgress(flags.quiet)
  const ledger: Ledger = {}
  const decoder = new TextDecoder()
  yield* Effect.ensuring(
    Stream.runForEach(lintseqRows(request, progress.advance), (output) => {
      addLedger(ledger, output.ledger)
      return output.rows.length === 0 ? Effect.void : screen.print(decoder.decode(output.rows))
    }),
    progress.end
  )
  yield* progress.say([`${ledger["rows"]?.kept ?? 0} rows`, ...leftOut(ledger)].join("\n"))
})

const preview = Effect.fnUntraced(function*(request: LintseqRequest, count: number, isQuiet: boolean) {
  const screen = yield* Screen
  const progress = yield* makeProgress(isQuiet)
  const shown: LintseqRequest = { ...request, settings: { ...request.settings, rows: "edit-path" } }
  const decoder = new TextDecoder()
  yield* lintseqRows(shown, progress.advance).pipe(
    Stream.mapConcat(({ rows }) => decoder.decode(rows).split("\n").filter((line) => line !== "")),
    Stream.take(count),
    Stream.runForEach((line) =>
      screen.print(renderPreview(JSON.parse(line), shown.settings.editFormat, screen.hasColour))
    )
  )
})
