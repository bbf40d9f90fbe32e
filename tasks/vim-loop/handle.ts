/** What the command does once its flags are read. Loaded then, so that `--help` does not wait for it. */
import * as Path from "@effect/platform/Path"
import * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { renderQuestion } from "../../services/formats/keystroke-chat.ts"
import type { Ledger } from "../../services/ledger.ts"
import { fingerprint } from "../../services/random.ts"
import { miningLayers } from "../shared/layers.ts"
import { lazyLayer } from "../shared/lazy-layer.ts"
import { WrongUsage } from "../shared/problems.ts"
import { makeProgress, type Progress } from "../shared/progress.ts"
import { type SandboxFlags, sandboxLayer } from "../shared/sandbox.ts"
import { Screen } from "../shared/terminal.ts"
import { Tool } from "../shared/tool.ts"
import { type Gathered, gatherEdits } from "./gather.ts"
import type { VimLoopFlags } from "./options.ts"
import type { PlayListener } from "./play.ts"
import { type Candidates, readCandidates, readExamples } from "./read-rows.ts"
import { resolveInput, resolveSettings } from "./request.ts"
import { vimLoop, type VimLoopRequest } from "./run.ts"
import { summarise, summariseRound } from "./summary.ts"

export type CommandFlags = VimLoopFlags & SandboxFlags & {
  readonly concurrency: Option.Option<number>
  readonly quiet: boolean
}

/** Runs the command: a list of the edits, or a dataset. */
export const handle = (flags: CommandFlags) =>
  Effect.gen(function*() {
    const settings = yield* resolveSettings(flags)
    const input = yield* resolveInput(flags)
    const progress = yield* makeProgress(flags.quiet)
    const gathered = yield* gatherEdits(input, settings, (done, size) =>
      progress.advance({ done, size, rows: 0, unit: "changes" }))
    yield* progress.end
    if (flags.listEdits) {
      return yield* printEdits(gathered)
    }
    const predictor = yield* predictorOf(flags, gathered.candidates)
    for (const note of predictor.notes) {
      yield* progress.say(note)
    }
    const examples = Option.isSome(flags.examplesFrom)
      ? yield* readExamples(flags.examplesFrom.value)
      : { examples: [], ledger: {} }
    for (const note of notesOf("examples", examples.ledger)) {
      yield* progress.say(note)
    }
    const path = yield* Path.Path
    const request: VimLoopRequest = {
      settings,
      predictor: {
        name: predictor.name,
        identity: { ...predictor.identity, examples: fingerprint(JSON.stringify(examples.examples)) }
      },
      examples: examples.examples,
      output: path.resolve(flags.output),
      resume: flags.resume,
      overwrite: flags.overwrite,
      journalBytes: flags.predictor === "chat" ? 0 : 64 * 1024,
      version: (yield* Tool).version
    }
    const outcome = yield* vimLoop(request, gathered, listenerOf(progress)).pipe(
      Effect.provide(Layer.merge(predictor.layer, sandboxLayer(flags, flags.concurrency))),
      Effect.ensuring(progress.end)
    )
    return yield* progress.say(summarise(outcome))
  }).pipe(
    Effect.provide(Layer.merge(
      miningLayers(flags.concurrency),
      lazyLayer(async () =>
        (await import("../../layers/writer/JsonlWriter.ts")).layer
      )
    ))
  )

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

/** What was left out of a file of rows, a line for each stage. */
const notesOf = (name: string, ledger: Ledger): ReadonlyArray<string> =>
  Object.entries(ledger).flatMap(([stage, { came, kept, leftOut }]) => {
    const reasons = Object.entries(leftOut).map(([reason, count]) => `${count} ${reason}`)
    return reasons.length === 0 ? [] : [`${name}: ${kept} of ${came} ${stage} (left out: ${reasons.join(", ")})`]
  })

/** The predictor that the flags choose, what makes its answers what they are, and what is to be said of it. */
const predictorOf = Effect.fnUntraced(function*(flags: CommandFlags, given: Candidates) {
  switch (flags.predictor) {
    case "search":
      return {
        name: "search",
        identity: {},
        notes: [],
        layer: lazyLayer(async () => (await import("../../layers/predictor/SearchPredictor.ts")).layerThreads)
      }
    case "replay":
      return yield* replayOf(flags, given)
    case "chat":
      return yield* chatOf(flags)
  }
})

const replayOf = Effect.fnUntraced(function*(flags: CommandFlags, given: Candidates) {
  if (Option.isNone(flags.replay) && given.size === 0) {
    return yield* new WrongUsage({
      detail: "Cannot replay nothing: pass --replay <file>, or --pairs whose rows have keys, transform or completion"
    })
  }
  const read = Option.isSome(flags.replay)
    ? yield* readCandidates(flags.replay.value)
    : { candidates: given, ledger: {} }
  const { candidates, ledger } = read
  return {
    name: "replay",
    identity: { candidates: fingerprint(JSON.stringify([...candidates])) },
    notes: notesOf("candidates", ledger),
    layer: lazyLayer(async () => (await import("../../layers/predictor/ReplayPredictor.ts")).layer(candidates))
  }
})

const chatOf = Effect.fnUntraced(function*(flags: CommandFlags) {
  const { maxTokens, requests, requestTimeout, retries, stream, temperature } = flags
  if (Option.isNone(flags.endpoint) || Option.isNone(flags.model)) {
    return yield* new WrongUsage({
      detail: "Cannot ask a model: pass --endpoint, such as http://127.0.0.1:8000/v1, and --model"
    })
  }
  const endpoint = flags.endpoint.value
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return yield* new WrongUsage({ detail: `Cannot use --endpoint "${endpoint}": it takes an http or https address` })
  }
  const bounds = { "max-tokens": maxTokens, requests, "request-timeout": requestTimeout }
  for (const [name, value] of Object.entries(bounds)) {
    if (value > 0) continue
    return yield* new WrongUsage({ detail: `Cannot use --${name} ${value}: it takes a number above 0` })
  }
  for (const [name, value] of Object.entries({ temperature, retries })) {
    if (value >= 0) continue
    return yield* new WrongUsage({ detail: `Cannot use --${name} ${value}: it takes a number from 0 up` })
  }
  // A key that is not set is no key; nothing else can go wrong with it.
  const apiKey = yield* Effect.orDie(Config.option(Config.redacted("RETRACE_API_KEY")))
  const model = flags.model.value
  const options = {
    endpoint,
    model,
    temperature,
    maxTokens,
    concurrency: requests,
    timeoutMillis: requestTimeout * 1000,
    isStreamed: stream,
    apiKey: Option.getOrNull(apiKey),
    retries,
    pauseMillis: 500
  }
  return {
    name: `chat ${model}`,
    identity: { model, temperature, maxTokens },
    notes: [],
    layer: lazyLayer(async () => {
      const [{ layer }, client] = await Promise.all([
        import("../../layers/predictor/ChatPredictor.ts"),
        import("@effect/platform-node/NodeHttpClient")
      ])
      return Layer.provide(layer(options), client.layer)
    })
  }
})
