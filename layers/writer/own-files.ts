/** Which files of a folder belong to a run: those that it named in its state or its metadata, and no others. */
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

/** A state of an older version names only its pools. */
const State = Schema.Struct({
  pools: Schema.optionalWith(Schema.Record({ key: Schema.String, value: Schema.Unknown }), { default: () => ({}) }),
  files: Names,
  parts: Names
})

/** Metadata of an older version names only its tables, each with its rows, and all shards of a table as one. */
const Metadata = Schema.Struct({
  identity: Schema.Unknown.pipe(Schema.filter(Predicate.isNotNullable)),
  files: Schema.optionalWith(Schema.Record({ key: Schema.String, value: Schema.Unknown }), { default: () => ({}) }),
  written: Names
})

/**
 * Returns which files of a folder belong to a run, by its state and metadata as they were found. A name that is not in
 * the listing, such as a path, does not count.
 */
export const ownFiles = (listing: ReadonlyArray<string>, state: unknown, metadata: unknown): OwnFiles => {
  const begun = Option.getOrUndefined(Schema.decodeUnknownOption(State)(state))
  const sealed = Option.getOrUndefined(Schema.decodeUnknownOption(Metadata)(metadata))
  const files = new Set([...begun?.files ?? [], ...sealed?.written ?? [], ...Object.keys(sealed?.files ?? {})])
  const isFile = (name: string) => files.has(name) || files.has(nameOfFiles([name, name]))
  const parts = new Set([...begun?.parts ?? [], ...Object.keys(begun?.pools ?? {}).map(poolFile)])
  return {
    files: listing.filter(isFile),
    // A run that was killed when it began to replace another one names that one's files as what is to go.
    parts: listing.filter((name) => parts.has(name) && !isFile(name))
  }
}

/** Whether a file of a folder is one of those that a run is going to write, in whatever format it lies there. */
export const isOneOf = (files: ReadonlyArray<string>) => {
  const tables = new Set([...files, metadataFile].map(tableOfFile))
  return (name: string): boolean => tables.has(tableOfFile(name))
}
