/** An evaluation from its rows to its page. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { type Ledger, takeBack } from "../../services/rows/ledger.ts"
import { CannotReadInput, WrongUsage } from "../shared/problems.ts"
import type { Progress } from "../shared/progress.ts"
import { Screen } from "../shared/terminal.ts"
import { Tool } from "../shared/tool.ts"
import { orCannotWrite, writeWhole } from "../shared/whole-file.ts"
import { type AskedModel, askRows, type ModelRowAnswer } from "./ask-rows.ts"
import type { EvaluateAnswers } from "./asked.ts"
import { writeAsSet } from "./write-as-set.ts"
import { renderInspectLog, renderLmEvalSamples } from "./exports.ts"
import { openJournal } from "./journal.ts"
import { openModel } from "./models.ts"
import { openErrorCounts } from "./open-error-counts.ts"
import { renderEvaluation } from "./page.ts"
import { CannotReadResults, ModelBelowThreshold, NothingToCompare } from "./problems.ts"
import { readTestRows } from "./read-test-rows.ts"
import { EarlierResults, type Evaluation, renderResults } from "./results.ts"
import { isMeasured, type Judges, scoreAnswer } from "./score-answer.ts"
import { type ComparedRow, groupsOf, rowsWith, tabulate } from "./tabulate.ts"
import type { TestRow } from "./test-row.ts"
import { comparedWithEarlier, shortOf, tooLittleShared } from "./thresholds.ts"
import { openVims, tryKeystrokes } from "./try-keystrokes.ts"
import { type Unanswered, unansweredLine, unansweredOf, unansweredTooOften } from "./unanswered.ts"
import { sentenceOn } from "./verdict.ts"

/** Asks, scores and compares, and writes what came of it. */
export const runEvaluation = Effect.fn("evaluate.run")(function*(answers: EvaluateAnswers, progress: Progress) {
  const folder = (yield* Path.Path).resolve(answers.output)
  if (answers.export !== undefined) {
    const refused = flagsBesideExport(answers)
    if (refused.length > 0) {
      return yield* new WrongUsage({ detail: `Cannot ask a model with --export: drop it, or ${refused.join(", ")}` })
    }
    const { ledger, path } = yield* writeAsSet(answers.rows, answers.export, folder, {
      limit: answers.limit ?? null,
      seed: answers.seed
    })
    return yield* progress.say(`Wrote ${path}: ${ledger["rows"]?.kept ?? 0} rows${reasonsOf(ledger)}`)
  }
  if (answers.model === undefined) {
    return yield* new WrongUsage({
      detail: "Cannot evaluate nothing: pass --model, such as llama.cpp=http://127.0.0.1:8080 or baseline:similar-line"
    })
  }
  // What cannot be compared with is told before anything is asked.
  const earlier = answers.noWorseThan === undefined ? null : yield* readEarlier(answers.noWorseThan)
  const { ledger, rows: read } = yield* readTestRows(answers.rows, {
    limit: answers.limit ?? null,
    seed: answers.seed,
    layout: answers.layout ?? null,
    cutoff: answers.cutoff ?? null,
    train: answers.train
  })
  const { rows, vims } = yield* openVims(read, answers, ledger, progress)
  if (rows.length === 0) return yield* new NothingToCompare({ detail: `no row can be asked${reasonsOf(ledger)}` })
  const countErrors = yield* openErrorCounts(new Set(rows.map(({ language }) => language)))
  const { headline } = answers
  if (!rows.some((row) => isMeasured(row, headline, countErrors))) {
    return yield* new NothingToCompare({
      detail: `${headline} says nothing of these rows; pass another --headline, such as exact`
    })
  }
  if (earlier !== null) {
    const groups = groupsOf(rows)
    const asked = rows.map((row, at) => ({ id: row.id, group: groups[at] ?? row.place }))
    const detail = tooLittleShared(asked, earlier.results, headline)
    if (detail !== undefined) return yield* new CannotReadResults({ path: earlier.path, detail })
  }
  const judged = yield* openModel(answers.model, answers)
  const other = answers.against === undefined ? [] : [yield* openModel(answers.against, answers)]
  const twice = answers.again ? [{ ...judged, turn: 1 }] : []
  const asked = [judged, ...other, ...twice]
  const journal = yield* openJournal(folder)
  const settings = {
    asGaps: answers.asGaps,
    maxTokens: answers.maxTokens ?? null,
    temperature: answers.temperature,
    seed: answers.seed
  }
  const all = yield* askRows(rows, asked, journal, {
    settings,
    likelihood: answers.likelihood,
    onAnswer: (done, size) => progress.advance({ done, size, rows: done, unit: "rows" })
  }).pipe(Effect.ensuring(progress.end))
  const trialOf = yield* Effect.ensuring(tryKeystrokes(rows, all, vims, progress), progress.end)
  const compared = compareRows(rows, asked, all, ledger, { countErrors, trialOf })
  if (rowsWith(compared, headline).length === 0) {
    const what = compared.length === 0
      ? "an answer of each model"
      : `an answer of each model that ${headline} says something of`
    return yield* new NothingToCompare({ detail: `no row has ${what}${reasonsOf(ledger)}` })
  }
  const models = [judged, ...other]
  const own = compared.map((row) => ({
    ...row,
    answers: row.answers.slice(0, models.length),
    scored: row.scored.slice(0, models.length)
  }))
  const again = answers.again ? compared.flatMap(({ scored }) => scored.slice(-1)) : null
  const figures = tabulate(own, headline, answers.seed, again)
  const evaluation: Evaluation = {
    version: (yield* Tool).version,
    models: models.map(({ identity, name }) => ({ name, identity })),
    verdict: sentenceOn(figures, models.map(({ name }) => name)),
    figures,
    rows: own,
    ledger,
    settings
  }
  yield* writeEvaluation(folder, evaluation, answers.samples)
  const unanswered = unansweredOf(all)
  const warning = unansweredLine(unanswered)
  if (warning !== undefined) yield* (yield* Screen).note(`Warning: ${warning}\n`)
  yield* progress.say(evaluation.verdict)
  yield* progress.say(`Wrote ${folder}: evaluate.html, results.json, lm-eval/ and inspect/`)
  return yield* holdAgainst(evaluation, answers, earlier, unanswered)
})

/** Returns the flags that are about a model, by their names. */
const flagsBesideExport = ({ against, min, model, noWorseThan }: EvaluateAnswers): ReadonlyArray<string> => [
  ...(model === undefined ? [] : ["--model"]),
  ...(against === undefined ? [] : ["--against"]),
  ...(min.length === 0 ? [] : ["--min"]),
  ...(noWorseThan === undefined ? [] : ["--no-worse-than"])
]

const reasonsOf = (ledger: Ledger): string => {
  const reasons = Object.values(ledger).flatMap(({ leftOut }) => Object.entries(leftOut))
  return reasons.length === 0 ? "" : ` (${reasons.map(([reason, count]) => `${count} left out: ${reason}`).join(", ")})`
}

/** Scores the rows that all models answered; a row that one of them did not is left out for all, and counted. */
const compareRows = (
  rows: ReadonlyArray<TestRow>,
  models: ReadonlyArray<AskedModel>,
  all: ReadonlyArray<ReadonlyArray<ModelRowAnswer>>,
  ledger: Ledger,
  judges: Judges
): ReadonlyArray<ComparedRow> => {
  const groups = groupsOf(rows)
  return rows.flatMap((row, at): ReadonlyArray<ComparedRow> => {
    const own = all.flatMap((answers) => answers[at] ?? [])
    const answered = own.flatMap((answer) => (answer._tag === "answered" ? [answer] : []))
    if (answered.length < models.length) {
      const reason = own.flatMap((answer) => (answer._tag === "answered" ? [] : [answer.reason]))[0]
      takeBack(ledger, "rows", reason ?? "not asked")
      return []
    }
    return [{
      row,
      group: groups[at] ?? row.place,
      answers: answered,
      scored: answered.map((answer) => scoreAnswer(row, answer, judges))
    }]
  })
}

const writeEvaluation = Effect.fnUntraced(function*(folder: string, evaluation: Evaluation, samples: number) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const sides = evaluation.models.length < 2 ? ["model"] : ["model", "against"]
  for (const below of ["lm-eval", "inspect"]) {
    yield* orCannotWrite(folder)(fs.makeDirectory(path.join(folder, below), { recursive: true }))
  }
  for (const [place, side] of sides.entries()) {
    yield* writeWhole(path.join(folder, "lm-eval", `samples_${side}.jsonl`), renderLmEvalSamples(evaluation, place))
    yield* writeWhole(path.join(folder, "inspect", `${side}.json`), renderInspectLog(evaluation, place))
  }
  yield* writeWhole(path.join(folder, "results.json"), renderResults(evaluation))
  yield* writeWhole(path.join(folder, "evaluate.html"), renderEvaluation(evaluation, samples))
})

const decodeEarlier = Schema.decodeUnknownEither(Schema.parseJson(EarlierResults))

interface Earlier {
  readonly path: string
  readonly results: EarlierResults
}

const readEarlier = Effect.fnUntraced(function*(name: string) {
  const fs = yield* FileSystem.FileSystem
  const text = yield* Effect.mapError(
    fs.readFileString(name),
    () => new CannotReadInput({ path: name, detail: "there is no such file" })
  )
  const read = decodeEarlier(text)
  if (Either.isLeft(read)) {
    return yield* new CannotReadResults({ path: name, detail: "it is no results.json of evaluate" })
  }
  const earlier: Earlier = { path: name, results: read.right }
  return earlier
})

const holdAgainst = Effect.fnUntraced(function*(
  evaluation: Evaluation,
  { min, seed }: EvaluateAnswers,
  earlier: Earlier | null,
  unanswered: Unanswered
) {
  const isGate = min.length > 0 || earlier !== null
  const tooOften = isGate ? unansweredTooOften(unanswered) : undefined
  const short = [...(tooOften === undefined ? [] : [tooOften]), ...shortOf(evaluation, min)]
  if (earlier !== null) {
    const said = comparedWithEarlier(evaluation, earlier.results, seed)
    if (said._tag === "said" && said.worse !== "") short.push(said.worse)
    if (said._tag === "cannot say") {
      const failure = new CannotReadResults({ path: earlier.path, detail: said.detail })
      // What the model falls short of is sure, whatever it was before.
      if (short.length === 0) return yield* failure
      short.push(failure.message)
    }
  }
  return short.length === 0 ? undefined : yield* new ModelBelowThreshold({ details: short })
})
