/** The program of lintseq: programs come in as a stream, rows go out in the same order. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { OutputFormat } from "../../services/formats/output-format.ts"
import { systemWords } from "../../services/faults/system-words.ts"
import { Git } from "../../services/Git.ts"
import { type CannotReadRows, Reader } from "../../services/Reader.ts"
import { editPathFile } from "../../services/rows/edit-path.ts"
import { addLedger, type Ledger } from "../../services/rows/ledger.ts"
import { fingerprint } from "../../services/text/random.ts"
import { Writer } from "../../services/Writer.ts"
import type { Item } from "../shared/dataset-run/item.ts"
import { tellGitWarnings } from "../shared/dataset-run/git-warnings.ts"
import { type RunListener, type WorkedEvent, workedEvent } from "../shared/dataset-run/listener.ts"
import { type Losses, noLosses, replaceLosses } from "../shared/dataset-run/losses.ts"
import { NothingToDo } from "../shared/dataset-run/nothing-to-do.ts"
import { identityOf, runDataset } from "../shared/dataset-run/run.ts"
import { sequenceSink } from "../shared/dataset-run/sinks.ts"
import { workThrough } from "../shared/dataset-run/work-through.ts"
import { CannotReadInput } from "../shared/problems.ts"
import { rowsItem } from "./items.ts"
import type { LintseqOutput } from "./jobs.ts"
import type { LintseqPlan } from "./plan.ts"
import { planFolder, planRevision } from "./plan-files.ts"
import { planHistories } from "./plan-histories.ts"
import { batchRowsOf, countRowsOf, sampleRowsOf } from "./row-batches.ts"
import { lacksField } from "./row-reason.ts"
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
export type LintseqEvent = WorkedEvent

export interface LintseqOutcome {
  readonly path: string
  readonly ledger: Ledger
  readonly wasSealed: boolean
  /** What was lost on the way and replaced; nothing of it is in the rows. */
  readonly lost: Losses
}

/** An input that is open, cut into items. */
interface Source {
  readonly name: string
  /** What stands for the number of programs in the name of an output. */
  readonly count: Effect.Effect<number, CannotReadInput | CannotReadRows>
  readonly identity: unknown
  readonly ledger: Ledger
  readonly size: number
  readonly unit: string
  readonly items: Stream.Stream<Item<LintseqOutput>, CannotReadInput | CannotReadRows>
}

const fileBytes = (fs: FileSystem.FileSystem, path: string): Stream.Stream<Uint8Array, CannotReadInput> =>
  Stream.mapError(
    fs.stream(path, { chunkSize: 256 * 1024 }),
    (cause) => new CannotReadInput({ path, detail: systemWords(cause) })
  )

const openRows = Effect.fnUntraced(function*(path: string, samples: number | null, settings: LintseqSettings) {
  const fs = yield* FileSystem.FileSystem
  const reader = yield* Reader
  const info = yield* Effect.mapError(
    fs.stat(path),
    () => new CannotReadInput({ path, detail: "there is no such file" })
  )
  if (info.type !== "File") return yield* new CannotReadInput({ path, detail: "it is no file of rows" })
  const size = Number(info.size)
  const head = yield* Stream.runFold(
    Stream.take(fileBytes(fs, path), 1),
    "",
    (_, chunk) => fingerprint(Buffer.from(chunk).toString("latin1"))
  )
  const name = path.slice(path.lastIndexOf("/") + 1)
  return rowsSource(name, () => reader.lines<never>({ _tag: "file", path }), samples, settings, {
    identity: { file: name, size, head },
    size
  })
})

const rowsSource = (
  name: string,
  bytes: () => Stream.Stream<Uint8Array, CannotReadInput | CannotReadRows>,
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
  items: Stream.map(
    samples === null ? batchRowsOf(bytes()) : sampleRowsOf(bytes(), samples, settings.seed),
    ({ rows, size }) => ({ ...rowsItem(settings, name, rows), size: samples === null ? size / 1000 : size })
  )
})

const planSource = (plan: LintseqPlan): Source => ({
  ...plan,
  count: Effect.succeed(plan.size),
  items: Stream.fromIterable(plan.items)
})

const openInput = Effect.fn("lintseq.open")(function*({ input, settings }: LintseqRequest, lost: Losses) {
  switch (input._tag) {
    case "rows":
      return yield* openRows(input.path, input.samples, settings)
    case "stream": {
      const reader = yield* Reader
      const bytes = () => reader.lines({ _tag: "bytes", name: "-", bytes: input.bytes })
      return rowsSource("stdin", bytes, input.samples, settings, { identity: null, size: 0 })
    }
    case "folder":
      return planSource(yield* replaceLosses(lost)(planFolder(input.path, settings)))
    case "revision":
    case "history": {
      const git = yield* Git
      const repository = yield* replaceLosses(lost)(
        git.open(input.location, { orFolder: false, mostFiles: settings.maxFiles })
      )
      const plan = input._tag === "revision"
        ? planRevision(repository, input.rev, settings)
        : planHistories(repository, input.rev, input.maxCommits, settings)
      return planSource(yield* replaceLosses(lost)(plan))
    }
  }
})

/**
 * Gives the rows piece by piece, as JSON Lines, without touching the disk. Ends with NothingToDo when there is none.
 */
export const lintseqRows = (request: LintseqRequest, listen: RunListener, lost = noLosses()) =>
  Stream.unwrapScoped(Effect.gen(function*() {
    yield* tellGitWarnings(listen)
    const source = yield* openInput(request, lost)
    const ledger: Ledger = {}
    addLedger(ledger, source.ledger)
    let done = 0
    return workThrough(source.items, { lost, isDone: () => false, isOrdered: true }).pipe(
      Stream.mapConcatEffect(({ output, size }) => {
        done += size
        addLedger(ledger, output?.ledger ?? {})
        const rows = ledger["rows"]?.kept ?? 0
        return Effect.as(listen(workedEvent(source, done, rows)), output === undefined ? [] : [output])
      }),
      Stream.concat(Stream.drain(Stream.fromEffect(Effect.suspend(() => orNothing(request, source, ledger)))))
    )
  }))

const orNothing = ({ settings }: LintseqRequest, source: Source, ledger: Ledger) => {
  if ((ledger["rows"]?.kept ?? 0) > 0) return Effect.void
  const hasNoField = lacksField(ledger["programs"]?.leftOut ?? {}, settings)
  return new NothingToDo({
    sought: `write a path of "${source.name}"`,
    ledger,
    otherwise: "there is no program in it",
    advice: hasNoField ? "name the fields with --code-field and --prompt-field (or None)" : ""
  })
}

/** Name of the output in a folder, as the paper's package names it. */
const nameOfOutput = (source: Source, programs: number, { pathsPerProgram, seed }: LintseqSettings): string =>
  editPathFile(source.name, { programs, paths: pathsPerProgram, seed })

/** Writes the rows of all programs into one file. */
export const runLintseq = Effect.fn("lintseq.run")(function*(
  request: LintseqRequest,
  files: LintseqFiles,
  listen: RunListener
) {
  const lost = noLosses()
  const writer = yield* Writer
  yield* tellGitWarnings(listen)
  const source = yield* openInput(request, lost)
  const path = "path" in files.output
    ? files.output.path
    : `${files.output.folder}/${nameOfOutput(source, yield* source.count, request.settings)}`
  const { bufferBytes, format, overwrite, rejected, resume } = files
  const { recorded: settings, version } = request
  const identity = identityOf({ task: "lintseq", version, settings, input: source.identity }, format)
  const paths = rejected === null ? [path] as const : [path, rejected] as const
  const sequence = yield* writer.openSequence({ paths, identity, resume, overwrite, bufferBytes, format })
  const { ledger, made } = yield* runDataset({
    identity,
    resume,
    lost,
    sink: sequenceSink<LintseqOutput>(
      sequence,
      path,
      (output) => rejected === null ? [output.rows] : [output.rows, output.rejected]
    ),
    plan: Effect.succeed({
      ...source,
      finish: (ledger: Ledger) =>
        Effect.as(
          Effect.tapError(orNothing(request, source, ledger), () => sequence.discard),
          { tables: {}, notes: {} }
        )
    })
  }, listen)
  const outcome: LintseqOutcome = { path, ledger, wasSealed: made === undefined, lost }
  return outcome
}, Effect.scoped)
