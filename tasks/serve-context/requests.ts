/** What the methods take, as schemas: unknown keys are let be, wrong ones are named. */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { presets } from "../../services/formats/presets.ts"
import { ErrorCode, Refused } from "./protocol.ts"

const Position = Schema.Struct({ line: Schema.NonNegativeInt, character: Schema.NonNegativeInt })

const orNull = <A, I>(schema: Schema.Schema<A, I>) => Schema.optional(Schema.NullOr(schema))

export const Initialize = Schema.Struct({
  project_root: orNull(Schema.String),
  include_paths: orNull(Schema.Array(Schema.String)),
  bm25: orNull(Schema.Boolean),
  language: orNull(Schema.String),
  rootUri: orNull(Schema.String),
  rootPath: orNull(Schema.String),
  workspaceFolders: orNull(Schema.Array(Schema.Struct({ uri: Schema.String }))),
  capabilities: Schema.optional(Schema.Unknown),
  workDoneToken: Schema.optional(Schema.Union(Schema.String, Schema.Number)),
  initializationOptions: Schema.optional(Schema.Unknown)
})

const Source = Schema.Literal("signatures", "chunks", "bm25")

const place = {
  filepath: orNull(Schema.String),
  uri: orNull(Schema.String),
  textDocument: orNull(Schema.Struct({ uri: Schema.String })),
  content: orNull(Schema.String),
  cursor_offset: orNull(Schema.Number),
  offset_encoding: Schema.optional(Schema.Literal("utf-8", "utf-16", "utf-32")),
  position: Schema.optional(Position),
  budget: Schema.optional(Schema.NonNegativeInt),
  sources: Schema.optional(Schema.Array(Source))
}

/** Names of models whose tokens may stand around a context; "comments" for none. */
const Format = Schema.Literal("comments", ...presets.keys())

export const GetContext = Schema.Struct({
  ...place,
  format: Schema.optional(Format),
  explain: Schema.optional(Schema.Boolean)
})
export type GetContext = typeof GetContext.Type

export const Prompt = Schema.Struct({
  ...place,
  backend: Schema.Literal("llama.cpp", "ollama", "openai", "mistral"),
  format: Schema.optional(Schema.Literal(...presets.keys())),
  model: Schema.optional(Schema.String),
  max_tokens: Schema.optional(Schema.Positive),
  temperature: Schema.optional(Schema.NonNegative),
  stream: Schema.optional(Schema.Boolean),
  total_chars: Schema.optional(Schema.Positive)
})
export type Prompt = typeof Prompt.Type

/** Reads params; throws a Refused that says which one is wrong. */
export const readParams = <A, I>(schema: Schema.Schema<A, I>, isNegotiated: boolean) => {
  const decode = Schema.decodeUnknownEither(schema)
  return (params: unknown): A => {
    // Some clients send by position what they take for a list of arguments.
    const read = decode((Array.isArray(params) ? params[0] : params) ?? {})
    if (Either.isRight(read)) return read.right
    const [issue] = ParseResult.ArrayFormatter.formatErrorSync(read.left)
    const where = issue === undefined || issue.path.length === 0 ? "params" : issue.path.join(".")
    throw new Refused(
      isNegotiated ? ErrorCode.InvalidParams : ErrorCode.Server,
      `invalid params: ${where}: ${(issue?.message ?? "").split("\n")[0] ?? ""}`
    )
  }
}
