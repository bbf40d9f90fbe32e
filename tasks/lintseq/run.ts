/** The program of lintseq: programs come in as a stream, rows go out in the same order. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { systemWords } from "../../services/faults/system-words.ts"
import { Compute, type JobFailed, type WorkerLost } from "../../services/Compute.ts"
import { Git, type GitFailed, type GitLost } from "../../services/Git.ts"
import { isPlainOutput, type OutputFormat } from "../../services/formats/output-format.ts"
import { addLedger, type Ledger, sortedLedger } from "../../services/rows/ledger.ts"
import { fingerprint } from "../../services/text/random.ts"
import { Writer } from "../../services/Writer.ts"
import { type JobOutput, rowsJob } from "./jobs.ts"
import type { Plan } from "./plan.ts"
import { planFolder, planRevision } from "./plan-files.ts"
import { planHistories } from "./plan-histories.ts"
import { CannotReadInput } from "../shared/problems.ts"
import { NoProgram } from "./problems.ts"
import { batchRowsOf, countRowsOf, type RowBatch, sampleRowsOf } from "./row-batches.ts"
import type { LintseqSettings } from "./settings.ts"

/** Where programs come from. */
export type LintseqInput =
  | { readonly _tag: "rows"; readonly path: string; readonly samples: number | null }
  | {
    readonly _tag: "stream"
    readonly bytes: Stream.Stream<Uint8Array, CannotReadInput>
    readonly samples: number | null
  }
  | { readonly _tag: "folder"; readonly path: string }
  | { readonly _tag: "revision"; readonly location: string; readonly rev: string }
  | { readonly _tag: "history"; readonly location: string; readonly rev: string; readonly maxCommits: number }

export interface LintseqRequest {
  readonly input: LintseqInput
  readonly settings: LintseqSettings
  /** What was asked of the rows, by flag: the settings in metadata. */
  readonly recorded: Readonly<Record<string, unknown>>
  readonly version: string
}

export interface LintseqFiles {
  /** Absolute path of the rows, or a folder in which they are named as the paper's package names them. */
  readonly output: { readonly path: string } | { readonly folder: string }
  /** Absolute path for what was left out, or null. */
  readonly rejected: string | null
  readonly resume: boolean
  readonly overwrite: boolean
  readonly bufferBytes: number
  readonly format: OutputFormat
}

/** How far the run has come. */
export interface LintseqEvent {
  readonly done: number
  readonly size: number
  readonly unit: string
  readonly rows: number
}

export type LintseqListener = (event: LintseqEvent) => Effect.Effect<void>

export interface LintseqOutcome {
  readonly path: string
  readonly ledger: Ledger
  readonly wasSealed: boolean
}

/** One piece of the work: what it gives, and how far the input was read with it. */
interface Piece {
  readonly output: JobOutput
  readonly done: number
}

type PieceError = CannotReadInput | GitFailed | GitLost | JobFailed | WorkerLost

/** An input that is open: its pieces from a given one on. */
interface Source {
  readonly name: string
  /** What stands for the number of programs in the name of an output. */
  readonly count: Effect.Effect<number, CannotReadInput>
  readonly identity: unknown
  readonly ledger: Ledger
  readonly size: number
  readonly unit: string
  readonly pieces: (from: number) => Stream.Stream<Piece, PieceError, Compute>
}

const fileBytes = (fs: FileSystem.FileSystem, path: string): Stream.Stream<Uint8Array, CannotReadInput> =>
  Stream.mapError(
    fs.stream(path, { chunkSize: 256 * 1024 }),
    (cause) => new CannotReadInput({ path, detail: systemWords(cause) })
  )

const openRows = Effect.fnUntraced(function*(path: string, samples: number | null, settings: LintseqSettings) {
  const fs = yield* FileSystem.FileSystem
  const info = yield* Effect.mapError(
    fs.stat(path),
    () => new CannotReadInput({ path, detail: "there is no such file" })
  )
  if (info.type !== "File") return yield* new CannotReadInput({ path, detail: "it is no file of JSON Lines" })
  const size = Number(info.size)
  const head = yield* Stream.runFold(
    Stream.take(fileBytes(fs, path), 1),
    "",
    (_, chunk) => fingerprint(Buffer.from(chunk).toString("latin1"))
  )
  const name = path.slice(path.lastIndexOf("/") + 1)
  return rowsSource(name, () => fileBytes(fs, path), samples, settings, {
    identity: { file: name, size, head },
    size
  })
})

const rowsSource = (
  name: string,
  bytes: () => Stream.Stream<Uint8Array, CannotReadInput>,
  samples: number | null,
  settings: LintseqSettings,
  known: { readonly identity: unknown; readonly size: number }
): Source => ({
  name,
  count: samples === null ? Effect.suspend(() => countRowsOf(bytes())) : Effect.succeed(samples),
  identity: { ...known, samples },
  ledger: {},
  size: samples ?? Math.ceil(known.size / 1000),
  unit: samples === null ? "kB" : "programs",
  pieces: (from) =>
    (samples === null ? batchRowsOf(bytes()) : sampleRowsOf(bytes(), samples, settings.seed)).pipe(
      Stream.drop(from),
      concurrently((batch: RowBatch) =>
        Effect.gen(function*() {
          const compute = yield* Compute
          const { read, ...rest } = batch
          const output = yield* compute.run(rowsJob, { settings, source: name, ...rest })
          return { output, done: samples === null ? Math.ceil(read / 1000) : read }
        })
      )
    )
})

/** Runs pieces on all threads, one more than there are so that none waits, and keeps their order. */
const concurrently =
  <A>(work: (item: A) => Effect.Effect<Piece, PieceError, Compute>) =>
  <E>(items: Stream.Stream<A, E>): Stream.Stream<Piece, E | PieceError, Compute> =>
    Stream.unwrap(
      Effect.map(Compute, ({ concurrency }) =>
        Stream.mapEffect(Stream.rechunk(items, 1), work, { concurrency: concurrency + 1 }))
    )

const planSource = (plan: Plan, settings: LintseqSettings): Source => ({
  name: plan.name,
  count: Effect.succeed(plan.size),
  identity: plan.identity,
  ledger: plan.ledger,
  size: plan.size,
  unit: plan.unit,
  pieces: (from) => {
    let done = plan.items.slice(0, from).reduce((sum, item) => sum + item.size, 0)
    return Stream.fromIterable(plan.items.slice(from)).pipe(
      concurrently((item) =>
        Effect.gen(function*() {
          const output = yield* item.run(yield* Compute, settings)
          done += item.size
          return { output, done }
        })
      )
    )
  }
})

const openInput = Effect.fn("lintseq.open")(function*({ input, settings }: LintseqRequest) {
  switch (input._tag) {
    case "rows":
      return yield* openRows(input.path, input.samples, settings)
    case "stream":
      return rowsSource("stdin", () => input.bytes, input.samples, settings, { identity: null, size: 0 })
    case "folder":
      return planSource(yield* planFolder(input.path, settings.language), settings)
    case "revision": {
      const git = yield* Git
      const repository = yield* git.open(input.location, { orFolder: false })
      return planSource(yield* planRevision(repository, input.rev, settings.language), settings)
    }
    case "history": {
      const git = yield* Git
      const repository = yield* git.open(input.location, { orFolder: false })
      return planSource(yield* planHistories(repository, input.rev, input.maxCommits, settings.language), settings)
    }
  }
})

/** Gives the rows piece by piece, as JSON Lines, without touching the disk. Ends with NoProgram when there is none. */
export const lintseqRows = (request: LintseqRequest, listen: LintseqListener) =>
  Stream.unwrapScoped(Effect.gen(function*() {
    const source = yield* openInput(request)
    const ledger: Ledger = {}
    addLedger(ledger, source.ledger)
    return source.pieces(0).pipe(
      Stream.tap(({ done, output }) => {
        addLedger(ledger, output.ledger)
        return listen(worked(source, done, ledger))
      }),
      Stream.map(({ output }) => output),
      Stream.concat(Stream.drain(Stream.fromEffect(Effect.suspend(() => orNoProgram(source, ledger)))))
    )
  }))

const worked = (source: Source, done: number, ledger: Ledger): LintseqEvent => ({
  done,
  size: source.size === 0 ? done : source.size,
  unit: source.unit,
  rows: ledger["rows"]?.kept ?? 0
})

const orNoProgram = (source: Source, ledger: Ledger) =>
  (ledger["rows"]?.kept ?? 0) > 0
    ? Effect.void
    : Effect.fail(
      new NoProgram({ source: source.name, reasons: { ...ledger["files"]?.leftOut, ...ledger["programs"]?.leftOut } })
    )

/** Name of the output in a folder, as the paper's package names it. */
const nameOfOutput = (source: Source, count: number, { pathsPerProgram, seed }: LintseqSettings): string =>
  `${source.name.replace(/\.jsonl?$/, "").replaceAll("/", "-")}_${count}_${pathsPerProgram}_${seed}_vec.jsonl`

/** Writes the rows of all programs into one file. */
export const lintseq = Effect.fn("lintseq.run")(function*(
  request: LintseqRequest,
  files: LintseqFiles,
  listen: LintseqListener
) {
  return yield* Effect.scoped(Effect.gen(function*() {
    const writer = yield* Writer
    const source = yield* openInput(request)
    const path = "path" in files.output
      ? files.output.path
      : `${files.output.folder}/${nameOfOutput(source, yield* source.count, request.settings)}`
    const identity = {
      task: "lintseq",
      version: request.version,
      settings: request.recorded,
      input: source.identity,
      ...(isPlainOutput(files.format) ? {} : { format: files.format })
    }
    const sequence = yield* writer.openSequence({
      paths: files.rejected === null ? [path] : [path, files.rejected],
      identity,
      resume: files.resume,
      overwrite: files.overwrite,
      bufferBytes: files.bufferBytes,
      format: files.format
    })
    if (sequence.isSealed) {
      const outcome: LintseqOutcome = { path, ledger: sequence.ledger(), wasSealed: true }
      return outcome
    }
    yield* Stream.runForEach(source.pieces(sequence.next), ({ done, output }) =>
      Effect.gen(function*() {
        yield* sequence.append(files.rejected === null ? [output.rows] : [output.rows, output.rejected], output.ledger)
        yield* listen(worked(source, done, sequence.ledger()))
      }))
    const ledger: Ledger = {}
    addLedger(ledger, source.ledger)
    addLedger(ledger, sequence.ledger())
    yield* Effect.tapError(orNoProgram(source, ledger), () => sequence.discard)
    const sorted = sortedLedger(ledger)
    yield* sequence.seal({ identity, ledger: sorted })
    const outcome: LintseqOutcome = { path, ledger: sorted, wasSealed: false }
    return outcome
  }))
})
