/** Which files of a folder a loader reads as one: those of one name and one schema, each with its split. */
import { type Feature, shapeKey } from "../../services/rows/features.ts"
import { tableShapes } from "../../services/rows/shapes.ts"
import { placeOf } from "../../services/rows/tables.ts"
import type { SurveyedFile } from "./survey.ts"

/** Files that a loader reads as one, and their splits. */
export interface CardConfig {
  readonly name: string
  readonly shape: string
  readonly feature: Feature
  readonly splits: ReadonlyArray<CardSplit>
}

interface CardSplit {
  readonly name: string
  readonly files: ReadonlyArray<SurveyedFile>
}

/** Puts files of one name and one schema together; of those whose columns differ each is a config of its own. */
export const configsOf = (files: ReadonlyArray<SurveyedFile>): ReadonlyArray<CardConfig> => {
  const configs = new Map<
    string,
    { name: string; shape: string; feature: Feature; splits: Map<string, Array<SurveyedFile>> }
  >()
  for (const file of files) {
    if (file.stats.rows === 0) continue
    const { split } = placeOf(file.name)
    const config = file.type
    const key = shapeKey(file.feature)
    const same = configs.get(config)
    const name = same === undefined || same.shape === key || isCompatible(same.feature, file.feature)
      ? config
      : file.name.replace(/\.\w+$/, "")
    const entry = configs.get(name) ?? { name, shape: key, feature: file.feature, splits: new Map() }
    configs.set(name, entry)
    entry.splits.set(split, [...entry.splits.get(split) ?? [], file])
  }
  const placeIn = (order: ReadonlyArray<string>, name: string) =>
    order.includes(name) ? order.indexOf(name) : order.length
  return [...configs.values()].map(({ splits, ...rest }) => ({
    ...rest,
    splits: [...splits].map(([name, files]) => ({ name, files }))
      .toSorted((a, b) => placeIn(splitOrder, a.name) - placeIn(splitOrder, b.name))
  })).toSorted((a, b) => placeIn(configOrder, a.name) - placeIn(configOrder, b.name))
}

/** What most people come for stands first; what no run writes as a table stands last. */
const configOrder = tableShapes.map(({ files }) => placeOf(files.train).config)
const splitOrder = ["train", "validation", "test"]

/** A column that is null throughout one file fits any type. */
const isCompatible = (a: Feature, b: Feature): boolean => {
  if (a.kind === "null" || b.kind === "null") return true
  if (a.kind === "list" && b.kind === "list") return isCompatible(a.of, b.of)
  if (a.kind === "struct" && b.kind === "struct") {
    return a.fields.size === b.fields.size && [...a.fields].every(([name, feature]) => {
      const other = b.fields.get(name)
      return other !== undefined && isCompatible(feature, other)
    })
  }
  return a.kind === b.kind
}
