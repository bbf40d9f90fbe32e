/** The tables of a run: the pools of records that they are made of, and what the name of a file says about it. */
import { tableOfFile, unpackedName } from "../formats/output-format.ts"
import type { Side } from "../history/split.ts"
import { fim } from "./fim.ts"
import type { Contrast, MadeRow } from "./shape.ts"

/** Returns the name of a table of JSON Lines; in another format its files have other endings. */
export const tableNamed = (stem: string): string => `${stem}.jsonl`

/** Returns the pool in which a row of a table waits, by the answers that it holds. */
export const poolOf = (contrast: Contrast, table: string, answer: MadeRow["answer"]): string =>
  contrast === "labels" ? `${table}.${answer}` : table

/**
 * Returns the pools of a table: rows with different labels are shuffled apart, and interleaved when they are written.
 */
export const poolsOf = (contrast: Contrast, table: string): ReadonlyArray<string> =>
  contrast === "labels" ? [poolOf(contrast, table, "wanted"), poolOf(contrast, table, "unwanted")] : [table]

/**
 * Returns the config and the split of a dataset that a file belongs to, by its name, which may be another tool's.
 *
 * @example
 * placeOf("train_kto-00001-of-00004.parquet") // { config: "kto", split: "train" }
 */
export const placeOf = (file: string): { readonly config: string; readonly split: string } => {
  const table = tableOfFile(unpackedName(file))
  const match = /^(train|test|val|validation)(?:[_-](.+))?$/.exec(table)
  if (match === null) return { config: table, split: "train" }
  const split = match[1] === "val" ? "validation" : match[1] ?? "train"
  return { config: match[2] ?? fim.name, split }
}

/** Returns the side of the split that a file belongs to, by its name, which may be another tool's. */
export const sideOfFile = (file: string): Side =>
  /(?:^|[-_.])(?:test|val|validation|eval|heldout)(?:[-_.]|$)/i.test(file) ? "held" : "train"
