/** One look at every file of a folder: figures, columns, samples and scores, row by row. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { FileStats } from "../../services/measures/file-figures.ts"
import { makeStats } from "../../services/measures/file-stats.ts"
import { type AnswerRepeats, makeRepeats, type RepeatsGatherer } from "../../services/measures/repeats.ts"
import { makeScorer, type ScoredRow, type ScoreOptions, type TypeScores } from "../../services/measures/score.ts"
import {
  addTokens,
  makeTokenSpreads,
  type TokenCounter,
  tokensIn,
  type TokenSpreads,
  trainedOn
} from "../../services/measures/token-counts.ts"
import type { Side } from "../../services/history/split.ts"
import type { GrammarUnavailable } from "../../services/Parser.ts"
import { type NumberedRow, Reader } from "../../services/Reader.ts"
import { type Feature, withRow } from "../../services/rows/features.ts"
import { isFields, metadataOf, textOf } from "../../services/rows/fields.ts"
import { chat } from "../../services/rows/chat.ts"
import { fim } from "../../services/rows/fim.ts"
import { datasetTypes, shapeOf, tableShapes } from "../../services/rows/shapes.ts"
import { placeOf, sideOfFile } from "../../services/rows/tables.ts"
import type { ViewedFile } from "../shared/row-files.ts"
import { makeSampleDrawer, type Sample } from "./draw-samples.ts"

export interface SurveyedFile extends ViewedFile {
  /** Name of the type of its rows. */
  readonly type: string
  readonly bytes: number
  /** What is trained on, or what is held out. */
  readonly side: Side
  readonly stats: FileStats
  readonly feature: Feature
  /** How many rows hold something in a column, by its name. */
  readonly filled: ReadonlyMap<string, number>
  /** Rows by the licence that their metadata names; "" where it names none. */
  readonly licences: Readonly<Record<string, number>>
  readonly samples: ReadonlyArray<Sample>
}

/** All files of one type of rows. Two types may show the same places in two ways, so that types are not added up. */
export interface SurveyedType extends TypeScores {
  readonly name: string
  readonly files: ReadonlyArray<SurveyedFile>
  readonly tokens: TokenSpreads
  readonly repeats: AnswerRepeats
}

export interface Survey {
  readonly files: ReadonlyArray<SurveyedFile>
  /** What can be trained on comes first, and of that the type with the most rows. */
  readonly types: ReadonlyArray<SurveyedType>
}

/** What rows are scored by. */
export interface ScoringOptions extends ScoreOptions {
  readonly counter: TokenCounter
  /** Loads the grammars that rows need. */
  readonly load: (rows: ReadonlyArray<NumberedRow>) => Effect.Effect<void, GrammarUnavailable>
}

export interface SurveyOptions extends ScoringOptions {
  /** How many rows of each file are kept as samples. */
  readonly samples: number
}

/** How many of the most repeated answers are kept. */
const namedAnswers = 8

/** What is gathered of a type while its files are read. */
interface Gatherers {
  readonly tokens: TokenSpreads
  readonly repeats: RepeatsGatherer
}

export const survey = Effect.fn("report.survey")(function*(files: ReadonlyArray<ViewedFile>, options: SurveyOptions) {
  const { counter, load, samples } = options
  const scorer = makeScorer(options)
  const gathered = new Map<string, Gatherers>()
  const gatherersOf = (type: string): Gatherers => {
    const known = gathered.get(type)
    if (known !== undefined) return known
    const made = { tokens: makeTokenSpreads(), repeats: makeRepeats() }
    gathered.set(type, made)
    return made
  }
  const surveyed: Array<SurveyedFile> = []
  for (const { name, path } of files) {
    let type: string | undefined
    const side = sideOfFile(name)
    const stats = makeStats()
    let feature: Feature = { kind: "null" }
    const licences: Record<string, number> = {}
    const filled = new Map<string, number>()
    const drawer = makeSampleDrawer(name, samples)
    const bytes = yield* forEachRow(path, load, (numbered) => {
      const { index, row } = numbered
      stats.add(row)
      if (row._tag === "malformed") return
      feature = withRow(feature, row)
      const asked = isFields(row.value) ? trainedOn(row.value) : undefined
      drawer.add(numbered, asked?.prompt)
      type ??= typeOfFile(name, row.value)
      if (!isFields(row.value)) return
      const { repeats, tokens } = gatherersOf(type)
      for (const [column, value] of Object.entries(row.value)) {
        if (value !== null) filled.set(column, (filled.get(column) ?? 0) + 1)
      }
      countLicence(licences, textOf(metadataOf(row.value)["license"]) ?? "")
      const counted = asked === undefined ? null : tokensIn(asked, counter)
      if (counted !== null) addTokens(tokens, counted)
      if (asked?.wanted !== undefined) repeats.add(asked.wanted)
      scorer.add({ row: row.value, type, side, place: placeNamed(name, index), tokens: counted })
    })
    surveyed.push({
      name,
      type: type ?? placeOf(name).config,
      path,
      side,
      bytes,
      feature,
      filled,
      licences,
      stats: stats.result(),
      samples: drawer.result()
    })
  }
  const scores = scorer.result()
  const types = [...gathered].flatMap(([name, { repeats, tokens }]): ReadonlyArray<SurveyedType> => {
    const scored = scores.get(name)
    return scored === undefined ? [] : [{
      ...scored,
      name,
      tokens,
      files: surveyed.filter((file) => file.type === name),
      repeats: repeats.result(namedAnswers)
    }]
  })
  const result: Survey = {
    files: surveyed,
    types: types.toSorted((a, b) => Number(isTable(b)) - Number(isTable(a)) || rowsIn(b.files) - rowsIn(a.files))
  }
  return result
})

/** More licences than this, and longer names, are somebody's own: they are as good as not known. */
const mostLicences = 500
const longestLicence = 200

const countLicence = (counts: Record<string, number>, licence: string): void => {
  const isKnown = counts[licence] !== undefined ||
    (licence.length <= longestLicence && Object.keys(counts).length < mostLicences)
  const name = isKnown ? licence : ""
  counts[name] = (counts[name] ?? 0) + 1
}

/** Returns the name of the shape that most rows of a type have. */
export const mainShapeOf = ({ files }: Pick<SurveyedType, "files">): string => {
  const counts = addUp(files.map(({ stats }) => stats.shapes))
  return Object.entries(counts).toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? ""
}

/** Whether a trainer reads it; what was left out, or only tried, stands in files beside that. */
const isTable = (type: SurveyedType): boolean => tableShapes.some(({ name }) => name === mainShapeOf(type))

/** Adds up counts by their names. */
export const addUp = (parts: ReadonlyArray<Readonly<Record<string, number>>>): Readonly<Record<string, number>> => {
  const sum: Record<string, number> = {}
  for (const part of parts) for (const [name, count] of Object.entries(part)) sum[name] = (sum[name] ?? 0) + count
  return sum
}

/** Scores of the types of rows by their names, without anything that only a page shows. */
export const scoreFiles = Effect.fn("report.scoreFiles")(function*(
  files: ReadonlyArray<ViewedFile>,
  options: ScoringOptions
) {
  const { counter, load } = options
  const scorer = makeScorer(options)
  for (const { name, path } of files) {
    let type: string | undefined
    const side = sideOfFile(name)
    yield* forEachRow(path, load, ({ index, row }) => {
      if (row._tag === "malformed" || !isFields(row.value)) return
      const asked = options.mostTokens === null ? undefined : trainedOn(row.value)
      const tokens = asked === undefined ? null : tokensIn(asked, counter)
      type ??= typeOfFile(name, row.value)
      scorer.add({ row: row.value, type, side, place: placeNamed(name, index), tokens })
    })
  }
  return scorer.result()
})

/** Reads a file from its first row to its last, and returns its size. */
const forEachRow = Effect.fnUntraced(function*(
  path: string,
  load: ScoringOptions["load"],
  look: (row: NumberedRow) => void
) {
  const reader = yield* Reader
  const rows = yield* reader.open(path)
  yield* Stream.runForEach(
    rows.scan({ from: 0, holding: null }),
    (batch) =>
      Effect.map(load(batch), () => {
        for (const numbered of batch) look(numbered)
      })
  )
  return rows.bytes
}, Effect.scoped)

/** What anybody trains on, whatever they call their files. */
const trainedShapes: ReadonlySet<string> = new Set([...datasetTypes, chat.name])

/** Returns the type of the rows of a file, given its first one. By its name a file "train" is one of ours, of text. */
const typeOfFile = (name: string, first: unknown): string => {
  const { config } = placeOf(name)
  const { name: shape } = shapeOf(first)
  return config === fim.name && trainedShapes.has(shape) ? shape : config
}

const placeNamed = (file: string, index: number): ScoredRow["place"] => `${file}:${index + 1}`

/** Returns the number of rows in files of one type. */
export const rowsIn = (files: ReadonlyArray<SurveyedFile>): number =>
  files.reduce((sum, { stats }) => sum + stats.rows, 0)

/** Returns the number of bytes in files. */
export const bytesIn = (files: ReadonlyArray<SurveyedFile>): number => files.reduce((sum, { bytes }) => sum + bytes, 0)
