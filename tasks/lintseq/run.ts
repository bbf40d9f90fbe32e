/** The program of lintseq: programs come in as a stream, rows go out in the same order. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { OutputFormat } from "../../services/formats/output-format.ts"
import { editPathFile } from "../../services/rows/edit-path.ts"
import { addLedger, type Ledger } from "../../services/rows/ledger.ts"
import { Writer } from "../../services/Writer.ts"
import { tellGitWarnings } from "../shared/dataset-run/git-warnings.ts"
import type { Item } from "../shared/dataset-run/item.ts"
import { type RunListener, type WorkedEvent, workedEvent } from "../shared/dataset-run/listener.ts"
import { type Losses, noLosses } from "../shared/dataset-run/losses.ts"
import { NothingToDo } from "../shared/dataset-run/nothing-to-do.ts"
import { type Identity, identityOf, runDataset } from "../shared/dataset-run/run.ts"
import { sequenceSink } from "../shared/dataset-run/sinks.ts"
import { workThrough } from "../shared/dataset-run/work-through.ts"
import type { LintseqOutput } from "./jobs.ts"
import { lacksField } from "./row-reason.ts"
import type { LintseqSettings } from "./settings.ts"
import { type LintseqRequest, type LintseqSource, openInput } from "./source.ts"

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

const orNothing = ({ settings }: LintseqRequest, source: LintseqSource, ledger: Ledger) => {
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
const nameOfOutput = (source: LintseqSource, programs: number, { pathsPerProgram, seed }: LintseqSettings): string =>
  editPathFile(source.name, { programs, paths: pathsPerProgram, seed })

/** A run whose input is open, and whose file has its name. */
export interface LintseqRun {
  readonly request: LintseqRequest
  readonly files: LintseqFiles
  readonly source: LintseqSource
  /** Absolute path of the rows. */
  readonly path: string
  readonly identity: Identity
}

/** Opens the input of a run. */
export const openLintseqRun = Effect.fnUntraced(function*(
  request: LintseqRequest,
  files: LintseqFiles,
  listen: RunListener,
  lost: Losses
) {
  yield* tellGitWarnings(listen)
  const source = yield* openInput(request, lost)
  const path = "path" in files.output
    ? files.output.path
    : `${files.output.folder}/${nameOfOutput(source, yield* source.count, request.settings)}`
  const { recorded: settings, version } = request
  const run: LintseqRun = {
    request,
    files,
    source,
    path,
    identity: identityOf({ task: "lintseq", version, settings, input: source.identity }, files.format)
  }
  return run
})

/** Writes the rows that items give into one file. */
export const writeLintseq = Effect.fnUntraced(function*<E, R>(
  { files, identity, path, request, source }: LintseqRun,
  items: Stream.Stream<Item<LintseqOutput>, E, R>,
  listen: RunListener,
  lost: Losses
) {
  const { bufferBytes, format, overwrite, rejected, resume } = files
  const paths = rejected === null ? [path] as const : [path, rejected] as const
  const sequence = yield* (yield* Writer).openSequence({ paths, identity, resume, overwrite, bufferBytes, format })
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
      items,
      finish: (ledger: Ledger) =>
        Effect.as(
          Effect.tapError(orNothing(request, source, ledger), () => sequence.discard),
          { tables: {}, notes: {} }
        )
    })
  }, listen)
  const outcome: LintseqOutcome = { path, ledger, wasSealed: made === undefined, lost }
  return outcome
})

/** Writes the rows of all programs into one file. */
export const runLintseq = Effect.fn("lintseq.run")(function*(
  request: LintseqRequest,
  files: LintseqFiles,
  listen: RunListener
) {
  const lost = noLosses()
  const run = yield* openLintseqRun(request, files, listen, lost)
  return yield* writeLintseq(run, run.source.items, listen, lost)
}, Effect.scoped)
