/** lintseq as functions: a file of edit paths, or one path after another. */
import { resolve } from "node:path"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import packageJson from "../../package.json" with { type: "json" }
import { type OutputFormat, plainOutput } from "../../services/formats/output-format.ts"
import { type LintseqChoices, resolveSettings as resolveLintseq } from "../lintseq/request.ts"
import {
  lintseq as runLintseq,
  type LintseqEvent,
  type LintseqInput,
  type LintseqOutcome,
  type LintseqRequest,
  lintseqRows
} from "../lintseq/run.ts"
import { layersOf, settle, untilAborted } from "./running.ts"

export interface LintseqOptions extends LintseqChoices {
  /** Path of JSON Lines; or else a folder, or a repository as path or URL. */
  readonly input?: string
  readonly directory?: string
  readonly repository?: string
  /** Revision of the repository; HEAD when left out. */
  readonly rev?: string
  /** With a repository: the newest so many commits of each file as coarse edits. */
  readonly historyCommits?: number
  /** Only so many rows of `input`, drawn at random. */
  readonly samples?: number
  readonly concurrency?: number
  readonly signal?: AbortSignal
  readonly onProgress?: (event: LintseqEvent) => void
}

export interface LintseqFileOptions extends LintseqOptions {
  /** File for the rows; "./edits.jsonl" when left out. */
  readonly output?: string
  /** JSON Lines or Parquet, whole or in shards; one file of JSON Lines when left out. */
  readonly outputFormat?: OutputFormat
  /** File for what was left out. */
  readonly rejected?: string
  readonly resume?: boolean
  readonly overwrite?: boolean
}

const lintseqRequestOf = Effect.fnUntraced(function*(options: LintseqOptions) {
  const { directory, historyCommits, repository } = options
  const rev = options.rev ?? "HEAD"
  const input: LintseqInput = repository !== undefined
    ? historyCommits === undefined
      ? { _tag: "revision", location: repository, rev }
      : { _tag: "history", location: repository, rev, maxCommits: historyCommits }
    : directory !== undefined
    ? { _tag: "folder", path: resolve(directory) }
    : { _tag: "rows", path: resolve(options.input ?? ""), samples: options.samples ?? null }
  const request: LintseqRequest = {
    input,
    settings: yield* resolveLintseq(options),
    version: packageJson.version
  }
  return request
})

const lintseqListenerOf = ({ onProgress }: LintseqOptions) => (event: LintseqEvent) =>
  Effect.sync(() => onProgress?.(event))

/** Turns programs into a file of edit paths. Rejects with the tagged error whose `message` says what to do. */
export const lintseq = (options: LintseqFileOptions): Promise<LintseqOutcome> =>
  settle(
    Effect.gen(function*() {
      const keepRejected = options.rejected !== undefined
      return yield* runLintseq(yield* lintseqRequestOf({ ...options, keepRejected }), {
        output: { path: resolve(options.output ?? "./edits.jsonl") },
        rejected: options.rejected === undefined ? null : resolve(options.rejected),
        resume: options.resume ?? false,
        overwrite: options.overwrite ?? false,
        bufferBytes: 256 * 1024,
        format: options.outputFormat ?? plainOutput
      }, lintseqListenerOf(options))
    }).pipe(Effect.provide(layersOf(options))),
    options.signal
  )

/** Gives edit paths row by row without touching the disk. */
export async function* editPaths(options: LintseqOptions): AsyncGenerator<unknown> {
  const decoder = new TextDecoder()
  const rows = Stream.unwrap(
    Effect.map(lintseqRequestOf(options), (request) => lintseqRows(request, lintseqListenerOf(options)))
  ).pipe(
    Stream.mapConcat(({ rows }) => decoder.decode(rows).split("\n").filter((line) => line !== "")),
    Stream.map((line): unknown => JSON.parse(line)),
    Stream.provideLayer(layersOf(options)),
    Stream.interruptWhen(untilAborted(options.signal))
  )
  yield* Stream.toAsyncIterable(rows)
}
