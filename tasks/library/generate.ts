/** generate as a function, and fimgen's own call for it. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import packageJson from "../../package.json" with { type: "json" }
import type { FormatName } from "../../services/formats/format-name.ts"
import type { Ledger } from "../../services/rows/ledger.ts"
import { asked } from "../generate/asked.ts"
import { generateRequestOf } from "../generate/request.ts"
import { drawExamples, type ProgressEvent, runGenerate } from "../generate/run.ts"
import { answersChosen } from "../shared/asked/read.ts"
import { flatOutput, type OptionsOf } from "./options.ts"
import { layersOf, settle, untilAborted } from "./running.ts"

/** What generate can be asked, and where it tells how far it is. All but the repositories may be left out. */
export type GenerateOptions =
  & OptionsOf<typeof asked>
  & (
    | {
      /** Paths or clone URLs. */
      readonly repositories: ReadonlyArray<string>
    }
    | {
      /** A file that lists them. */
      readonly repos: string
    }
  )
  & {
    /** Whether `examples` also gives what was left out, with its reasons. */
    readonly keepRejected?: boolean | undefined
    readonly signal?: AbortSignal
    readonly onProgress?: (event: ProgressEvent) => void
  }

export interface GenerateResult {
  readonly directory: string
  /** Rows by file name. */
  readonly files: Readonly<Record<string, number>>
  readonly ledger: Ledger
}

const requestFor = Effect.fnUntraced(function*(options: GenerateOptions) {
  const answers = yield* answersChosen(asked, flatOutput(options))
  const { request } = yield* generateRequestOf(answers, {
    version: packageJson.version,
    keepRejected: options.keepRejected ?? false
  })
  return request
})

const listenerOf = (options: GenerateOptions) => (event: ProgressEvent) =>
  Effect.sync(() => options.onProgress?.(event))

/** Generates a dataset: the Effect form, with its layers provided and its failures typed. */
export const generateEffect = (options: GenerateOptions) =>
  Effect.flatMap(requestFor(options), (request) => runGenerate(request, listenerOf(options))).pipe(
    Effect.provide(layersOf(options))
  )

/** Generates a dataset. Rejects with the tagged error whose `message` says what to do. */
export const generate = (options: GenerateOptions): Promise<GenerateResult> =>
  settle(generateEffect(options), options.signal)

/** Gives the rows of a dataset one by one without touching the disk, twins among them. */
export async function* examples(options: GenerateOptions): AsyncGenerator<unknown> {
  const rows = Stream.unwrap(
    Effect.map(requestFor(options), (request) => drawExamples(request, listenerOf(options)))
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
