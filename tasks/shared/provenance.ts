/** How a dataset was made, from the metadata that its run left: task, version, commits, settings, and what was left out. */
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import type { Ledger } from "../../services/rows/ledger.ts"
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
  advice: Schema.optional(Schema.Record({ key: Schema.String, value: Settings }))
}))

export interface Provenance {
  readonly task: string | null
  readonly version: string | null
  /** What to say of it, a line each. */
  readonly lines: ReadonlyArray<string>
  readonly ledger: Ledger
  /** What trainers are advised, by dataset type. */
  readonly advice: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly baseModel: string | null
}

export const noProvenance: Provenance = {
  task: null,
  version: null,
  lines: ["Nothing beside the files says how."],
  ledger: {},
  advice: {},
  baseModel: null
}

const headsIn = (input: unknown): typeof Heads.Type => {
  const repositories = typeof input === "object" && input !== null && "repositories" in input ? input.repositories : []
  return Either.getOrElse(Schema.decodeUnknownEither(Heads)(repositories), () => [])
}

/** Reads metadata.json; one that is none of ours tells nothing. */
export const readProvenance = (text: string): Provenance => {
  const read = Either.getOrUndefined(Schema.decodeUnknownEither(Metadata)(text))
  if (read === undefined) return noProvenance
  const { advice, formatting, identity, ledger, split } = read
  const heads = identity.repositories ?? headsIn(identity.input)
  const settings = Object.entries(identity.settings ?? {}).filter(([, value]) => value !== null)
  const model = formatting?.["base_model"]
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
    advice: advice ?? {},
    baseModel: typeof model === "string" ? model : null
  }
}
