/** generate as a function, and fimgen's own call for it. */
import { resolve } from "node:path"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import packageJson from "../../package.json" with { type: "json" }
import type { FormatName } from "../../services/formats/format-name.ts"
import { type OutputFormat, plainOutput } from "../../services/formats/output-format.ts"
import type { Ledger } from "../../services/rows/ledger.ts"
import { readIncludeFingerprint } from "../generate/include-paths.ts"
import { type GenerateChoices, resolveSettings } from "../generate/request.ts"
import * as Run from "../generate/run.ts"
import { readTokenizerFingerprint } from "../generate/tokenizer-file.ts"
import { layersOf, settle, untilAborted } from "./running.ts"

export interface GenerateOptions extends GenerateChoices {
  /** Paths or clone URLs. */
  readonly repositories: ReadonlyArray<string>
  /** Folder for the dataset; "./dataset" when left out. */
  readonly output?: string
  readonly resume?: boolean
  readonly overwrite?: boolean
  readonly concurrency?: number
  /** Bytes of rows held in memory before they go to disk. */
  readonly bufferBytes?: number
  /** JSON Lines or Parquet, whole or in shards; one file of JSON Lines for each table when left out. */
  readonly outputFormat?: OutputFormat
  readonly signal?: AbortSignal
  readonly onProgress?: (event: Run.ProgressEvent) => void
}

export interface GenerateResult {
  readonly directory: string
  /** Rows by file name. */
  readonly files: Readonly<Record<string, number>>
  readonly ledger: Ledger
}

const requestOf = Effect.fnUntraced(function*(options: GenerateOptions) {
  const tokenizer = options.tokenizer === undefined ? undefined : resolve(options.tokenizer)
  const includePaths = options.includePaths?.map((folder) => resolve(folder))
  const { settings } = yield* resolveSettings({ ...options, tokenizer, includePaths })
  const request: Run.GenerateRequest = {
    repositories: options.repositories,
    settings,
    output: resolve(options.output ?? "./dataset"),
    resume: options.resume ?? false,
    overwrite: options.overwrite ?? false,
    bufferBytes: options.bufferBytes ?? 16 * 1024 * 1024,
    format: options.outputFormat ?? plainOutput,
    rejected: null,
    version: packageJson.version,
    tokenizerFingerprint: yield* readTokenizerFingerprint(settings.tokenizer),
    includeFingerprint: yield* readIncludeFingerprint(settings.context?.includePaths ?? [])
  }
  return request
})

const listenerOf = (options: GenerateOptions) => (event: Run.ProgressEvent) =>
  Effect.sync(() => options.onProgress?.(event))

/** Generates a dataset: the Effect form, with its layers provided and its failures typed. */
export const generateEffect = (options: GenerateOptions) =>
  Effect.flatMap(requestOf(options), (request) => Run.generate(request, listenerOf(options))).pipe(
    Effect.provide(layersOf(options))
  )

/** Generates a dataset. Rejects with the tagged error whose `message` says what to do. */
export const generate = (options: GenerateOptions): Promise<GenerateResult> =>
  settle(generateEffect(options), options.signal)

/** Gives the rows of a dataset one by one without touching the disk, twins among them. */
export async function* examples(options: GenerateOptions): AsyncGenerator<unknown> {
  const rows = Stream.unwrap(
    Effect.map(requestOf(options), (request) => Run.examples(request, listenerOf(options)))
  ).pipe(
    Stream.map((record): unknown => JSON.parse(new TextDecoder().decode(record.json))),
    Stream.provideLayer(layersOf(options)),
    Stream.interruptWhen(untilAborted(options.signal))
  )
  yield* Stream.toAsyncIterable(rows)
}

/** The formats by the names of fimgen's library. */
export const FIMFormat = { PSM: "PSM", SPM: "SPM", ZED: "ZED", MIXED: "MIXED" } as const satisfies Record<
  string,
  FormatName
>

export interface BuildOptions {
  readonly maxCommits?: number
  readonly fimFormat?: FormatName
  readonly trainTestSplit?: number
  readonly fileExtensions?: ReadonlyArray<string>
}

/** fimgen's call: `new DatasetBuilder(repository, output).buildKTODataset({ maxCommits, fimFormat })`. */
export class DatasetBuilder {
  readonly repository: string
  readonly output: string

  constructor(repository: string, output = "./dataset") {
    this.repository = repository
    this.output = output
  }

  buildKTODataset(options: BuildOptions = {}): Promise<GenerateResult> {
    return this.#build("kto", options)
  }

  buildDPODataset(options: BuildOptions = {}): Promise<GenerateResult> {
    return this.#build("dpo", options)
  }

  #build(type: "kto" | "dpo", options: BuildOptions): Promise<GenerateResult> {
    return generate({
      repositories: [this.repository],
      output: this.output,
      overwrite: true,
      datasetType: [type],
      maxCommits: options.maxCommits,
      format: options.fimFormat,
      split: options.trainTestSplit,
      extensions: options.fileExtensions
    })
  }
}
