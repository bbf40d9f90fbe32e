/** What the command does once its flags are read. Loaded then, so that `--help` does not wait for it. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { addLedger, type Ledger } from "../../services/rows/ledger.ts"
import { Linter } from "../../services/Linter.ts"
import { Reader } from "../../services/Reader.ts"
import { usualPartSize } from "../shared/asked/machines.ts"
import { crewLayer, isShared, refuseShared } from "../shared/crew/crew-layer.ts"
import { tellShared } from "../shared/crew/tell-shared.ts"
import { showProgress } from "../shared/dataset-run/listener.ts"
import { noLosses } from "../shared/dataset-run/losses.ts"
import { lossLines, stageLines } from "../shared/dataset-run/summary.ts"
import { tellingHowToGoOn } from "../shared/interrupted.ts"
import { gitLayer, miningLayers } from "../shared/layers.ts"
import { lazyLayer } from "../shared/lazy-layer.ts"
import { WrongUsage } from "../shared/problems.ts"
import { readers } from "../shared/readers.ts"
import { makeProgress } from "../shared/progress.ts"
import { Screen } from "../shared/terminal.ts"
import { Tool } from "../shared/tool.ts"
import { previewOfPath } from "./preview.ts"
import { type LintseqAnswers, lintseqFilesOf, lintseqRequestOf } from "./request.ts"
import { type LintseqFiles, lintseqRows, openLintseqRun, runLintseq } from "./run.ts"
import { placeOfLintseq, sharedLintseqOf, shareLintseq } from "./share.ts"
import type { LintseqRequest } from "./source.ts"
import { languagesOfRows } from "./read-program-row.ts"
import { scriptLanguages } from "./settings.ts"
import { summariseLintseq } from "./summary.ts"

/** Runs the command: a preview, rows on standard output, or a file. */
export const handle = (answers: LintseqAnswers) =>
  Effect.gen(function*() {
    const request = yield* lintseqRequestOf(answers, (yield* Tool).version)
    yield* probePylint(request)
    if (answers.preview !== undefined) return yield* preview(request, answers.preview, answers.quiet)
    const isPiped = answers.output === undefined ? request.input._tag === "stream" : answers.output === "-"
    if (isPiped && (answers.outputFormat === "parquet" || answers.shardRows !== undefined)) {
      return yield* new WrongUsage({
        detail: "Cannot write Parquet or shards to standard output: pass --output <file>"
      })
    }
    if (isPiped) {
      return isShared(answers)
        ? yield* new WrongUsage({ detail: "Cannot share rows on standard output: pass --output <file>" })
        : yield* printRows(request, answers)
    }
    const files = yield* filesOf(answers, request)
    return isShared(answers)
      ? yield* share(request, files, answers)
      : yield* writeRows(request, files, answers.quiet)
  }).pipe(Effect.provide(layersFor(answers)))

const layersFor = (answers: LintseqAnswers) =>
  Layer.merge(
    Layer.unwrapEffect(
      Effect.map(needsNoThread(answers), (here) => (here ? hereLayers : miningLayers(answers.concurrency)))
    ),
    lazyLayer(async () => (await import("../../layers/writer/FileWriter.ts")).layer)
  ).pipe(Layer.provideMerge(readers))

/** An input of this many bytes is worked through about as soon as threads have started. */
const smallInput = 256 * 1024

/** Only a thread of ours has the stack that oxc may need. */
const needsNoThread = Effect.fnUntraced(function*(answers: LintseqAnswers) {
  const { concurrency = 1, input, linter } = answers
  if (input === undefined || input === "-" || concurrency !== 1) return false
  const fs = yield* FileSystem.FileSystem
  const info = yield* Effect.option(fs.stat(input))
  if (info._tag === "None" || info.value.size > smallInput) return false
  if (linter !== "auto" && linter !== "oxc") return true
  const path = (yield* Path.Path).resolve(input)
  const read = yield* (yield* Reader).lines<never>({ _tag: "file", path }).pipe(Stream.runCollect, Effect.option)
  if (read._tag === "None") return false
  const languages = languagesOfRows(Buffer.concat([...read.value]), { ...answers, language: answers.language ?? null })
  return !languages.some((language) => scriptLanguages.has(language))
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
        Layer.unwrapEffect(Effect.map(Tool, ({ searchPath }) =>
          lazyLayer(async () =>
            (await import("../../layers/linter/PylintLinter.ts")).layer(searchPath)
          )))
      ),
      Effect.asVoid
    )
    : Effect.void

const filesOf = Effect.fnUntraced(function*(answers: LintseqAnswers, request: LintseqRequest) {
  const path = yield* Path.Path
  if (answers.resume && request.input._tag === "stream") {
    return yield* new WrongUsage({ detail: "Cannot resume from standard input: pass a file as --input" })
  }
  const output = answers.output === undefined
    ? { folder: path.resolve(answers.destDir) }
    : { path: path.resolve(answers.output) }
  return lintseqFilesOf(answers, output, answers.rejected === undefined ? null : path.resolve(answers.rejected))
})

const writeRows = Effect.fnUntraced(function*(request: LintseqRequest, files: LintseqFiles, isQuiet: boolean) {
  if ("path" in files.output) yield* refuseShared(placeOfLintseq(files.output), files.overwrite)
  const progress = yield* makeProgress(isQuiet)
  const run = Effect.ensuring(runLintseq(request, files, showProgress(progress)), progress.end)
  // What came from standard input cannot be read again.
  const outcome = yield* request.input._tag === "stream" ? run : tellingHowToGoOn(run)
  yield* progress.say(summariseLintseq(outcome))
})

const share = Effect.fnUntraced(function*(request: LintseqRequest, files: LintseqFiles, answers: LintseqAnswers) {
  if (request.input._tag === "stream") {
    return yield* new WrongUsage({ detail: "Cannot share what comes from standard input: pass a file as --input" })
  }
  const partSize = answers.partSize ?? usualPartSize
  const progress = yield* makeProgress(answers.quiet)
  const lost = noLosses()
  const listen = showProgress(progress)
  const run = yield* openLintseqRun(request, files, listen, lost)
  const shared = yield* sharedLintseqOf(run, partSize)
  const outcome = yield* shareLintseq(run, { partSize, shared }, answers, listen, lost).pipe(
    Effect.provide(crewLayer(answers, placeOfLintseq(run), shared)),
    Effect.ensuring(progress.end)
  )
  yield* progress.say([tellShared(outcome, run.path), ...lossLines(lost)].join("\n"))
}, Effect.scoped)

const printRows = Effect.fnUntraced(function*(request: LintseqRequest, answers: LintseqAnswers) {
  const screen = yield* Screen
  if (answers.rejected !== undefined) {
    return yield* new WrongUsage({ detail: "Cannot use --rejected with rows on standard output: pass --output <file>" })
  }
  const progress = yield* makeProgress(answers.quiet)
  const ledger: Ledger = {}
  const lost = noLosses()
  const decoder = new TextDecoder()
  yield* Effect.ensuring(
    Stream.runForEach(lintseqRows(request, showProgress(progress), lost), (output) => {
      addLedger(ledger, output.ledger)
      return output.rows.length === 0 ? Effect.void : screen.print(decoder.decode(output.rows))
    }),
    progress.end
  )
  yield* progress.say([`${ledger["rows"]?.kept ?? 0} rows`, ...stageLines(ledger), ...lossLines(lost)].join("\n"))
})

const preview = Effect.fnUntraced(function*(request: LintseqRequest, count: number, isQuiet: boolean) {
  const screen = yield* Screen
  const progress = yield* makeProgress(isQuiet)
  const shown: LintseqRequest = { ...request, settings: { ...request.settings, rows: "edit-path" } }
  const decoder = new TextDecoder()
  yield* lintseqRows(shown, showProgress(progress)).pipe(
    Stream.mapConcat(({ rows }) => decoder.decode(rows).split("\n").filter((line) => line !== "")),
    Stream.take(count),
    Stream.runForEach((line) =>
      screen.print(previewOfPath(JSON.parse(line), shown.settings.editFormat, screen.hasColour))
    )
  )
})
