/** The figures of a file as lines, each of which may filter the rows that it counts. */
import { type FileStats, valueName } from "../../services/measures/file-figures.ts"
import { describeFaults } from "../../services/measures/describe-faults.ts"
import { clip, shown } from "../shared/cells.ts"

/** A field and its value, as the filter of the viewer takes them. */
type Filtering = Readonly<Record<"key" | "value", string>>

export interface FiguresLine {
  readonly text: string
  /** The share of rows that the line counts, from 0 to 1; null where it counts none. */
  readonly share: number | null
  /** What the rows pass that it counts; null where that cannot be said. */
  readonly filter: Filtering | null
}

/** How many values of one field are named; the rest are summed. */
const namedValues = 20

const textLine = (text: string): FiguresLine => ({ text, share: null, filter: null })

/** Returns the figures of a file. */
export const figuresLines = (name: string, stats: FileStats): ReadonlyArray<FiguresLine> => {
  const { least, median, most, p90, p99 } = stats.length
  const shareOf = (count: number) => count / Math.max(1, stats.rows)
  const counted = (text: string, count: number, filter: Filtering | null): FiguresLine => ({
    text: `    ${clip(shown(text), 24).padEnd(24)} ${String(count).padStart(9)} ${
      `${(shareOf(count) * 100).toFixed(1)} %`.padStart(8)
    }`,
    share: shareOf(count),
    filter
  })
  const table = (counts: Readonly<Record<string, number>>, filterOf: (value: string) => Filtering | null) => {
    const entries = Object.entries(counts)
    const rest = entries.slice(namedValues).reduce((sum, [, count]) => sum + count, 0)
    return [
      ...entries.slice(0, namedValues).map(([value, count]) => counted(valueName(value), count, filterOf(value))),
      ...(rest === 0 ? [] : [counted(`${entries.length - namedValues} more`, rest, null)])
    ]
  }
  const lengths = Object.entries(stats.lengths).sort(([a], [b]) => Number(a) - Number(b))
  return [
    textLine(`${shown(name)}: ${stats.rows} rows${describeFaults(stats)}`),
    textLine(`  characters a row: least ${least}, median ${median}, 90 % ${p90}, 99 % ${p99}, most ${most}`),
    textLine("  shape"),
    ...table(stats.shapes, () => null),
    ...Object.entries(stats.fields).flatMap(([field, counts]) => [
      textLine(`  ${field}`),
      // A value is meant as a whole: "c" is not "cpp".
      ...table(counts, (value) => ({ key: field, value: `=${value}` }))
    ]),
    textLine("  characters a row"),
    ...lengths.map(([power, count]) => counted(`${power} to ${Number(power) * 2 - 1}`, count, null))
  ]
}

/** Returns the next line that filters, from a line on; the line itself where there is none. */
export const nextFilter = (lines: ReadonlyArray<FiguresLine>, from: number, by: number): number => {
  const places = lines.flatMap(({ filter }, place) => (filter === null ? [] : [place]))
  if (places.length === 0) return from
  const at = places.findIndex((place) => place >= from)
  const now = at === -1 ? places.length - 1 : at
  return places[Math.min(places.length - 1, Math.max(0, now + by))] ?? from
}
