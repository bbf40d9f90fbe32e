/** Transform: an edit as two texts, and keys that turn the one into the other in Vim. */
import * as Schema from "effect/Schema"
import { unnamedVimOptions, VimOptionsName } from "../keys/vim-options.ts"
import { type Fields, isFields, textOf } from "./fields.ts"
import { code, edit, type Section } from "./picture.ts"
import type { TableShape } from "./shape.ts"
import { VimMetadata } from "./vim-metadata.ts"

/** One way to do an edit in Vim, which was tried. */
export const TransformRow = Schema.Struct({
  source: Schema.String,
  target: Schema.String,
  /** The keys as whoever proposed them wrote them. */
  transform: Schema.String,
  /** The same keys in VimGolf's notation. */
  keys: Schema.String,
  keystrokes: Schema.Number,
  /** "" for a pair that was given. */
  depth: Schema.String,
  /** "" where nothing tells. */
  language: Schema.String,
  round: Schema.Number,
  predictor: Schema.String,
  /** 1 for the shortest way that was found. */
  rank: Schema.Number,
  metadata: VimMetadata
})
export type TransformRow = typeof TransformRow.Type

/** Returns the row, its columns in the order of its schema. */
export const transformRow = (row: TransformRow): TransformRow => ({
  source: row.source,
  target: row.target,
  transform: row.transform,
  keys: row.keys,
  keystrokes: row.keystrokes,
  depth: row.depth,
  language: row.language,
  round: row.round,
  predictor: row.predictor,
  rank: row.rank,
  metadata: row.metadata
})

const OneOrMore = Schema.Union(Schema.String, Schema.Array(Schema.String))
const optionalText = Schema.optional(Schema.NullOr(Schema.String))

/**
 * What a row that is given to be solved, or as an answer, may say about its edit, whoever wrote it; any other columns
 * do not matter. "keys" are in the notation of VimGolf, "transform" is what other tools call theirs, and "completion"
 * is an answer with other text around it.
 */
export const GivenEditRow = Schema.Struct({
  id: optionalText,
  source: Schema.optional(Schema.String),
  target: Schema.optional(Schema.String),
  language: optionalText,
  group: optionalText,
  repo: optionalText,
  filepath: optionalText,
  keys: Schema.optional(OneOrMore),
  transform: Schema.optional(OneOrMore),
  completion: Schema.optional(OneOrMore)
})
export type GivenEditRow = typeof GivenEditRow.Type

const keysOf = (row: Fields): string | undefined => textOf(row["keys"]) ?? textOf(row["transform"])

/** The shape of these rows. */
export const transform: TableShape = {
  name: "transform",
  schema: TransformRow,
  files: { train: "transforms", held: "test_transforms" },
  contrast: "none",
  is: (row) =>
    textOf(row["source"]) !== undefined && (textOf(row["target"]) !== undefined || keysOf(row) !== undefined),
  view: (row) => {
    const source = textOf(row["source"]) ?? ""
    const target = textOf(row["target"])
    const keys = keysOf(row)
    // What the keys made of the text, where a sandbox tried them.
    const left = textOf(row["text"])
    const first = target === undefined ? code("source", source) : edit({ name: "edit", before: source, after: target })
    return {
      shown: ["source", "target", "keys", "transform", "text"],
      sections: [
        first,
        ...(keys === undefined ? [] : [typed(keys, row["solved"] !== false)]),
        ...(left === undefined || left === target ? [] : [code("what the keys left", left, "unwanted")])
      ]
    }
  },
  asked: null,
  tag: "vim"
}

const typed = (keys: string, isRight: boolean): Section => ({
  kind: "keys",
  name: "keys",
  keys,
  note: "",
  tone: isRight ? "wanted" : "unwanted"
})

/** Keys and the text that they are typed into, as a row has them. */
export interface RowRecording {
  readonly source: string
  readonly keys: string
  /** The options of the Vim that the keys are for; null where the row does not tell. */
  readonly vimOptions: VimOptionsName | null
}

const isVimOptions = Schema.is(VimOptionsName)

/** Returns what a row has to be typed, if it has keys and a text; keys in other notations do not count. */
export const recordingOf = (row: Fields): RowRecording | null => {
  const source = textOf(row["source"])
  const keys = textOf(row["keys"])
  return source === undefined || keys === undefined ? null : { source, keys, vimOptions: vimOptionsOf(row["metadata"]) }
}

/** Returns the options of the Vim that the keys of a row were tried in, by its metadata; null where it does not tell. */
export const vimOptionsOf = (metadata: unknown): VimOptionsName | null => {
  if (!isFields(metadata)) return null
  const said = metadata["vim_options"]
  // A row of ours that says nothing is of a version that knew no others.
  return isVimOptions(said) ? said : textOf(metadata["predictor"]) === undefined ? null : unnamedVimOptions
}
