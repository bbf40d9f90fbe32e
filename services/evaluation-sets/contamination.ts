/**
 * Whether a model was trained on what it is judged by: the same question, or the same answer among the same lines, however
 * the rows were cut and written. White space does not count. Rows to train on may be any number: only those to judge by
 * are kept, as numbers.
 */
import { lineDiff } from "../text/diff.ts"
import { inkedLinesOf, tellingLines } from "../text/lines-around.ts"
import { inkOf } from "../text/random.ts"
import type { Span } from "../text/span.ts"
import type { EvaluationRow } from "./row.ts"

/** What was found. Rows are numbered from 0, in the order in which they came. */
export interface Contamination {
  readonly rows: number
  readonly trainedRows: number
  /** Rows to judge by whose question is one of those to train on. */
  readonly promptsInTrain: ReadonlySet<number>
  /** Rows whose answer stands in a text to train on, between the lines that it belongs between. */
  readonly middlesInTrain: ReadonlySet<number>
  /** Rows that were one too many to be kept, of which nothing is known. */
  readonly unchecked: number
}

/** Gathers rows. */
export interface ContaminationGatherer {
  /** Takes a row to judge by; all of these come first. */
  readonly judge: (row: EvaluationRow) => void
  /** Takes a row to train on. */
  readonly train: (row: EvaluationRow) => void
  readonly result: () => Contamination
}

/** So many rows to judge by are kept at most, which takes about 100 MB. */
const mostRows = 2 ** 18

/** An answer with the lines around it. */
interface SoughtLines {
  readonly row: number
  /** How many lines there are, which of them is the one to look for first, and a number for all of them. */
  readonly count: number
  readonly at: number
  readonly ink: number
}

/** Makes a gatherer that keeps at most `room` rows to judge by. */
export const makeContamination = (room = mostRows): ContaminationGatherer => {
  const questions = new Map<number, Array<number>>()
  const sought = new Map<number, Array<SoughtLines>>()
  const found = { prompts: new Set<number>(), middles: new Set<number>() }
  let [rows, trainedRows] = [0, 0]
  return {
    judge: (row) => {
      const number = rows++
      if (number >= room) return
      putInto(questions, questionOf(row), number)
      const { span, text } = answerIn(row)
      const lines = tellingLines(text, span)
      if (lines === undefined) return
      const at = lines.reduce((best, line, place) => (line.length > (lines[best]?.length ?? 0) ? place : best), 0)
      putInto(sought, inkOf([lines[at] ?? ""]), { row: number, count: lines.length, at, ink: inkOf(lines) })
    },
    train: (row) => {
      trainedRows++
      for (const number of questions.get(questionOf(row)) ?? []) found.prompts.add(number)
      for (const text of textsOf(row)) {
        const lines = inkedLinesOf(text)
        for (const [place, line] of lines.entries()) {
          for (const { at, count, ink, row: number } of sought.get(inkOf([line])) ?? []) {
            const from = place - at
            if (from < 0 || from + count > lines.length || found.middles.has(number)) continue
            if (inkOf(lines.slice(from, from + count)) === ink) found.middles.add(number)
          }
        }
      }
    },
    result: () => ({
      rows,
      trainedRows,
      promptsInTrain: found.prompts,
      middlesInTrain: found.middles,
      unchecked: Math.max(0, rows - room)
    })
  }
}

const putInto = <A>(lists: Map<number, Array<A>>, key: number, value: A): void => {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

const questionOf = (row: EvaluationRow): number => {
  if (row._tag === "infill") return inkOf([row.prefix, row.suffix])
  const { cursor, file: { text } } = row.moment
  return inkOf([text.slice(0, cursor), text.slice(cursor)])
}

/** All that a model reads of a row when it is trained. */
const textsOf = (row: EvaluationRow): ReadonlyArray<string> => {
  if (row._tag === "infill") return [row.prefix + row.gold + row.suffix, ...row.context.map(({ text }) => text)]
  const { moment: { events, file, related }, wanted } = row
  return [file.text, ...wanted, ...events.map(({ after }) => after), ...related.map(({ text }) => text)]
}

/** The text with the right answer in it, and where that stands; of an edit, from its first change to its last. */
const answerIn = (row: EvaluationRow): { readonly text: string; readonly span: Span } => {
  if (row._tag === "infill") {
    const { gold, prefix, suffix } = row
    return { text: prefix + gold + suffix, span: { start: prefix.length, end: prefix.length + gold.length } }
  }
  const text = row.wanted[0] ?? ""
  const hunks = lineDiff(row.moment.file.text, text)
  return { text, span: { start: hunks[0]?.new.start ?? 0, end: hunks.at(-1)?.new.end ?? 0 } }
}
