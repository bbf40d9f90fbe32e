/** What the command does once its flags are read. Loaded then, so that `--help` does not wait for it. */
import * as Path from "@effect/platform/Path"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { renderQuestion } from "../../services/formats/keystroke-chat.ts"
import { withoutPasswords } from "../../services/text/showable.ts"
import { usualPartSize } from "../shared/asked/machines.ts"
import { crewLayer, isShared, refuseShared, sharedFolder } from "../shared/crew/crew-layer.ts"
import { tellShared } from "../shared/crew/tell-shared.ts"
import { WrongUsage } from "../shared/problems.ts"
import { showProgress } from "../shared/dataset-run/listener.ts"
import { miningLayers } from "../shared/layers.ts"
import { tellingHowToGoOn } from "../shared/interrupted.ts"
import { lazyLayer } from "../shared/lazy-layer.ts"
import { outputFormatOf } from "../shared/output-format.ts"
import { readers } from "../shared/readers.ts"
import { makeProgress, type Progress } from "../shared/progress.ts"
import { sandboxLayer } from "../shared/sandbox.ts"
import { Screen } from "../shared/terminal.ts"
import { Tool } from "../shared/tool.ts"
import { type Gathered, gatherEdits, type VimLoopInput } from "./gather.ts"
import { checkPredictor, notesOf, resolvePredictor } from "./predictors.ts"
import { readExamples } from "./read-rows.ts"
import { inputOf, recordedOf, type VimLoopAnswers, vimLoopSettingsOf } from "./request.ts"
import { resultsOfLoop, runVimLoop, type VimLoopListener, vimLoopRequestOf } from "./run.ts"
import type { VimLoopSettings } from "./settings.ts"
import { sharedLoopOf, shareVimLoop, type VimLoopShare } from "./share.ts"
import { summariseRound, summariseVimLoop } from "./summary.ts"

/** Runs the command: a list of the edits, or a dataset. */
export const handle = (answers: VimLoopAnswers) =>
  Effect.gen(function*() {
    const path = yield* Path.Path
    const settings = vimLoopSettingsOf(answers)
    const input = yield* inputOf(answers)
    yield* checkPredictor(answers)
    const progress = yield* makeProgress(answers.quiet)
    const gather = Effect.zipLeft(
      gatherEdits(
        input,
        settings,
        (done, size) => progress.advance({ done, size, rows: 0, unit: "changes" }),
        (message) => progress.say(`Warning: ${message}`)
      ),
      progress.end
    )
    if (isShared(answers)) return yield* share(answers, settings, input, gather, progress)
    const place = sharedFolder(path.resolve(answers.output), resultsOfLoop)
    if (!answers.listEdits) yield* refuseShared(place, answers.overwrite)
    const gathered = yield* gather
    if (answers.listEdits) {
      return yield* printEdits(gathered)
    }
    // A key that is not set is no key; nothing else can go wrong with it.
    const apiKey = yield* Effect.orDie(Config.option(Config.redacted("RETRACE_API_KEY")))
    const predictor = yield* resolvePredictor(answers, Option.getOrUndefined(apiKey), gathered.candidates)
    const examples = answers.examplesFrom === undefined
      ? { examples: [], ledger: {} }
      : yield* readExamples(answers.examplesFrom)
    for (const note of [...predictor.notes, ...notesOf("examples", examples.ledger)]) {
      yield* progress.say(note)
    }
    const request = vimLoopRequestOf(settings, predictor, {
      examples: examples.examples,
      recorded: recordedOf(answers),
      output: path.resolve(answers.output),
      resume: answers.resume,
      overwrite: answers.overwrite,
      version: (yield* Tool).version,
      format: outputFormatOf(answers)
    })
    const outcome = yield* runVimLoop(request, gathered, listenerOf(progress)).pipe(
      Effect.provide(Layer.merge(predictor.layer, sandboxLayer(answers, answers.concurrency, "others"))),
      Effect.ensuring(progress.end),
      tellingHowToGoOn
    )
    return yield* progress.say(summariseVimLoop(outcome))
  }).pipe(
    Effect.provide(Layer.mergeAll(
      miningLayers(answers.concurrency),
      readers,
      lazyLayer(async () => (await import("../../layers/writer/FileWriter.ts")).layer)
    ))
  )

/** Does a share of a run whose predictor is the search: what a model says is asked by one process. */
const share = Effect.fnUntraced(function*(
  answers: VimLoopAnswers,
  settings: VimLoopSettings,
  input: VimLoopInput,
  gather: VimLoopShare["gather"],
  progress: Progress
) {
  if (answers.predictor !== "search" || answers.listEdits) {
    return yield* new WrongUsage({
      detail: `Cannot share ${
        answers.listEdits ? "--list-edits" : "a run of this --predictor"
      }: --rank and --only need --predictor search`
    })
  }
  const path = yield* Path.Path
  const output = path.resolve(answers.output)
  const predictor = yield* resolvePredictor(answers, undefined, new Map())
  const request = vimLoopRequestOf(settings, predictor, {
    examples: [],
    recorded: recordedOf(answers),
    output,
    resume: false,
    overwrite: false,
    version: (yield* Tool).version,
    format: outputFormatOf(answers)
  })
  const shared: VimLoopShare = {
    request,
    input: input._tag === "pairs" ? input : { ...input, locations: input.locations.map(withoutPasswords) },
    gather,
    partSize: answers.partSize ?? usualPartSize,
    answers,
    listener: listenerOf(progress)
  }
  const outcome = yield* shareVimLoop(shared).pipe(
    Effect.provide(Layer.mergeAll(
      predictor.layer,
      sandboxLayer(answers, answers.concurrency, "others"),
      crewLayer(answers, sharedFolder(output, resultsOfLoop), sharedLoopOf(shared))
    )),
    Effect.ensuring(progress.end)
  )
  return yield* progress.say(tellShared(outcome, output))
})

const listenerOf = (progress: Progress): VimLoopListener => ({
  onRun: showProgress(progress),
  onTurn: (round, done, size, solved) =>
    progress.advance({ done, size, rows: solved, unit: `edits of round ${round}` }),
  onRound: (report, edits) => progress.say(summariseRound(report, edits))
})

const printEdits = Effect.fnUntraced(function*({ edits }: Gathered) {
  const screen = yield* Screen
  for (const { origin, side, ...edit } of edits) {
    const row = { ...edit, split: side === "train" ? "train" : "test", messages: renderQuestion(edit, []), ...origin }
    yield* screen.print(`${JSON.stringify(row)}\n`)
  }
})
