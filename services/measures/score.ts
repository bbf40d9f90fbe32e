/**
 * The intrinsic figures of a dataset, ours or another tool's: what its rows alone tell of its faults. Rows come one by
 * one; what takes all of them together is kept as hashes.
 */
import type { Side } from "../history/split.ts"
import { dialectNamed } from "../next-edit/dialects/all.ts"
import { fingerprintNumber } from "../text/random.ts"
import { withoutBegin } from "../formats/base-models.ts"
import { type Fields, languageOfRow, textOf, valueIn } from "../rows/fields.ts"
import { wantedCutIn } from "../rows/picture.ts"
import { labelOf } from "../rows/prompted.ts"
import { shapeOf } from "../rows/shapes.ts"
import { isBlank, isInsideIdentifier } from "../text/span.ts"
import { lookOf, makeNearEqual, type NearEqual, type NearEqualGatherer } from "./near-equal.ts"
import { makeNextEditGatherer, type NextEditFigures, type NextEditGatherer } from "./next-edit/figures.ts"
import { type RowTokens, tokensOfLongest, trainedOn } from "./token-counts.ts"
import { isTruncation, type WrittenAnswer, writtenBy } from "./truncation.ts"

/** The names of the measures. */
export const measures = [
  "test-prompts-in-train",
  "middles-inside-identifiers",
  "negatives-that-are-truncations",
  "negatives-that-equal-the-answer",
  "blank-completions",
  "rows-over-token-budget",
  "parse-errors-after-splicing",
  "near-equal-rows",
  "next-edits-outside-the-region",
  "model-tokens-in-next-edits"
] as const
/** The name of a measure: each counts rows with one fault. */
export type Measure = typeof measures[number]

/** How many rows a measure applies to, and how many of them have the fault. */
export interface Score {
  readonly of: number
  readonly hit: number
  /** Where the first one stands, as "file:row", or "". */
  readonly example: string
}

/** A score for each measure. */
export type Scores = Readonly<Record<Measure, Score>>

/** What a scorer needs to know. */
export interface ScoreOptions {
  /** The most tokens that a row may have; null leaves this measure out. */
  readonly mostTokens: number | null
  /** Whether a text parses without an error; undefined for a language without a grammar. */
  readonly parses: (language: string, text: string) => boolean | undefined
}

/** A row, and what is known of it besides. */
export interface ScoredRow {
  readonly row: Fields
  /** Name of the rows that it belongs with: rows of two types may show the same places, and are not added up. */
  readonly type: string
  readonly side: Side
  /** Where it stands, as "file:row". */
  readonly place: string
  /** Null where nobody counts tokens. */
  readonly tokens: RowTokens | null
}

/** What was found in the rows of a type. */
export interface TypeScores {
  readonly scores: Scores
  readonly nearEqual: NearEqual
  /** Null where no row is one of a next edit. */
  readonly nextEdits: NextEditFigures | null
}

/** Gathers the measures of a dataset, row by row. */
export interface Scorer {
  readonly add: (row: ScoredRow) => void
  /** By the names of the types. */
  readonly result: () => ReadonlyMap<string, TypeScores>
}

interface PlacedPrompt {
  /** The fingerprint of what is asked. */
  readonly prompt: number
  readonly type: string
  readonly place: string
}

interface WrongAnswer extends PlacedPrompt {
  readonly text: string
  /** Null where an answer gives more than what it changes, so that nothing tells where that begins. */
  readonly written: WrittenAnswer | null
}

interface TypeCounts {
  readonly counts: Map<Measure, { of: number; hit: number; example: string }>
  readonly nearEqual: NearEqualGatherer
  readonly nextEdits: NextEditGatherer
}

/** Makes a scorer for one dataset. */
export const makeScorer = ({ mostTokens, parses }: ScoreOptions): Scorer => {
  const types = new Map<string, TypeCounts>()
  const countsOf = (type: string): TypeCounts => {
    const known = types.get(type)
    if (known !== undefined) return known
    const added = { counts: new Map(), nearEqual: makeNearEqual(), nextEdits: makeNextEditGatherer() }
    types.set(type, added)
    return added
  }
  const count = (
    measure: Measure,
    isHit: boolean,
    { place, type }: { readonly type: string; readonly place: string }
  ) => {
    const { counts } = countsOf(type)
    const entry = counts.get(measure) ?? { of: 0, hit: 0, example: "" }
    counts.set(measure, entry)
    entry.of++
    if (!isHit) return
    entry.hit++
    if (entry.example === "") entry.example = place
  }
  const trainPrompts = new Set<number>()
  const heldPrompts: Array<PlacedPrompt> = []
  // In KTO, right and wrong answers to a prompt are separate rows.
  const wanted = new Map<number, Map<string, WrittenAnswer>>()
  const unwanted: Array<WrongAnswer> = []

  const add: Scorer["add"] = (scored) => {
    const { place, row, side, tokens, type } = scored
    const shape = shapeOf(row)
    const { sections } = shape.view(row)
    const look = lookOf(sections)
    const { nearEqual } = countsOf(type)
    if (look !== undefined) nearEqual.add(look, side, place)
    const asked = shape.asked?.(row)
    if (asked !== undefined) {
      const written = (answer: string): WrittenAnswer =>
        showsEdit(row) ? writtenBy(withoutBegin(asked.prompt), answer) : { text: answer, shown: null }
      const prompt = fingerprintNumber(asked.prompt)
      if (side === "train") trainPrompts.add(prompt)
      else heldPrompts.push({ prompt, type, place })
      // Marks alone are how a dialect of next edits says that nothing is left to do.
      const said = (text: string): string => showsEdit(row) ? text : text.replace(/<\|[^|<>]*\|>/g, "")
      for (const text of [asked.wanted, asked.unwanted]) {
        if (text !== undefined) count("blank-completions", isBlank(said(text)), scored)
      }
      if (asked.wanted !== undefined) {
        const answers = wanted.get(prompt) ?? new Map<string, WrittenAnswer>()
        wanted.set(prompt, answers)
        if (!answers.has(asked.wanted)) answers.set(asked.wanted, written(asked.wanted))
      }
      if (asked.unwanted !== undefined) {
        const { unwanted: text } = asked
        unwanted.push({ prompt, text, written: isZed(row) ? null : written(text), type, place })
      }
      if (tokens !== null && mostTokens !== null) {
        count("rows-over-token-budget", tokensOfLongest(tokens) > mostTokens, scored)
      }
    }
    const cut = isZed(row) || addNextEdit(scored) ? undefined : wantedCutIn(sections)
    if (cut === undefined) return
    const { middle, prefix, suffix } = cut
    const text = prefix + middle + suffix
    if (valueIn(row, "kind") !== "characters") {
      const [start, end] = [prefix.length, prefix.length + middle.length]
      count("middles-inside-identifiers", isInsideIdentifier(text, start) || isInsideIdentifier(text, end), scored)
    }
    const language = languageToParse(row)
    const isWhole = language === null ? undefined : parses(language, text)
    if (isWhole !== undefined) count("parse-errors-after-splicing", !isWhole, scored)
  }

  /** Returns whether the row is one of a next edit. */
  const addNextEdit = (scored: ScoredRow): boolean => {
    const { row, type } = scored
    const asked = trainedOn(row)
    const faults = asked === undefined ? undefined : countsOf(type).nextEdits.add({
      asked: { ...asked, prompt: withoutBegin(asked.prompt) },
      answer: textOf(row["answer"]),
      kind: valueIn(row, "kind"),
      isHalf: typeof labelOf(row) === "boolean"
    })
    if (faults === undefined) return false
    if (faults.isOutside !== undefined) count("next-edits-outside-the-region", faults.isOutside, scored)
    count("model-tokens-in-next-edits", faults.holdsControls, scored)
    return true
  }

  const result: Scorer["result"] = () => {
    for (const held of heldPrompts) count("test-prompts-in-train", trainPrompts.has(held.prompt), held)
    for (const wrong of unwanted) {
      const answers = wanted.get(wrong.prompt)
      if (answers === undefined) continue
      count("negatives-that-equal-the-answer", answers.has(wrong.text), wrong)
      if (wrong.written === null) continue
      const { written } = wrong
      count("negatives-that-are-truncations", [...answers.values()].some((one) => isTruncation(one, written)), wrong)
    }
    return new Map([...types].map(([type, { counts, nearEqual, nextEdits }]): readonly [string, TypeScores] => {
      const alike = nearEqual.result()
      return [type, {
        nearEqual: alike,
        nextEdits: nextEdits.result(),
        scores: scoresBy((measure) => measure === "near-equal-rows" ? alike : counts.get(measure) ?? none)
      }]
    }))
  }
  return { add, result }
}

const none: Score = { of: 0, hit: 0, example: "" }

const scoresBy = (scoreOf: (measure: Measure) => Score): Scores => {
  const plain = (measure: Measure): Score => {
    const { example, hit, of } = scoreOf(measure)
    return { of, hit, example }
  }
  return {
    "test-prompts-in-train": plain("test-prompts-in-train"),
    "middles-inside-identifiers": plain("middles-inside-identifiers"),
    "negatives-that-are-truncations": plain("negatives-that-are-truncations"),
    "negatives-that-equal-the-answer": plain("negatives-that-equal-the-answer"),
    "blank-completions": plain("blank-completions"),
    "rows-over-token-budget": plain("rows-over-token-budget"),
    "parse-errors-after-splicing": plain("parse-errors-after-splicing"),
    "near-equal-rows": plain("near-equal-rows"),
    "next-edits-outside-the-region": plain("next-edits-outside-the-region"),
    "model-tokens-in-next-edits": plain("model-tokens-in-next-edits")
  }
}

/** Returns the scores of all rows together. */
export const addUpScores = (all: Iterable<Scores>): Scores => {
  const parts = [...all]
  return scoresBy((measure) => ({
    of: parts.reduce((sum, scores) => sum + scores[measure].of, 0),
    hit: parts.reduce((sum, scores) => sum + scores[measure].hit, 0),
    example: parts.map((scores) => scores[measure].example).find((place) => place !== "") ?? ""
  }))
}

/**
 * Returns the language in which the text of a row should parse; null where the row does not tell, or where a budget cut
 * off the ends of its file, which does not parse then, whatever its middle is.
 */
export const languageToParse = (row: unknown): string | null =>
  showsEdit(row) || isCut(valueIn(row, "prefix_cut")) || isCut(valueIn(row, "suffix_cut")) ? null : languageOfRow(row)

/** Rows that show an edit have a region, and no middle. */
const showsEdit = (row: unknown): boolean => {
  const format = valueIn(row, "format")
  return isZed(row) || (typeof format === "string" && dialectNamed(format) !== undefined)
}

/** Their prompt is that of a dialect, but they are cut from one file, and say nothing of where an edit lies. */
const isZed = (row: unknown): boolean => valueIn(row, "format") === "ZED"

const isCut = (units: unknown): boolean => typeof units === "number" && units > 0
