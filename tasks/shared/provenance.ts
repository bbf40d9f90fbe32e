/** How a dataset was made, from the metadata that its run left: task, version, commits, settings, and what was left out. */
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import type { Ledger } from "../../services/rows/ledger.ts"
import { type Trainer, trainerNames } from "../../services/formats/trainers.ts"
import { sharesLine } from "./dataset-run/shares.ts"

const Stage = Schema.Struct({
  came: Schema.Number,
  kept: Schema.Number,
  leftOut: Schema.Record({ key: Schema.String, value: Schema.Number })
})
const Heads = Schema.Array(Schema.Struct({ repository: Schema.String, commit: Schema.NullOr(Schema.String) }))
const Settings = Schema.Record({ key: Schema.String, value: Schema.Unknown })

const Metadata = Schema.parseJson(Schema.Struct({
  identity: Schema.Struct({
    task: Schema.optional(Schema.String),
    version: Schema.optional(Schema.String),
    settings: Schema.optional(Settings),
    repositories: Schema.optional(Heads),
    input: Schema.optional(Schema.Unknown),
    predictor: Schema.optional(Schema.Struct({ name: Schema.String }))
  }),
  split: Schema.optional(
    Schema.Struct({ asked: Schema.Number, rows: Schema.NullOr(Schema.Number), groups: Schema.NullOr(Schema.Number) })
  ),
  ledger: Schema.optional(Schema.Record({ key: Schema.String, value: Stage })),
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

export interface Provenance {
  readonly task: string | null
  readonly version: string | null
  /** What to say of it, a line each. */
  readonly lines: ReadonlyArray<string>
  readonly ledger: Ledger
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
  lines: ["Nothing beside the files says how."],
  ledger: {},
  lengths: {},
  baseModel: null,
  trainer: null,
  formats: []
}

const headsIn = (input: unknown): typeof Heads.Type => {
  const repositories = typeof input === "object" && input !== null && "repositories" in input ? input.repositories : []
  return Either.getOrElse(Schema.decodeUnknownEither(Heads)(repositories), () => [])
}

/** Reads metadata.json; one that is none of ours tells nothing. */
export const readProvenance = (text: string): Provenance => {
  const read = Either.getOrUndefined(Schema.decodeUnknownEither(Metadata)(text))
  if (read === undefined) return noProvenance
  const { formatting, identity, ledger, split } = read
  const heads = identity.repositories ?? headsIn(identity.input)
  const settings = Object.entries(identity.settings ?? {}).filter(([, value]) => value !== null)
  const built = Either.getOrUndefined(Schema.decodeUnknownEither(Formatting)(formatting))
  const stats = Either.getOrElse(Schema.decodeUnknownEither(Stats)(read.stats), () => ({}))
  return {
    task: identity.task ?? null,
    version: identity.version ?? null,
    lines: [
      ...heads.map(({ commit, repository }) => `${repository} at ${commit ?? "no commit"}`),
      ...(identity.predictor === undefined ? [] : [`predictor: ${identity.predictor.name}`]),
      ...settings.map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`),
      ...(split === undefined ? [] : [sharesLine(split)])
    ],
    ledger: ledger ?? {},
    lengths: Object.fromEntries(
      Object.entries(stats).map(([type, { train }]) => [type, { row: train.rowChars99, prompt: train.promptChars99 }])
    ),
    baseModel: built?.base_model ?? null,
    trainer: built?.trainer ?? null,
    formats: built?.formats.map(({ format }) => format) ?? []
  }
}
