/**
 * The intrinsic figures of a dataset, ours or another tool's: what its rows alone tell of its faults. Rows come one by
 * one; what takes all of them together is kept as hashes.
 */
import type { Side } from "../history/split.ts"
import { fingerprint } from "../text/random.ts"
import { isFields, languageOfRow, valueIn } from "../rows/fields.ts"
import { wantedCutIn } from "../rows/picture.ts"
import { shapeOf } from "../rows/shapes.ts"
import { isBlank, isInsideIdentifier } from "../text/span.ts"

/** The names of the measures. */
export const measures = [
  "test-prompts-in-train",
  "middles-inside-identifiers",
  "negatives-that-are-truncations",
  "negatives-that-equal-the-answer",
  "blank-completions",
  "rows-over-token-budget",
  "parse-errors-after-splicing"
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

/** What a scorer needs to know. */
export interface ScoreOptions {
  /** The most tokens that a row may have, and how they are counted; null leaves this measure out. */
  readonly tokens: { readonly most: number; readonly count: (text: string) => number } | null
  /** Whether a text parses without an error; undefined for a language without a grammar. */
  readonly parses: (language: string, text: string) => boolean | undefined
}

/** Gathers the measures of a dataset, row by row. */
export interface Scorer {
  /** Adds a row; `place` names it. */
  readonly add: (row: unknown, side: Side, place: string) => void
  readonly result: () => Readonly<Record<Measure, Score>>
}

interface WrongAnswer {
  readonly prompt: string
  readonly text: string
  readonly place: string
}

/** Makes a scorer for one dataset. */
export const makeScorer = ({ parses, tokens }: ScoreOptions): Scorer => {
  const counts = new Map<Measure, { of: number; hit: number; example: string }>()
  const count = (measure: Measure, isHit: boolean, place: string) => {
    const entry = counts.get(measure) ?? { of: 0, hit: 0, example: "" }
    counts.set(measure, entry)
    entry.of++
    if (!isHit) return
    entry.hit++
    if (entry.example === "") entry.example = place
  }
  const trainPrompts = new Set<string>()
  const heldPrompts: Array<{ readonly prompt: string; readonly place: string }> = []
  // In KTO, right and wrong answers to a prompt are separate rows.
  const wanted = new Map<string, Array<string>>()
  const unwanted: Array<WrongAnswer> = []

  const add: Scorer["add"] = (row, side, place) => {
    if (!isFields(row)) return
    const shape = shapeOf(row)
    const asked = shape.asked?.(row)
    if (asked !== undefined) {
      const prompt = fingerprint(asked.prompt)
      if (side === "train") trainPrompts.add(prompt)
      else heldPrompts.push({ prompt, place })
      for (const text of [asked.wanted, asked.unwanted]) {
        if (text !== undefined) count("blank-completions", isBlank(text.replace(/<\|[^|<>]*\|>/g, "")), place)
      }
      if (asked.wanted !== undefined) wanted.set(prompt, [...wanted.get(prompt) ?? [], asked.wanted])
      if (asked.unwanted !== undefined) unwanted.push({ prompt, text: asked.unwanted, place })
      if (tokens !== null) {
        const longest = Math.max(
          ...[asked.wanted, asked.unwanted].map((text) => tokens.count(asked.prompt + (text ?? "")))
        )
        count("rows-over-token-budget", longest > tokens.most, place)
      }
    }
    if (valueIn(row, "format") === "ZED") return
    const cut = wantedCutIn(shape.view(row).sections)
    if (cut === undefined) return
    const { middle, prefix, suffix } = cut
    const text = prefix + middle + suffix
    if (valueIn(row, "kind") !== "characters") {
      const [start, end] = [prefix.length, prefix.length + middle.length]
      count("middles-inside-identifiers", isInsideIdentifier(text, start) || isInsideIdentifier(text, end), place)
    }
    // A file whose ends a budget cut off does not parse, whatever its middle is.
    if (isCut(valueIn(row, "prefix_cut")) || isCut(valueIn(row, "suffix_cut"))) return
    const language = languageOfRow(row)
    const isWhole = language === null ? undefined : parses(language, text)
    if (isWhole !== undefined) count("parse-errors-after-splicing", !isWhole, place)
  }

  const result: Scorer["result"] = () => {
    for (const { place, prompt } of heldPrompts) count("test-prompts-in-train", trainPrompts.has(prompt), place)
    for (const { place, prompt, text } of unwanted) {
      const answers = wanted.get(prompt) ?? []
      if (answers.length === 0) continue
      count("negatives-that-equal-the-answer", answers.includes(text), place)
      const isCut = answers.some((answer) => text.trimEnd() !== answer.trimEnd() && answer.startsWith(text.trimEnd()))
      count("negatives-that-are-truncations", isCut, place)
    }
    const scoreOf = (measure: Measure): Score => counts.get(measure) ?? { of: 0, hit: 0, example: "" }
    return Object.fromEntries(measures.map((measure) => [measure, scoreOf(measure)])) as Record<Measure, Score>
  }
  return { add, result }
}

const isCut = (units: unknown): boolean => typeof units === "number" && units > 0
