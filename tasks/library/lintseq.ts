/** lintseq as functions: a file of edit paths, or one path after another. */
import { resolve } from "node:path"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import packageJson from "../../package.json" with { type: "json" }
import { asked } from "../lintseq/asked.ts"
import { lintseqFilesOf, lintseqRequestOf } from "../lintseq/request.ts"
import { type LintseqEvent, type LintseqOutcome, lintseqRows, runLintseq } from "../lintseq/run.ts"
import { answersChosen } from "../shared/asked/read.ts"
import type { RunListener } from "../shared/dataset-run/listener.ts"
import { flatOutput, type OptionsOf } from "./options.ts"
import { layersOf, settle, untilAborted } from "./running.ts"

/**
 * What lintseq can be asked, and where it tells how far it is. One of `input`, `directory` and `repository` is needed.
 */
export type LintseqOptions = Omit<OptionsOf<typeof asked>, "outputFormat" | "shardRows"> & {
  /**
   * With a repository: the newest so many commits of each file as coarse edits; `fromHistory` and `maxCommits` in one.
   */
  readonly historyCommits?: number | undefined
  readonly signal?: AbortSignal
  readonly onProgress?: (event: LintseqEvent) => void
}

/** The same, and what becomes of the files. `output` is "./edits.jsonl" when left out. */
export type LintseqFileOptions = OptionsOf<typeof asked> & LintseqOptions

const answersOf = (options: LintseqFileOptions) =>
  answersChosen(asked, {
    ...flatOutput(options),
    ...(options.historyCommits === undefined ? {} : { fromHistory: true, maxCommits: options.historyCommits })
  })

const lintseqListenerOf = ({ onProgress }: LintseqOptions): RunListener => (event) =>
  event._tag === "worked" ? Effect.sync(() => onProgress?.(event)) : Effect.void

/** Turns programs into a file of edit paths. Rejects with the tagged error whose `message` says what to do. */
export const lintseq = (options: LintseqFileOptions): Promise<LintseqOutcome> =>
  settle(
    Effect.gen(function*() {
      const answers = yield* answersOf(options)
      const request = yield* lintseqRequestOf(answers, packageJson.version)
      const output = { path: resolve(answers.output ?? "./edits.jsonl") }
      const rejected = answers.rejected === undefined ? null : resolve(answers.rejected)
      return yield* runLintseq(request, lintseqFilesOf(answers, output, rejected), lintseqListenerOf(options))
    }).pipe(Effect.provide(layersOf(options))),
    options.signal
  )

/** Gives edit paths row by row without touching the disk. */
export async function* editPaths(options: LintseqOptions): AsyncGenerator<unknown> {
  const decoder = new TextDecoder()
  const rows = Stream.unwrap(
    Effect.map(
      Effect.flatMap(answersOf(options), (answers) => lintseqRequestOf(answers, packageJson.version)),
      (request) => lintseqRows(request, lintseqListenerOf(options))
    )
  ).pipe(
    Stream.mapConcat(({ rows }) => decoder.decode(rows).split("\n").filter((line) => line !== "")),
    Stream.map((line): unknown => JSON.parse(line)),
    Stream.provideLayer(layersOf(options)),
    Stream.interruptWhen(untilAborted(options.signal))
  )
  yield* Stream.toAsyncIterable(rows)
}
