/** Which files of a folder are a run's own: those that it named itself, in its state or its metadata, and no others. */
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import { nameOfFiles, tableOfFile } from "../../services/formats/output-format.ts"
import { metadataFile, poolFile } from "./run-files.ts"

export interface OwnFiles {
  readonly files: ReadonlyArray<string>
  readonly parts: ReadonlyArray<string>
}

const Names = Schema.optionalWith(Schema.Array(Schema.String), { default: () => [] })

/** A state of an older version names its pools only. */
const State = Schema.Struct({
  pools: Schema.optionalWith(Schema.Record({ key: Schema.String, value: Schema.Unknown }), { default: () => ({}) }),
  files: Names,
  parts: Names
})

/** Metadata of an older version names its tables only, by their rows; all shards of a table as one. */
const Metadata = Schema.Struct({
  identity: Schema.Unknown.pipe(Schema.filter(Predicate.isNotNullable)),
  files: Schema.optionalWith(Schema.Record({ key: Schema.String, value: Schema.Unknown }), { default: () => ({}) }),
  written: Names
})

/**
 * Returns which files of a folder are a run's own, by its state and metadata as they were found; no other file is. A name
 * that is no name of the listing, such as a path, is nobody's.
 */
export const ownFiles = (listing: ReadonlyArray<string>, state: unknown, metadata: unknown): OwnFiles => {
  const begun = Option.getOrUndefined(Schema.decodeUnknownOption(State)(state))
  const sealed = Option.getOrUndefined(Schema.decodeUnknownOption(Metadata)(metadata))
  const files = new Set([...begun?.files ?? [], ...sealed?.written ?? [], ...Object.keys(sealed?.files ?? {})])
  const parts = new Set([...begun?.parts ?? [], ...Object.keys(begun?.pools ?? {}).map(poolFile)])
  return {
    files: listing.filter((name) => files.has(name) || files.has(nameOfFiles([name, name]))),
    parts: listing.filter((name) => parts.has(name))
  }
}

/** Whether a file of a folder is one of those that a run is going to write, in whatever format it lies there. */
export const isOneOf = (files: ReadonlyArray<string>) => {
  const tables = new Set([...files, metadataFile].map(tableOfFile))
  return (name: string): boolean => tables.has(tableOfFile(name))
}
