/**
 * The figures of the rows of next edits: what they ask, and how answers to them compare with the wanted ones. Rows come
 * one by one; of those with one answer each, the two of a pair find each other by their prompt.
 */
import { presets } from "../../formats/presets.ts"
import { holdsOneOf } from "../../next-edit/dialect.ts"
import { type ReadPrompt, readPrompt } from "../../next-edit/read-prompt.ts"
import { targetKinds } from "../../next-edit/spots.ts"
import type { Asked } from "../../rows/shape.ts"
import { fingerprintNumber } from "../../text/random.ts"
import { makeSpread, type Spread } from "../spread.ts"
import { type EditScore, regionAfter, scoreEdit } from "./edit-score.ts"

/** How many rows something holds for, of how many. */
export interface PartOf {
  readonly hit: number
  readonly of: number
}

/** How answers compare with the wanted ones. Means are over the answers that can be read. */
export interface AnswerFigures {
  readonly answers: number
  /** Answers that cannot be read, by reason. */
  readonly unreadable: Readonly<Record<string, number>>
  /** Answers that do nothing, of those that can be read, and of those where nothing is wanted. */
  readonly quiet: PartOf
  readonly quietWhereNoneIsWanted: PartOf
  /** From 0 to 100. */
  readonly deltaChrf: number
  readonly linePrecision: number
  readonly lineRecall: number
  /** The harmonic mean of the two. */
  readonly lineF1: number
  readonly keptPrecision: number
  readonly keptRecall: number
  readonly reversals: PartOf
  readonly openingWithDeletions: PartOf
  readonly far: PartOf
  readonly overLong: PartOf
  readonly holdingControls: PartOf
}

/** The figures of the rows of next edits of a type. */
export interface NextEditFigures {
  /** Rows by the dialect of their prompt. */
  readonly dialects: Readonly<Record<string, number>>
  /** Rows whose wanted answer does nothing, of those that have a wanted answer which can be read. */
  readonly quiet: PartOf
  /** Rows that stop in a line which is half typed, of those whose metadata says where the next edit lies. */
  readonly halfTyped: PartOf
  /** Tokens of prompt and longest answer by the estimate of their dialects. */
  readonly tokens: Spread
  /** The most tokens that a dialect of these rows allows, by its own estimate. */
  readonly mostTokens: number
  /** What the column `answer` holds, as models gave it; null where no row has one. */
  readonly answers: AnswerFigures | null
  /** Unwanted answers beside the wanted ones; null where there is none. */
  readonly unwanted: AnswerFigures | null
}

/** A row of next edits, and what is known of it. */
export interface NextEditRow {
  readonly asked: Asked
  /** What a model answered; undefined where the row does not hold it. */
  readonly answer: string | undefined
  /** Where the next edit lies, as the row says it. */
  readonly kind: unknown
  /** Whether the wanted and the unwanted answer to a question are rows of their own. */
  readonly isHalf: boolean
}

/** What of a row is a fault of the dataset; undefined where that cannot be told. */
export interface NextEditFaults {
  /** Whether an edit is wanted that the region does not hold. */
  readonly isOutside: boolean | undefined
  readonly holdsControls: boolean
}

/** Gathers figures row by row. */
export interface NextEditGatherer {
  /** Adds a row; returns its faults, and undefined for a row that is none of a next edit. */
  readonly add: (row: NextEditRow) => NextEditFaults | undefined
  /** Null where no row was one of a next edit. */
  readonly result: () => NextEditFigures | null
}

/** Makes a gatherer. */
export const makeNextEditGatherer = (): NextEditGatherer => {
  const dialects: Record<string, number> = {}
  const tokens = makeSpread()
  let mostTokens = 0
  const [answers, unwanted] = [makeAnswers(), makeAnswers()]
  /** Answers by their prompt that wait for the other one. */
  const waiting = new Map<number, { readonly isWanted: boolean; readonly text: string }>()
  const quiet = { hit: 0, of: 0 }
  const halfTyped = { hit: 0, of: 0 }

  const compare = (read: ReadPrompt, { prompt, unwanted: wrong, wanted }: Asked, isHalf: boolean) => {
    if (wanted !== undefined && wrong !== undefined) unwanted.add(read, wanted, wrong)
    const text = wanted ?? wrong
    if (!isHalf || text === undefined) return
    const isWanted = wanted !== undefined
    const key = fingerprintNumber(prompt)
    const other = waiting.get(key)
    if (other === undefined || other.isWanted === isWanted) waiting.set(key, { isWanted, text })
    else {
      waiting.delete(key)
      unwanted.add(read, isWanted ? text : other.text, isWanted ? other.text : text)
    }
  }

  return {
    add: ({ answer, asked, isHalf, kind }) => {
      const read = readPrompt(asked.prompt)
      if (read === undefined) return undefined
      const { estimate, maxTokens, name } = read.dialect
      dialects[name] = (dialects[name] ?? 0) + 1
      mostTokens = Math.max(mostTokens, maxTokens)
      tokens.add(
        estimate(asked.prompt) + Math.max(...[asked.wanted, asked.unwanted].map((text) => estimate(text ?? "")))
      )
      const isTold = targetKinds.some((known) => known === kind)
      if (isTold) halfTyped.of++
      if (kind === "same line") halfTyped.hit++
      if (answer !== undefined && asked.wanted !== undefined) answers.add(read, asked.wanted, answer)
      compare(read, asked, isHalf)
      const wanted = asked.wanted === undefined ? undefined : read.parse(asked.wanted)
      const isRead = wanted !== undefined && wanted._tag !== "unreadable"
      if (isRead) {
        quiet.of++
        if (wanted._tag === "no edit") quiet.hit++
      }
      const { above, below, region } = read.shown
      const texts = [above, region, below, ...isRead ? [regionAfter(read.shown, wanted)] : []]
      return {
        isOutside: wanted === undefined || !isTold
          ? undefined
          : wanted._tag === "unreadable" || (kind !== "no edit" && wanted._tag === "no edit"),
        holdsControls: texts.some(holdsOneOf(controlsOf(read)))
      }
    },
    result: () =>
      Object.keys(dialects).length === 0 ? null : {
        dialects,
        quiet,
        halfTyped,
        tokens,
        mostTokens,
        answers: answers.result(),
        unwanted: unwanted.result()
      }
  }
}

/** Strings that have a meaning of their own to the model. */
const controlsOf = ({ dialect }: ReadPrompt): ReadonlyArray<string> => [
  ...dialect.controls,
  ...[...presets.values()].find(({ nextEdit }) => nextEdit === dialect.name)?.controls ?? []
]

/** What is counted of answers. */
const counted = {
  quiet: ({ isQuiet }) => isQuiet,
  reversals: ({ isReversal }) => isReversal,
  openingWithDeletions: ({ opensWithDeletions }) => opensWithDeletions,
  far: (score) => score.isFar,
  overLong: ({ isOverLong }) => isOverLong
} as const satisfies Readonly<Record<string, (score: EditScore) => boolean>>
type Counted = keyof typeof counted

/** What is summed up of answers. */
const summed = {
  deltaChrf: (score) => score.deltaChrf,
  linePrecision: ({ lines }) => lines.precision,
  lineRecall: ({ lines }) => lines.recall,
  keptPrecision: ({ kept }) => kept.precision,
  keptRecall: ({ kept }) => kept.recall
} as const satisfies Readonly<Record<string, (score: EditScore) => number>>
type Summed = keyof typeof summed

const countedNames: ReadonlyArray<Counted> = ["quiet", "reversals", "openingWithDeletions", "far", "overLong"]
const summedNames: ReadonlyArray<Summed> = [
  "deltaChrf",
  "linePrecision",
  "lineRecall",
  "keptPrecision",
  "keptRecall"
]

const makeAnswers = () => {
  let [answers, of, holdingControls, noneWanted, quietThere] = [0, 0, 0, 0, 0]
  const unreadable: Record<string, number> = {}
  const counts = { quiet: 0, reversals: 0, openingWithDeletions: 0, far: 0, overLong: 0 }
  const sums = { deltaChrf: 0, linePrecision: 0, lineRecall: 0, keptPrecision: 0, keptRecall: 0 }
  const add = (read: ReadPrompt, wantedText: string, text: string) => {
    const [wanted, given] = [read.parse(wantedText), read.parse(text)]
    if (wanted._tag === "unreadable") return
    answers++
    if (given._tag === "unreadable") {
      unreadable[given.reason] = (unreadable[given.reason] ?? 0) + 1
      return
    }
    of++
    const score = scoreEdit(read.shown, wanted, given)
    for (const name of countedNames) if (counted[name](score)) counts[name]++
    for (const name of summedNames) sums[name] += summed[name](score)
    if (holdsOneOf(controlsOf(read))(regionAfter(read.shown, given))) holdingControls++
    if (wanted._tag !== "no edit") return
    noneWanted++
    if (score.isQuiet) quietThere++
  }
  const result = (): AnswerFigures | null => {
    if (answers === 0) return null
    const mean = (name: Summed) => of === 0 ? 0 : sums[name] / of
    const part = (name: Counted): PartOf => ({ hit: counts[name], of })
    const [precision, recall] = [mean("linePrecision"), mean("lineRecall")]
    return {
      answers,
      unreadable,
      quiet: part("quiet"),
      quietWhereNoneIsWanted: { hit: quietThere, of: noneWanted },
      deltaChrf: mean("deltaChrf"),
      linePrecision: precision,
      lineRecall: recall,
      lineF1: precision + recall === 0 ? 0 : 2 * precision * recall / (precision + recall),
      keptPrecision: mean("keptPrecision"),
      keptRecall: mean("keptRecall"),
      reversals: part("reversals"),
      openingWithDeletions: part("openingWithDeletions"),
      far: part("far"),
      overLong: part("overLong"),
      holdingControls: { hit: holdingControls, of }
    }
  }
  return { add, result }
}
