/** The program of vim-loop: rounds over edits, and what they leave as files. Every form of the task calls this one. */
import * as Effect from "effect/Effect"
import { isPlainOutput, nameOfFiles, type OutputFormat } from "../../services/formats/output-format.ts"
import { attemptsFile } from "../../services/rows/attempt.ts"
import { chatKto } from "../../services/rows/chat-kto.ts"
import { ktoWeights } from "../../services/rows/kto.ts"
import { addLedger, keep, leaveOut, type Ledger, sortedLedger } from "../../services/rows/ledger.ts"
import { fingerprint } from "../../services/text/random.ts"
import type { SolvedEdit } from "../../services/Predictor.ts"
import { type Run, Writer } from "../../services/Writer.ts"
import type { Gathered } from "./gather.ts"
import { play, type Played, type PlayListener } from "./play.ts"
import type { ChosenPredictor } from "./predictors.ts"
import { recordsOf, tables } from "./rows.ts"
import type { RoundReport } from "./rounds.ts"
import type { VimLoopSettings } from "./settings.ts"
import { readTurns, type Turn, type Turns } from "./turns.ts"

export interface VimLoopRequest {
  readonly settings: VimLoopSettings
  /** What was asked of the rows, by flag: the settings in metadata. */
  readonly recorded: Readonly<Record<string, unknown>>
  /** Name of the predictor, for the rows, and what it was told, for the run's identity. */
  readonly predictor: { readonly name: string; readonly identity: unknown }
  /** Solved edits to show from the first round on. */
  readonly examples: ReadonlyArray<SolvedEdit>
  /** Absolute path of the folder. */
  readonly output: string
  readonly resume: boolean
  readonly overwrite: boolean
  /** Bytes of answers that a kill may cost. */
  readonly journalBytes: number
  readonly version: string
  readonly format: OutputFormat
}

export interface VimLoopOutcome {
  readonly directory: string
  readonly files: Readonly<Record<string, number>>
  readonly ledger: Ledger
  readonly rounds: ReadonlyArray<RoundReport>
  readonly stopped: string
  readonly wasSealed: boolean
}

/** Bytes of answers that a kill may cost where they are found again as fast as they are read. */
const cheapBytes = 64 * 1024

export const requestOf = (
  settings: VimLoopSettings,
  { identity, isCostly, name }: Pick<ChosenPredictor, "name" | "identity" | "isCostly">,
  rest: Pick<VimLoopRequest, "recorded" | "examples" | "output" | "resume" | "overwrite" | "version" | "format">
): VimLoopRequest => ({
  ...rest,
  settings,
  predictor: { name, identity: { ...identity, examples: fingerprint(JSON.stringify(rest.examples)) } },
  journalBytes: isCostly ? 0 : cheapBytes
})

/** Name of the file with the figures of each round. */
const roundsFile = "rounds.json"
/** Rows that wait in memory for their place, in bytes. */
const bufferBytes = 16 * 1024 * 1024
/** So many edits become rows at once. */
const editsAtOnce = 256

export const vimLoop = Effect.fn("vimLoop.run")(function*(
  request: VimLoopRequest,
  gathered: Gathered,
  listener: PlayListener
) {
  return yield* Effect.scoped(Effect.gen(function*() {
    const writer = yield* Writer
    const { output, overwrite, resume, settings } = request
    const identity = {
      task: "vim-loop",
      version: request.version,
      settings: request.recorded,
      predictor: request.predictor,
      input: gathered.identity,
      ...(isPlainOutput(request.format) ? {} : { format: request.format })
    }
    const run = yield* writer.openRun({
      directory: output,
      identity,
      resume,
      overwrite,
      files: [...tables.map(({ name }) => name), roundsFile, attemptsFile],
      bufferBytes,
      format: request.format
    })
    if (run.isSealed) {
      const nothing: VimLoopOutcome = {
        directory: output,
        files: {},
        ledger: {},
        rounds: [],
        stopped: "",
        wasSealed: true
      }
      return nothing
    }
    yield* run.adopt(attemptsFile)
    const journal = yield* writer.openSequence({
      paths: [`${output}/${attemptsFile}`],
      identity,
      // The folder is this run's already: what lies there is its own journal.
      resume: !overwrite,
      overwrite,
      bufferBytes: request.journalBytes
    })
    const [written = new Uint8Array()] = yield* journal.written
    const turns = readTurns(written)
    const played = yield* play({
      edits: gathered.edits,
      settings,
      predictor: request.predictor.name,
      examples: request.examples,
      turns,
      journal
    }, listener).pipe(
      // A server that never answered leaves nothing to go on with.
      Effect.tapError(() => turns.size > 0 ? Effect.void : Effect.zipRight(journal.discard, run.discard))
    )
    if (!journal.isSealed) yield* journal.seal({ identity })
    return yield* writeOutputs(request, gathered, turns, played, run, identity)
  }))
})

const writeOutputs = Effect.fnUntraced(function*(
  request: VimLoopRequest,
  gathered: Gathered,
  turns: Turns,
  played: Played,
  run: Run,
  identity: unknown
) {
  const turnsOf = new Map<string, Array<Turn>>()
  for (const turn of turns.values()) turnsOf.set(turn.edit, [...(turnsOf.get(turn.edit) ?? []), turn])
  const { edits } = gathered
  for (let item = 0; item * editsAtOnce < edits.length; item++) {
    if (run.isDone(item)) continue
    const records = edits.slice(item * editsAtOnce, (item + 1) * editsAtOnce).flatMap((edit) =>
      recordsOf(edit, (turnsOf.get(edit.id) ?? []).toSorted((a, b) => a.round - b.round), request.settings.seed)
    )
    yield* run.commit({ item, records, ledger: {} })
  }
  const ledger: Ledger = {}
  addLedger(ledger, gathered.ledger)
  const files: Record<string, number> = {}
  const stats: Record<string, { readonly rows: number; readonly kinds: Readonly<Record<string, number>> }> = {}
  /** What is trained on with labels, by label. */
  let labelled: Readonly<Record<string, number>> = {}
  for (const { name, pools, shape, side } of tables) {
    const summary = yield* run.assemble({ name, pools, hasRivals: false, apartFrom: [], share: 1 })
    const written = nameOfFiles(summary.files)
    files[written] = summary.rows
    stats[written] = { rows: summary.rows, kinds: summary.facets }
    if (shape === chatKto && side === "train") labelled = summary.facets
    keep(ledger, "rows", summary.rows)
    leaveOut(ledger, "rows", "twin of another row", summary.twins)
  }
  yield* run.writeDocument(roundsFile, { edits: edits.length, stopped: played.stopped, rounds: played.rounds })
  const sorted = sortedLedger(ledger)
  const { unwanted = 0, wanted = 0 } = labelled
  yield* run.seal({ identity, files, stats, ledger: sorted, advice: { kto: ktoWeights(wanted, unwanted) } })
  const outcome: VimLoopOutcome = {
    directory: request.output,
    files,
    ledger: sorted,
    rounds: played.rounds,
    stopped: played.stopped,
    wasSealed: false
  }
  return outcome
})
