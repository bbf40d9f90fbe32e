/** What lintseq reads: an input that is open, cut into items. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { systemWords } from "../../services/faults/system-words.ts"
import { Git } from "../../services/Git.ts"
import { type CannotReadRows, Reader } from "../../services/Reader.ts"
import type { Ledger } from "../../services/rows/ledger.ts"
import { fingerprint } from "../../services/text/random.ts"
import type { Item } from "../shared/dataset-run/item.ts"
import { type Losses, replaceLosses } from "../shared/dataset-run/losses.ts"
import { CannotReadInput } from "../shared/problems.ts"
import { rowsItem } from "./items.ts"
import type { LintseqOutput } from "./jobs.ts"
import type { LintseqPlan } from "./plan.ts"
import { planFolder, planRevision } from "./plan-files.ts"
import { planHistories } from "./plan-histories.ts"
import { batchRowsOf, countRowsOf, sampleRowsOf } from "./row-batches.ts"
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

/** An input that is open, cut into items. */
export interface LintseqSource {
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
): LintseqSource => ({
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

const planSource = (plan: LintseqPlan): LintseqSource => ({
  ...plan,
  count: Effect.succeed(plan.size),
  items: Stream.fromIterable(plan.items)
})

/** Opens an input. */
export const openInput = Effect.fn("lintseq.open")(function*({ input, settings }: LintseqRequest, lost: Losses) {
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
