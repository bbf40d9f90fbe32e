/** The program of vim-loop: rounds over edits, and what they leave as files. Every form of the task calls this one. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { nameOfFiles, type OutputFormat } from "../../services/formats/output-format.ts"
import type { SolvedEdit } from "../../services/Predictor.ts"
import { attemptsFile } from "../../services/rows/attempt.ts"
import { chatKto } from "../../services/rows/chat-kto.ts"
import { trainerSettings } from "../../services/formats/trainer-settings.ts"
import { keep, leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import { fingerprint } from "../../services/text/random.ts"
import { type PooledRecord, type Run, Writer } from "../../services/Writer.ts"
import type { Item } from "../shared/dataset-run/item.ts"
import type { RunListener } from "../shared/dataset-run/listener.ts"
import type { Losses } from "../shared/dataset-run/losses.ts"
import { type Identity, identityOf, runDataset } from "../shared/dataset-run/run.ts"
import { type Shares, sharesOf, warningAgainst } from "../shared/dataset-run/shares.ts"
import { poolSink } from "../shared/dataset-run/sinks.ts"
import type { LoopEdit } from "./edits.ts"
import type { Gathered } from "./gather.ts"
import { play, type Played, type PlayListener } from "./play.ts"
import type { ChosenPredictor } from "./predictors.ts"
import type { RoundReport } from "./rounds.ts"
import { recordsOfEdit, tables } from "./rows.ts"
import type { VimLoopSettings } from "./settings.ts"
import { arrangeTurns, readTurns, type Turn, type Turns } from "./turns.ts"

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
  /** How the split came out; null for a run that had been finished before. */
  readonly shares: Shares | null
  readonly rounds: ReadonlyArray<RoundReport>
  readonly stopped: string
  readonly wasSealed: boolean
  /** What was lost on the way and replaced; nothing of it is in the rows. */
  readonly lost: Losses
}

export interface VimLoopListener extends PlayListener {
  readonly onRun: RunListener
}

/** Bytes of answers that a kill may cost where they are found again as fast as they are read. */
const cheapBytes = 64 * 1024

export const vimLoopRequestOf = (
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
/** Names of the files of a run. */
export const resultsOfLoop = [...tables.map(({ name }) => name), roundsFile, attemptsFile]
/** Rows that wait in memory for their place, in bytes. */
const bufferBytes = 16 * 1024 * 1024
/** So many edits become rows at once. */
const editsAtOnce = 256

/** Plays the rounds and writes their rows; `known` are lines of a journal with turns that were played elsewhere. */
export const runVimLoop = Effect.fn("vimLoop.run")(function*(
  request: VimLoopRequest,
  gathered: Gathered,
  listener: VimLoopListener,
  known: ReadonlyArray<Uint8Array> = []
) {
  const writer = yield* Writer
  const { format, output, overwrite, resume, settings, version } = request
  const { lost } = gathered
  const identity = identityOf({
    task: "vim-loop",
    version,
    settings: request.recorded,
    predictor: request.predictor,
    input: gathered.identity
  }, format)
  const run = yield* writer.openRun({
    directory: output,
    identity,
    resume,
    overwrite,
    files: resultsOfLoop,
    bufferBytes,
    format
  })
  const { ledger, made } = yield* runDataset({
    identity,
    resume,
    lost,
    sink: poolSink<RowsOfEdits>(run, output),
    plan: Effect.map(playAll(request, gathered, run, identity, listener, known), ({ played, turns }) => ({
      ledger: gathered.ledger,
      items: rowItems(gathered.edits, turns, settings),
      size: gathered.edits.length,
      unit: "edits",
      finish: (ledger: Ledger) => writeTables(gathered, settings.split, played, run, ledger, listener.onRun)
    }))
  }, listener.onRun)
  const outcome: VimLoopOutcome = {
    directory: output,
    files: made?.files ?? {},
    ledger,
    shares: made?.shares ?? null,
    rounds: made?.played.rounds ?? [],
    stopped: made?.played.stopped ?? "",
    wasSealed: made === undefined,
    lost
  }
  return outcome
}, Effect.scoped)

/** Plays the rounds over a journal that lies in the run's folder. */
const playAll = Effect.fnUntraced(function*(
  request: VimLoopRequest,
  gathered: Gathered,
  run: Run,
  identity: Identity,
  listener: PlayListener,
  known: ReadonlyArray<Uint8Array>
) {
  const writer = yield* Writer
  yield* run.adopt(attemptsFile)
  const journal = yield* writer.openSequence({
    paths: [`${request.output}/${attemptsFile}`],
    identity,
    // The folder is this run's already: what lies there is its own journal.
    resume: !request.overwrite,
    overwrite: request.overwrite,
    bufferBytes: request.journalBytes
  })
  if (!journal.isResumed && !journal.isSealed) { for (const lines of known) yield* journal.append([lines], {}) }
  const [written = new Uint8Array()] = yield* journal.written
  const turns = readTurns(written)
  const played = yield* play({
    edits: gathered.edits,
    settings: request.settings,
    predictor: request.predictor.name,
    examples: request.examples,
    turns,
    journal,
    lost: gathered.lost
  }, listener).pipe(
    // A server that never answered leaves nothing to go on with.
    Effect.tapError(() => turns.size > 0 ? Effect.void : Effect.zipRight(journal.discard, run.discard))
  )
  if (!journal.isSealed) yield* journal.seal({ identity }, arrangeTurns(gathered.edits.map(({ id }) => id)))
  return { played, turns }
})

interface RowsOfEdits {
  readonly records: ReadonlyArray<PooledRecord>
  readonly ledger: Ledger
}

/** What was tried for some edits at a time, as rows. */
const rowItems = (
  edits: ReadonlyArray<LoopEdit>,
  turns: Turns,
  settings: VimLoopSettings
): Stream.Stream<Item<RowsOfEdits>> => {
  const turnsOf = new Map<string, Array<Turn>>()
  for (const turn of turns.values()) turnsOf.set(turn.edit, [...(turnsOf.get(turn.edit) ?? []), turn])
  const recordsFor = (edit: LoopEdit) =>
    recordsOfEdit(edit, (turnsOf.get(edit.id) ?? []).toSorted((a, b) => a.round - b.round), settings)
  return Stream.fromIterable(
    Array.from({ length: Math.ceil(edits.length / editsAtOnce) }, (_, item) => {
      const some = edits.slice(item * editsAtOnce, (item + 1) * editsAtOnce)
      return { size: some.length, work: () => Effect.sync(() => ({ records: some.flatMap(recordsFor), ledger: {} })) }
    })
  )
}

/** Writes the tables and what stands beside them; says what the metadata tells of them. */
const writeTables = Effect.fn("vimLoop.writeTables")(function*(
  { edits, split }: Gathered,
  asked: number,
  played: Played,
  run: Run,
  ledger: Ledger,
  listen: RunListener
) {
  const files: Record<string, number> = {}
  const stats: Record<string, { readonly rows: number; readonly kinds: Readonly<Record<string, number>> }> = {}
  const rows = { train: 0, held: 0 }
  /** What is trained on with labels, by label. */
  let labelled: Readonly<Record<string, number>> = {}
  for (const { name, pools, shape, side } of tables) {
    const summary = yield* run.assemble({ name, pools, hasRivals: false, apartFrom: [], repeats: null, share: 1 })
    const written = nameOfFiles(summary.files)
    files[written] = summary.rows
    rows[side] += summary.rows
    stats[written] = { rows: summary.rows, kinds: summary.facets }
    if (shape === chatKto && side === "train") labelled = summary.facets
    keep(ledger, "rows", summary.rows)
    leaveOut(ledger, "rows", "twin of another row", summary.twins)
  }
  yield* run.writeDocument(roundsFile, { edits: edits.length, stopped: played.stopped, rounds: played.rounds })
  const { unwanted = 0, wanted = 0 } = labelled
  const shares = sharesOf(asked, split, rows)
  const warning = warningAgainst(shares, split)
  if (warning !== null) yield* listen({ _tag: "warned", message: warning })
  const facts = { maxLength: null, maxPromptLength: null, positives: wanted, negatives: unwanted }
  const advice = { kto: trainerSettings("trl", "kto", facts) }
  const notes = { split: shares, advice }
  return { played, files, shares, tables: { files, stats }, notes }
})
