/** The fields that trainers have, kept with their source and date, and datasets as a report surveys them. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Trainer } from "../../services/formats/trainers.ts"
import { featureOf, merge } from "../../services/rows/features.ts"
import type { Place } from "../../services/rows/shape.ts"
import { datasetShapes, type DatasetType } from "../../services/rows/shapes.ts"
import { makeStats } from "../../services/measures/file-stats.ts"
import type { CardConfig } from "../../tasks/report/configs.ts"
import { noProvenance, type Provenance } from "../../tasks/shared/provenance.ts"

/** The names that a program knows, by what they are given to. */
export interface KeptFields {
  readonly source: string
  readonly version: string
  readonly date: string
  readonly fields: Readonly<Record<string, ReadonlyArray<string>>>
}

/** Returns what is kept of a program, by the name of its file. */
export const keptFields = (name: string): KeptFields =>
  JSON.parse(readFileSync(join(import.meta.dirname, `../fixtures/trainers/${name}.json`), "utf8"))

/** Returns the config of files with these rows, each file in one split. */
export const configOf = (
  name: string,
  rows: ReadonlyArray<unknown>,
  train: ReadonlyArray<string>,
  held: ReadonlyArray<string>
): CardConfig => {
  const feature = rows.map(featureOf).reduce(merge, featureOf(null))
  const file = (name: string, side: "train" | "held") => {
    const gatherer = makeStats()
    for (const [index, row] of rows.entries()) {
      const text = JSON.stringify(row)
      gatherer.add({ _tag: "row", value: row, text, index } as never)
    }
    const filled = new Map<string, number>()
    for (const column of rows.flatMap((row) => Object.keys(row as object))) {
      filled.set(column, (filled.get(column) ?? 0) + 1)
    }
    return {
      name,
      type: name,
      path: name,
      side,
      bytes: 1,
      stats: gatherer.result(),
      feature,
      filled,
      licences: {},
      samples: []
    }
  }
  const splits = [
    { name: "train", files: train.map((one) => file(one, "train")) },
    ...(held.length === 0 ? [] : [{ name: "test", files: held.map((one) => file(one, "held")) }])
  ]
  return { name, shape: name, feature, splits }
}

/** Returns the config of a type as generate writes it for a trainer, in two shards. */
export const writtenConfig = (type: DatasetType, trainer: Trainer, place: Place, ending = "jsonl"): CardConfig => {
  const { files, rowsOf } = datasetShapes[type]
  const shards = [0, 1].map((shard) => `${files.train}-0000${shard}-of-00002.${ending}`)
  return configOf(type, rowsOf(place, trainer).map(({ row }) => row), shards, [`${files.held}.${ending}`])
}

/** What a run of generate says of itself. */
export const madeFor = (baseModel: string, trainer: Trainer, ...formats: ReadonlyArray<string>): Provenance => ({
  ...noProvenance,
  task: "generate",
  baseModel,
  trainer,
  formats
})
