/** The files that the rows of a table are written to: JSON Lines or Parquet, one file or several shards. */

/** The names of the formats, which are also the endings of their files. */
export const outputFormatNames = ["jsonl", "parquet"] as const

/** How tables are written. */
export interface OutputFormat {
  readonly kind: (typeof outputFormatNames)[number]
  /** The most rows of one file; null for a single file. */
  readonly shardRows: number | null
}

/** One file of JSON Lines. */
export const plainOutput: OutputFormat = { kind: "jsonl", shardRows: null }

/** Whether tables are single files of JSON Lines. */
export const isPlainOutput = ({ kind, shardRows }: OutputFormat): boolean => kind === "jsonl" && shardRows === null

/** How the names of files of rows end: the two that we write, and another name for one of them. */
const rowsEnding = /\.(?:jsonl|ndjson|parquet)$/

/** Whether a file holds rows, by its name. */
export const isRowsFile = (name: string): boolean => rowsEnding.test(name)

/** How the names of files of rows end that somebody packed. We read them and never write them. */
const packedEnding = /\.(?:jsonl|ndjson|json)\.(?:gz|zst)$/

/** Whether a file holds rows that are packed, by its name. */
export const isPackedRowsFile = (name: string): boolean => packedEnding.test(name)

/**
 * Returns the name that a file has once it is unpacked.
 *
 * @example
 * unpackedName("train.jsonl.gz") // "train.jsonl"
 */
export const unpackedName = (name: string): string =>
  isPackedRowsFile(name) ? name.replace(packedEnding, ".jsonl") : name

/** Returns the name of a file of rows without its ending. */
export const withoutEnding = (name: string): string => name.replace(rowsEnding, "")

/**
 * Returns the name of the table that a file holds, or holds a shard of, without ending and number. The name of a file
 * without rows is returned as it is.
 *
 * @example
 * tableOfFile("train-00001-of-00003.parquet") // "train"
 */
export const tableOfFile = (name: string): string =>
  isRowsFile(name) ? withoutEnding(name).replace(/-\d{5}-of-\d{5}$/, "") : name

/** Returns one name for the files of a table, such as "train-*.parquet". */
export const nameOfFiles = (files: ReadonlyArray<string>): string => {
  const [first = ""] = files
  return files.length === 1 ? first : first.replace(/\d{5}-of-\d{5}/, "*")
}

/**
 * Returns the names of the files of a table; shards are named as on the Hugging Face Hub.
 *
 * @example
 * filesOfTable("train.jsonl", 25, { kind: "parquet", shardRows: 10 })[1] // "train-00001-of-00003.parquet"
 */
export const filesOfTable = (name: string, rows: number, { kind, shardRows }: OutputFormat): ReadonlyArray<string> => {
  const stem = name.replace(/\.(?:jsonl|parquet)$/, "")
  if (shardRows === null) return [`${stem}.${kind}`]
  const count = Math.max(1, Math.ceil(rows / shardRows))
  const padded = (number: number) => String(number).padStart(5, "0")
  return Array.from({ length: count }, (_, shard) => `${stem}-${padded(shard)}-of-${padded(count)}.${kind}`)
}

/** Returns where the metadata of a file of rows lies that stands alone, without a folder of its own. */
export const metadataOfFile = (path: string): string => `${path.replace(/\.(?:jsonl|parquet)$/, "")}.metadata.json`
