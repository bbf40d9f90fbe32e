/** Which figures a report shows: those of each type of rows, and the funnel from what was read to the rows. */
import { type Bin, boundsFor, type Spread } from "../../services/measures/spread.ts"
import type { TokenCounter } from "../../services/measures/token-counts.ts"
import { withoutSecret } from "../../services/secrets/hidden.ts"
import type { Chart } from "./charts.ts"
import { addUp, type SurveyedType } from "./survey.ts"
import { counted } from "./wording.ts"

export interface Figure {
  /** Name of its file, without the ending. */
  readonly name: string
  readonly chart: Chart
}

/** Returns the figures of a type, in the order in which they are looked at. */
export const figuresOf = (type: SurveyedType, counter: TokenCounter): ReadonlyArray<Figure> => [
  ...lengthFigures(type, counter),
  ...nextEditFigures(type),
  ...fieldFigures(type),
  ...nearEqualFigures(type)
]

const lengthFigures = (type: SurveyedType, counter: TokenCounter): ReadonlyArray<Figure> => {
  const { prompt, unwanted, wanted } = type.tokens
  const note = counter.isEstimate ? `estimated, at ${counter.name}` : `by ${counter.name}`
  if (prompt.count() === 0) return rowLengthFigures(type)
  const answers = answerChart(wanted, unwanted)
  return [
    {
      name: `${type.name}-answer-tokens`,
      chart: { title: `${type.name}: answers, in tokens`, note, ...answers }
    },
    {
      name: `${type.name}-prompt-tokens`,
      chart: { title: `${type.name}: prompts, in tokens`, note, kind: "counts", bars: binsOf(prompt).map(barOf) }
    }
  ]
}

/** The formats of next edits count tokens in a way of their own, and allow so many. */
const nextEditFigures = ({ name, nextEdits }: SurveyedType): ReadonlyArray<Figure> =>
  nextEdits === null ? [] : [{
    name: `${name}-format-tokens`,
    chart: {
      title: `${name}: rows, in tokens as their format counts them`,
      note: `at most ${counted(nextEdits.mostTokens)} are allowed`,
      kind: "counts",
      bars: binsOf(nextEdits.tokens).map(barOf)
    }
  }]

/** Rows that ask and answer nothing, such as paths of edits, have one length. */
const rowLengthFigures = ({ files, name }: SurveyedType): ReadonlyArray<Figure> => {
  const lengths = Object.entries(addUp(files.map(({ stats }) => stats.lengths)))
    .toSorted(([a], [b]) => Number(a) - Number(b))
  return lengths.length === 0 ? [] : [{
    name: `${name}-lengths`,
    chart: {
      title: `${name}: rows, in characters`,
      note: "",
      kind: "counts",
      bars: lengths.map(([from, count]) => barOf({ from: Number(from), below: 2 * Number(from), count }))
    }
  }]
}

const binsOf = (spread: Spread): ReadonlyArray<Bin> => spread.binsAt(boundsFor(spread.quantiles()))

const barOf = ({ below, count, from }: Bin) => ({ name: rangeOf(from, below), count })

const rangeOf = (from: number, below: number | null): string =>
  below === null ? `${counted(from)}+` : below === from + 1 ? counted(from) : `${counted(from)}–${counted(below - 1)}`

/** Lengths that give away which answers are wanted show where both are compared. */
const answerChart = (wanted: Spread, unwanted: Spread) => {
  const [some, others] = wanted.count() === 0 ? [unwanted, wanted] : [wanted, unwanted]
  const bounds = boundsFor(some.quantiles())
  const bins = some.binsAt(bounds)
  if (others.count() === 0) return { kind: "counts" as const, bars: bins.map(barOf) }
  const beside = others.binsAt(bounds)
  return {
    kind: "pairs" as const,
    of: ["wanted", "unwanted"] as const,
    bars: bins.map((bin, place) => ({
      name: rangeOf(bin.from, bin.below),
      counts: [bin.count, beside[place]?.count ?? 0] as const
    }))
  }
}

/** Fields that have a figure where rows have several values, with what the values are. */
const chartedFields = [
  ["kind", "kinds of places"],
  ["language", "languages"],
  ["repo", "repositories"],
  ["negative", "operators of unwanted answers"],
  ["format", "formats of prompts"],
  ["depth", "depths of edits"],
  ["predictor", "predictors"],
  ["outcome", "outcomes"]
] as const
const mostBars = 12

/** Whether a row says so of a field that it has no value for. */
const isNone = (value: string): boolean => value === "" || value === "null"

const fieldFigures = ({ files, name, nextEdits }: SurveyedType): ReadonlyArray<Figure> =>
  chartedFields.flatMap(([field, title]): ReadonlyArray<Figure> => {
    const counts = Object.fromEntries(
      Object.entries(addUp(files.map(({ stats }) => stats.fields[field] ?? {}))).filter(([value]) => !isNone(value))
    )
    return Object.keys(counts).length < 2 ? [] : [{
      name: `${name}-${field}`,
      chart: {
        title: `${name}: ${field === "kind" && nextEdits !== null ? "where the next edit lies" : title}`,
        note: "",
        kind: "counts",
        bars: topBars(counts)
      }
    }]
  })

/** Returns what all rows of a type have in common of what has figures elsewhere: field and value. */
export const commonValues = ({ files }: SurveyedType): ReadonlyArray<readonly [string, string]> =>
  chartedFields.flatMap(([field]) => {
    const [first, ...others] = Object.keys(addUp(files.map(({ stats }) => stats.fields[field] ?? {})))
    return first === undefined || isNone(first) || others.length > 0 ? [] : [[field, withoutSecret(first)] as const]
  })

const topBars = (counts: Readonly<Record<string, number>>) => {
  const all = Object.entries(counts).toSorted(([, a], [, b]) => b - a)
  const rest = all.slice(mostBars).reduce((sum, [, count]) => sum + count, 0)
  const bars = all.slice(0, mostBars).map(([name, count]) => ({ name: withoutSecret(name), count }))
  return rest === 0 ? bars : [...bars, { name: `${all.length - mostBars} more`, count: rest }]
}

/** Sizes of groups of near-equal rows, from the first to the last of each range. */
const groupSizes: ReadonlyArray<readonly [name: string, from: number, to: number]> = [
  ["like no other", 1, 1],
  ["2 alike", 2, 2],
  ["3 alike", 3, 3],
  ["4 to 9 alike", 4, 9],
  ["10 and more", 10, Infinity]
]

const nearEqualFigures = ({ name, nearEqual: { bySize, hit } }: SurveyedType): ReadonlyArray<Figure> =>
  hit === 0 ? [] : [{
    name: `${name}-near-equal`,
    chart: {
      title: `${name}: near-equal rows`,
      note: "",
      kind: "counts",
      bars: groupSizes.map(([label, from, to]) => ({
        name: label,
        count: [...bySize].reduce((sum, [size, rows]) => (size >= from && size <= to ? sum + rows : sum), 0)
      })).filter(({ count }) => count > 0)
    }
  }]
