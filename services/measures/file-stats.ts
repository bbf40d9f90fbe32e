/** What is in a file: counts by field and lengths, gathered row by row. */
import type { FileRow } from "../Reader.ts"
import { isFields, metadataOf, textIn } from "../rows/fields.ts"
import { shapeOf } from "../rows/shapes.ts"
import { describeFaults } from "./describe-faults.ts"
import { type FileStats, valueName } from "./file-figures.ts"
import { makeSpread } from "./spread.ts"
import { trainedLength } from "./trained-length.ts"

/** Fields that are counted where a row has them. */
const countedFields = [
  "label",
  "kto_tag",
  "language",
  "kind",
  "format",
  "negative",
  "depth",
  "predictor",
  "outcome",
  "repo"
]
/** A field with more values than this says nothing at a glance. */
const mostValues = 200

/** Gathers figures row by row. */
export interface StatsGatherer {
  readonly add: (row: FileRow) => void
  readonly result: () => FileStats
}

/** Makes a gatherer; it needs the same memory for any number of rows. */
export const makeStats = (): StatsGatherer => {
  let rows = 0
  let malformed = 0
  const faults: Record<string, number> = {}
  const shapes: Record<string, number> = {}
  const counted = new Map<string, Map<string, number>>()
  const lengths = makeSpread()
  const powers: Record<string, number> = {}
  return {
    add: (row) => {
      rows++
      if (row._tag === "malformed") {
        malformed++
        faults[row.reason] = (faults[row.reason] ?? 0) + 1
        return
      }
      const { name: shape } = shapeOf(row.value)
      shapes[shape] = (shapes[shape] ?? 0) + 1
      const fields = isFields(row.value) ? row.value : {}
      const about = metadataOf(fields)
      for (const name of countedFields) {
        const value = fields[name] === undefined ? about[name] : fields[name]
        if (value === undefined || typeof value === "object" && value !== null) continue
        const counts = counted.get(name) ?? new Map<string, number>()
        counted.set(name, counts)
        // A double may have fewer digits than the row.
        const key = typeof value !== "number" || Number.isSafeInteger(value)
          ? String(value)
          : textIn(row.text, name) ?? String(value)
        if (counts.has(key) || counts.size < mostValues) counts.set(key, (counts.get(key) ?? 0) + 1)
      }
      const length = trainedLength(row.value)
      const power = String(2 ** Math.floor(Math.log2(Math.max(1, length))))
      powers[power] = (powers[power] ?? 0) + 1
      lengths.add(length)
    },
    result: () => ({
      rows,
      malformed,
      faults,
      shapes,
      fields: Object.fromEntries(
        [...counted].map(([name, counts]) => [name, Object.fromEntries([...counts].sort(([, a], [, b]) => b - a))])
      ),
      length: lengths.quantiles(),
      lengths: powers
    })
  }
}

/** How many values of one field are named; the rest are summed. */
const namedValues = 8

/** Returns the figures as lines for a person. */
export const describeStats = (name: string, stats: FileStats): ReadonlyArray<string> => {
  const share = (count: number) => `${(count / Math.max(1, stats.rows) * 100).toFixed(1)} %`
  const table = (counts: Readonly<Record<string, number>>) => {
    const entries = Object.entries(counts)
    const named = entries.slice(0, namedValues).map(([value, count]) =>
      `    ${valueName(value).padEnd(28)} ${String(count).padStart(9)}  ${share(count)}`
    )
    const rest = entries.slice(namedValues).reduce((sum, [, count]) => sum + count, 0)
    return rest === 0
      ? named
      : [
        ...named,
        `    ${`${entries.length - namedValues} more`.padEnd(28)} ${String(rest).padStart(9)}  ${share(rest)}`
      ]
  }
  const { least, median, most, p90, p99 } = stats.length
  return [
    `${name}: ${stats.rows} rows${describeFaults(stats)}`,
    `  characters a row: least ${least}, median ${median}, 90 % ${p90}, 99 % ${p99}, most ${most}`,
    "  shape",
    ...table(stats.shapes),
    ...Object.entries(stats.fields).flatMap(([field, counts]) => [`  ${field}`, ...table(counts)])
  ]
}
