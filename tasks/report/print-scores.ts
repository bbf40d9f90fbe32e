/** `--score`: the measures of a dataset, or of two side by side, as lines or as JSON. */
import * as Effect from "effect/Effect"
import { addUpScores, measures, type Score, type Scores, type TypeScores } from "../../services/measures/score.ts"
import { findFiles } from "../shared/row-files.ts"
import { Screen } from "../shared/terminal.ts"
import type { ReportAnswers } from "./asked.ts"
import { openCounter } from "./count-tokens.ts"
import { openParses } from "./open-parses.ts"
import { ThresholdExceeded } from "./problems.ts"
import { nextEditLines, nextEditsInJson } from "./next-edit-lines.ts"
import { scoreFiles } from "./survey.ts"

/** Prints the measures; fails when one is above what the user allows. */
export const printScores = Effect.fnUntraced(function*(answers: ReportAnswers) {
  const screen = yield* Screen
  const options = {
    ...yield* openParses,
    mostTokens: answers.maxTokens ?? null,
    counter: yield* openCounter(answers.maxTokens === undefined ? undefined : answers.tokenizer)
  }
  const scoresOf = Effect.fnUntraced(function*(place: string) {
    const types = yield* scoreFiles(yield* findFiles(undefined, place), options)
    return { types, scores: addUpScores([...types.values()].map(({ scores }) => scores)) }
  })
  const scored = yield* scoresOf(answers.directory)
  const against = answers.against === undefined ? null : yield* scoresOf(answers.against)
  const [scores, others] = [scored.scores, against?.scores ?? null]
  yield* screen.print(
    answers.json
      ? `${JSON.stringify(against === null ? inJson(scored) : { scores: inJson(scored), against: inJson(against) })}\n`
      : others === null
      ? `${measures.map((name) => describe(name, scores[name])).join("\n")}\n`
      : `${sideBySide([answers.directory, answers.against ?? ""], [scores, others]).join("\n")}\n`
  )
  if (!answers.json) {
    for (const { types } of [scored, ...against === null ? [] : [against]]) {
      const lines = nextEditLines(types)
      if (lines.length > 0) yield* screen.print(`\n${lines.join("\n")}\n`)
    }
  }
  const details = answers.max.flatMap(({ measure, share: limit }) => {
    const { hit, of } = scores[measure]
    const share = of === 0 ? 0 : hit / of
    return share > limit ? [`${measure} is ${(share * 100).toFixed(2)} %, above ${limit * 100} %`] : []
  })
  return details.length === 0 ? undefined : yield* new ThresholdExceeded({ details })
})

interface ScoredPlace {
  readonly types: ReadonlyMap<string, TypeScores>
  readonly scores: Scores
}

/** The measures by name, and what is said of next edits beside them where there are any. */
const inJson = ({ scores, types }: ScoredPlace): Readonly<Record<string, unknown>> => {
  const nextEdits = nextEditsInJson(types)
  return nextEdits === null ? { ...scores } : { ...scores, nextEdits }
}

const shareOf = ({ hit, of }: Score): string =>
  of === 0 ? "does not apply" : `${hit} of ${of} (${(hit / of * 100).toFixed(2)} %)`

const nameWidth = 34
const columnWidth = 30

const describe = (name: string, score: Score): string =>
  `${name.padEnd(nameWidth)}${shareOf(score)}${score.example === "" ? "" : `, first ${score.example}`}`

/** A line for each measure, a column for each dataset. */
const sideBySide = (places: ReadonlyArray<string>, all: ReadonlyArray<Scores>): ReadonlyArray<string> => {
  const line = (name: string, cells: ReadonlyArray<string>) =>
    (name.padEnd(nameWidth) + cells.map((cell) => cell.padEnd(columnWidth)).join("")).trimEnd()
  const short = (
    place: string
  ) => (place.length < columnWidth ? place : `…${place.slice(place.length - columnWidth + 3)}`)
  return [
    line("", places.map(short)),
    ...measures.map((name) => line(name, all.map((scores) => shareOf(scores[name]))))
  ]
}
