/** What the command does once its flags are read. Loaded then, so that `--help` does not wait for it. */
import * as Path from "@effect/platform/Path"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { renderQuestion } from "../../services/formats/keystroke-chat.ts"
import { miningLayers } from "../shared/layers.ts"
import { lazyLayer } from "../shared/lazy-layer.ts"
import { type OutputFlags, outputFormatOf } from "../shared/output-format.ts"
import { makeProgress, type Progress } from "../shared/progress.ts"
import { type SandboxFlags, sandboxLayer } from "../shared/sandbox.ts"
import { Screen } from "../shared/terminal.ts"
import { Tool } from "../shared/tool.ts"
import { type Gathered, gatherEdits } from "./gather.ts"
import type { VimLoopFlags } from "./options.ts"
import type { PlayListener } from "./play.ts"
import { notesOf, type PredictorChoices, resolvePredictor } from "./predictors.ts"
import { readExamples } from "./read-rows.ts"
import { type EditChoices, resolveInput, resolveSettings } from "./request.ts"
import { requestOf, vimLoop } from "./run.ts"
import { summarise, summariseRound } from "./summary.ts"

export type CommandFlags = VimLoopFlags & SandboxFlags & OutputFlags & {
  readonly concurrency: Option.Option<number>
  readonly quiet: boolean
}

/** Runs the command: a list of the edits, or a dataset. */
export const handle = (flags: CommandFlags) =>
  Effect.gen(function*() {
    const path = yield* Path.Path
    const choices = editChoices(flags)
    const settings = yield* resolveSettings(choices)
    const input = yield* resolveInput(choices)
    const format = yield* outputFormatOf(flags)
    const progress = yield* makeProgress(flags.quiet)
    const gathered = yield* gatherEdits(input, settings, (done, size) =>
      progress.advance({ done, size, rows: 0, unit: "changes" }))
    yield* progress.end
    if (flags.listEdits) {
      return yield* printEdits(gathered)
    }
    const predictor = yield* resolvePredictor(yield* predictorChoices(flags), gathered.candidates)
    const examples = Option.isSome(flags.examplesFrom)
      ? yield* readExamples(flags.examplesFrom.value)
      : { examples: [], ledger: {} }
    for (const note of [...predictor.notes, ...notesOf("examples", examples.ledger)]) {
      yield* progress.say(note)
    }
    const request = requestOf(settings, predictor, {
      examples: examples.examples,
      output: path.resolve(flags.output),
      resume: flags.resume,
      overwrite: flags.overwrite,
      version: (yield* Tool).version,
      format
    })
    const outcome = yield* vimLoop(request, gathered, listenerOf(progress)).pipe(
      Effect.provide(Layer.merge(predictor.layer, sandboxLayer(flags, flags.concurrency))),
      Effect.ensuring(progress.end)
    )
    return yield* progress.say(summarise(outcome))
  }).pipe(
    Effect.provide(Layer.merge(
      miningLayers(flags.concurrency),
      lazyLayer(async () =>
        (await import("../../layers/writer/FileWriter.ts")).layer
      )
    ))
  )

const editChoices = (flags: CommandFlags): EditChoices => ({
  repositories: flags.repo,
  pairs: Option.getOrUndefined(flags.pairs),
  rev: flags.rev,
  maxCommits: flags.maxCommits,
  startDate: Option.getOrUndefined(flags.startDate),
  endDate: Option.getOrUndefined(flags.endDate),
  languages: flags.language.flatMap((list) => list.split(",")).map((name) => name.trim()).filter((name) => name !== ""),
  maxLines: flags.maxLines,
  maxChars: flags.maxChars,
  maxEdits: Option.getOrUndefined(flags.maxEdits),
  rounds: flags.rounds,
  count: flags.count,
  examples: flags.examples,
  nearMisses: flags.nearMisses,
  tokenBudget: Option.getOrUndefined(flags.tokenBudget),
  seed: flags.seed,
  split: flags.split
})

const predictorChoices = Effect.fnUntraced(function*(flags: CommandFlags) {
  // A key that is not set is no key; nothing else can go wrong with it.
  const apiKey = yield* Effect.orDie(Config.option(Config.redacted("RETRACE_API_KEY")))
  const choices: PredictorChoices = {
    predictor: flags.predictor,
    endpoint: Option.getOrUndefined(flags.endpoint),
    model: Option.getOrUndefined(flags.model),
    temperature: flags.temperature,
    maxTokens: flags.maxTokens,
    requests: flags.requests,
    requestTimeoutSeconds: flags.requestTimeout,
    retries: flags.retries,
    stream: flags.stream,
    apiKey: Option.getOrUndefined(apiKey),
    replay: Option.getOrUndefined(flags.replay)
  }
  return choices
})

const listenerOf = (progress: Progress): PlayListener => ({
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
