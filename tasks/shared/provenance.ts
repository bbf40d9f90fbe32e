/** How a dataset was made, from the metadata that its run left: task, version, commits, settings, split, what was left out. */
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { type Trainer, trainerNames } from "../../services/formats/trainers.ts"
import type { Ledger } from "../../services/rows/ledger.ts"

const Stage = Schema.Struct({
  came: Schema.Number,
  kept: Schema.Number,
  leftOut: Schema.Record({ key: Schema.String, value: Schema.Number })
})
const Head = Schema.Struct({ repository: Schema.String, commit: Schema.NullOr(Schema.String) })
const Heads = Schema.Array(Head)
const Settings = Schema.Record({ key: Schema.String, value: Schema.Unknown })
const Split = Schema.Struct({
  asked: Schema.NullOr(Schema.Number),
  rows: Schema.NullOr(Schema.Number),
  groups: Schema.NullOr(Schema.Number)
})
const Format = Schema.Struct({ kind: Schema.String, shardRows: Schema.NullOr(Schema.Number) })
/** What lintseq and vim-loop say of what they read. */
const Input = Schema.Struct({
  repositories: Schema.optional(Heads),
  repository: Schema.optional(Schema.String),
  commit: Schema.optional(Schema.NullOr(Schema.String)),
  head: Schema.optional(Schema.String),
  file: Schema.optional(Schema.String),
  folder: Schema.optional(Schema.String),
  samples: Schema.optional(Schema.NullOr(Schema.Number))
})

const Metadata = Schema.parseJson(Schema.Struct({
  identity: Schema.Struct({
    task: Schema.optional(Schema.String),
    version: Schema.optional(Schema.String),
    settings: Schema.optional(Settings),
    repositories: Schema.optional(Heads),
    input: Schema.optional(Schema.Unknown),
    format: Schema.optional(Format)
  }),
  split: Schema.optional(Split),
  ledger: Schema.optional(Schema.Record({ key: Schema.String, value: Stage })),
  near_duplicates: Schema.optional(Schema.Unknown),
  formatting: Schema.optional(Settings),
  stats: Schema.optional(Schema.Unknown)
}))

/** How the rows' text is built. */
const Formatting = Schema.Struct({
  base_model: Schema.String,
  trainer: Schema.Literal(...trainerNames),
  formats: Schema.Array(Schema.Struct({ format: Schema.String }))
})

/** Lengths that keep 99 % of the rows whole, by dataset type. */
const Stats = Schema.Record({
  key: Schema.String,
  value: Schema.Struct({ train: Schema.Struct({ promptChars99: Schema.Number, rowChars99: Schema.Number }) })
})

const NearDuplicateCounts = Schema.Record({
  key: Schema.String,
  value: Schema.Struct({ clusters: Schema.Number, largest: Schema.Number, left_out: Schema.Number })
})

/** A repository that was read, and the commit that was its head; null for a folder without git. */
export type ReadRepository = typeof Head.Type

export interface Provenance {
  readonly task: string | null
  readonly version: string | null
  readonly repositories: ReadonlyArray<ReadRepository>
  /** Name of the file or folder that was read where no repository was; null for none. */
  readonly read: { readonly kind: "file" | "folder"; readonly name: string; readonly samples: number | null } | null
  /** What was asked of the rows, by flag. */
  readonly settings: Readonly<Record<string, unknown>>
  /** How files are written; null for one file of JSON Lines. */
  readonly format: typeof Format.Type | null
  /** How the split came out: shares of train; null where the run made none. */
  readonly split: typeof Split.Type | null
  readonly ledger: Ledger
  /** Examples that were left out for others like them, by dataset type; none where they were kept. */
  readonly nearDuplicates: typeof NearDuplicateCounts.Type
  /** UTF-16 units that nearly all rows, and nearly all prompts, stay within, by dataset type. */
  readonly lengths: Readonly<Record<string, { readonly row: number; readonly prompt: number }>>
  readonly baseModel: string | null
  /** The trainer that the rows were written for. */
  readonly trainer: Trainer | null
  /** The formats of the rows, such as PSM or ZED. */
  readonly formats: ReadonlyArray<string>
}

export const noProvenance: Provenance = {
  task: null,
  version: null,
  repositories: [],
  read: null,
  settings: {},
  format: null,
  split: null,
  ledger: {},
  nearDuplicates: {},
  lengths: {},
  baseModel: null,
  trainer: null,
  formats: []
}

const repositoriesIn = (input: typeof Input.Type): ReadonlyArray<ReadRepository> =>
  input.repositories ??
    (input.repository === undefined
      ? []
      : [{ repository: input.repository, commit: input.commit ?? input.head ?? null }])

const readIn = ({ file, folder, samples = null }: typeof Input.Type): Provenance["read"] => {
  const name = file ?? folder
  return name === undefined ? null : { kind: file === undefined ? "folder" : "file", name, samples }
}

/** Reads metadata.json; one that is none of ours tells nothing. */
export const readProvenance = (text: string): Provenance => {
  const read = Either.getOrUndefined(Schema.decodeUnknownEither(Metadata)(text))
  if (read === undefined) return noProvenance
  const { formatting, identity, ledger, split } = read
  const input = Either.getOrElse(Schema.decodeUnknownEither(Input)(identity.input), (): typeof Input.Type => ({}))
  const built = Either.getOrUndefined(Schema.decodeUnknownEither(Formatting)(formatting))
  const stats = Either.getOrElse(Schema.decodeUnknownEither(Stats)(read.stats), () => ({}))
  return {
    task: identity.task ?? null,
    version: identity.version ?? null,
    repositories: identity.repositories ?? repositoriesIn(input),
    read: readIn(input),
    settings: identity.settings ?? {},
    format: identity.format ?? null,
    split: split ?? null,
    ledger: ledger ?? {},
    nearDuplicates: Either.getOrElse(
      Schema.decodeUnknownEither(NearDuplicateCounts)(read.near_duplicates),
      () => ({})
    ),
    lengths: Object.fromEntries(
      Object.entries(stats).map(([type, { train }]) => [type, { row: train.rowChars99, prompt: train.promptChars99 }])
    ),
    baseModel: built?.base_model ?? null,
    trainer: built?.trainer ?? null,
    formats: built?.formats.map(({ format }) => format) ?? []
  }
}
