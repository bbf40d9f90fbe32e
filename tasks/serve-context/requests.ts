/** What the methods take, as schemas: unknown keys are let be, wrong ones are named, and null is what is left out. */
import * as Either from "effect/Either"
import * as ParseResult from "effect/ParseResult"
import * as Schema from "effect/Schema"
import { presets } from "../../services/formats/presets.ts"
import { ErrorCode, isRecord, Refused } from "./protocol.ts"

/** A line and a character, each from 0. */
export const PositionAsked = Schema.Struct({ line: Schema.NonNegativeInt, character: Schema.NonNegativeInt })

export const Initialize = Schema.Struct({
  project_root: Schema.optional(Schema.String),
  include_paths: Schema.optional(Schema.Array(Schema.String)),
  bm25: Schema.optional(Schema.Boolean),
  language: Schema.optional(Schema.String),
  rootUri: Schema.optional(Schema.String),
  rootPath: Schema.optional(Schema.String),
  workspaceFolders: Schema.optional(Schema.Array(Schema.Struct({ uri: Schema.String }))),
  processId: Schema.optional(Schema.Unknown),
  capabilities: Schema.optional(Schema.Unknown),
  workDoneToken: Schema.optional(Schema.Union(Schema.String, Schema.Number)),
  initializationOptions: Schema.optional(Schema.Unknown)
})

const Source = Schema.Literal("signatures", "chunks", "bm25")

const place = {
  filepath: Schema.optional(Schema.String),
  uri: Schema.optional(Schema.String),
  textDocument: Schema.optional(Schema.Struct({ uri: Schema.String })),
  content: Schema.optional(Schema.String),
  cursor_offset: Schema.optional(Schema.Number),
  offset_encoding: Schema.optional(Schema.Literal("utf-8", "utf-16", "utf-32")),
  position: Schema.optional(PositionAsked),
  budget: Schema.optional(Schema.NonNegativeInt),
  holds: Schema.optional(Schema.NonNegativeInt),
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

const At = { textDocument: Schema.Struct({ uri: Schema.String }), position: PositionAsked }

export const InlineCompletion = Schema.Struct({
  ...At,
  context: Schema.optional(Schema.Struct({
    selectedCompletionInfo: Schema.optional(
      Schema.NullOr(Schema.Struct({ range: Schema.Struct({ start: PositionAsked }), text: Schema.String }))
    )
  }))
})

export const CopilotInlineEdit = Schema.Struct({
  ...At,
  textDocument: Schema.Struct({ uri: Schema.String, version: Schema.optional(Schema.NullOr(Schema.Int)) })
})

export const ExecuteCommand = Schema.Struct({ command: Schema.String })

/** Many clients write down members that they leave out, and some can do no other. */
const withoutNulls = (params: unknown): unknown =>
  isRecord(params) ? Object.fromEntries(Object.entries(params).filter(([, value]) => value !== null)) : params

/** Reads params; throws a Refused that says which one is wrong. */
export const readParams = <A, I>(schema: Schema.Schema<A, I>, isNegotiated: boolean) => {
  const decode = Schema.decodeUnknownEither(schema)
  return (params: unknown): A => {
    // Some clients send by position what they take for a list of arguments.
    const read = decode(withoutNulls((Array.isArray(params) ? params[0] : params) ?? {}))
    if (Either.isRight(read)) return read.right
    const [issue] = ParseResult.ArrayFormatter.formatErrorSync(read.left)
    const where = issue === undefined || issue.path.length === 0 ? "params" : issue.path.join(".")
    throw new Refused(
      isNegotiated ? ErrorCode.InvalidParams : ErrorCode.Server,
      `invalid params: ${where}: ${(issue?.message ?? "").split("\n")[0] ?? ""}`
    )
  }
}
