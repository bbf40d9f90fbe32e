/** What the command does once its flags are read. Loaded then, so that `--help` does not wait for it. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { type Measure, measures, type Score, type ScoreOptions } from "../../services/measures/score.ts"
import { languageNamed, languageNames } from "../../services/text/language.ts"
import { type LanguageParser, orGivenUp, Parser } from "../../services/Parser.ts"
import { withoutSecret } from "../../services/secrets/hidden.ts"
import { lazyLayer } from "../shared/lazy-layer.ts"
import { openTokenizer } from "../shared/open-tokenizer.ts"
import type { AnswersTo } from "../shared/asked/asked.ts"
import { CannotReadInput } from "../shared/problems.ts"
import { readers } from "../shared/readers.ts"
import { findFiles } from "../shared/row-files.ts"
import { Screen } from "../shared/terminal.ts"
import { renderCard } from "./card.ts"
import { configsOf } from "./configs.ts"
import type { asked } from "./asked.ts"
import { figuresOf, renderPage } from "./page.ts"
import { CardEdited, ThresholdExceeded } from "./problems.ts"
import { recipesOf } from "./recipes/recipes-of.ts"
import { writeRecipes } from "./recipes/write-recipes.ts"
import { isUntouched, signed } from "./signature.ts"
import { noProvenance, readProvenance } from "../shared/provenance.ts"
import { writeFile } from "./write-file.ts"
import { survey } from "./survey.ts"

type ReportAnswers = AnswersTo<typeof asked>

export const handle = (answers: ReportAnswers) =>
  Effect.suspend(() => run(answers)).pipe(
    Effect.provide(
      Layer.merge(readers, lazyLayer(async () => (await import("../../layers/parser/TreeSitterParser.ts")).layer))
    )
  )

const run = Effect.fnUntraced(function*(answers: ReportAnswers) {
  if (answers.score) yield* score(answers)
  else yield* writeReport(answers)
})

const score = Effect.fnUntraced(function*(answers: ReportAnswers) {
  const screen = yield* Screen
  const options = yield* scoreOptions(answers)
  const scoresOf = Effect.fnUntraced(function*(place: string) {
    const files = yield* findFiles(undefined, place)
    return (yield* survey(files, 0, options)).scores
  })
  const scores = yield* scoresOf(answers.directory)
  const others = answers.against === undefined ? null : yield* scoresOf(answers.against)
  yield* screen.print(
    answers.json
      ? `${JSON.stringify(others === null ? scores : { scores, against: others })}\n`
      : others === null
      ? `${measures.map((name) => describe(name, scores[name])).join("\n")}\n`
      : `${sideBySide([answers.directory, answers.against ?? ""], [scores, others]).join("\n")}\n`
  )
  const details = answers.max.flatMap(({ measure, share: limit }) => {
    const { hit, of } = scores[measure]
    const share = of === 0 ? 0 : hit / of
    return share > limit ? [`${measure} is ${(share * 100).toFixed(2)} %, above ${limit * 100} %`] : []
  })
  if (details.length > 0) return yield* new ThresholdExceeded({ details })
  return undefined
})

const shareOf = ({ hit, of }: Score): string =>
  of === 0 ? "does not apply" : `${hit} of ${of} (${(hit / of * 100).toFixed(2)} %)`

const nameWidth = 34
const columnWidth = 30

const describe = (name: string, score: Score): string =>
  `${name.padEnd(nameWidth)}${shareOf(score)}${score.example === "" ? "" : `, first ${score.example}`}`

/** A line for each measure, a column for each dataset. */
const sideBySide = (
  places: ReadonlyArray<string>,
  all: ReadonlyArray<Readonly<Record<Measure, Score>>>
): ReadonlyArray<string> => {
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

/** About so many characters make a token, where no tokenizer is given. */
const charactersPerToken = 4

const scoreOptions = Effect.fnUntraced(function*({ maxTokens, tokenizer }: ReportAnswers) {
  const parser = yield* Parser
  const parsers = new Map<string, LanguageParser>()
  for (const name of languageNames) {
    // Grammars load in a moment each; a dataset has several languages.
    if (languageNamed(name)?.hasGrammar === true) parsers.set(name, yield* parser.open(name))
  }
  const count = tokenizer === undefined ? undefined : yield* openTokenizer((yield* Path.Path).resolve(tokenizer))
  const options: ScoreOptions = {
    tokens: maxTokens === undefined
      ? null
      : { most: maxTokens, count: count ?? ((text) => Math.ceil(text.length / charactersPerToken)) },
    parses: (language, text) => {
      const known = parsers.get(language)
      if (known === undefined) return undefined
      const errors = orGivenUp(() => {
        const tree = known.parse(text)
        try {
          return tree.errorCount()
        } finally {
          tree.release()
        }
      })
      return typeof errors === "number" ? errors === 0 : undefined
    }
  }
  return options
})

const writeReport = Effect.fnUntraced(function*(answers: ReportAnswers) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const screen = yield* Screen
  const folder = path.resolve(answers.directory)
  const info = yield* Effect.option(fs.stat(folder))
  if (Option.isNone(info) || info.value.type !== "Directory") {
    return yield* new CannotReadInput({
      path: folder,
      detail: "there is no such folder; a single file can be scored: --score"
    })
  }
  const card = path.join(folder, "README.md")
  const old = yield* Effect.option(fs.readFileString(card))
  if (Option.isSome(old) && !answers.overwrite && !isUntouched(old.value)) return yield* new CardEdited({ path: card })
  const files = yield* findFiles(undefined, folder)
  const made = yield* Effect.option(fs.readFileString(path.join(folder, "metadata.json")))
  const read = Option.isSome(made) ? readProvenance(made.value) : noProvenance
  const provenance = { ...read, lines: read.lines.map(withoutSecret) }
  const { files: surveyed, scores } = yield* survey(files, answers.samples, yield* scoreOptions(answers))
  const name = answers.title ?? path.basename(folder)
  const figures = figuresOf(surveyed, provenance.ledger)
  yield* writeFile(path.join(folder, "report.html"), renderPage({ name, files: surveyed, scores, provenance, figures }))
  yield* Effect.forEach(
    figures,
    (figure) => writeFile(path.join(folder, "figures", `${figure.name}.svg`), `${figure.svg}\n`)
  )
  const configs = configsOf(surveyed)
  const recipes = recipesOf(configs, provenance)
  const kept = yield* writeRecipes(path.join(folder, "recipes"), recipes, answers.overwrite)
  const cardInput = { name, license: answers.license, files: surveyed, scores, provenance, configs, recipes }
  yield* writeFile(card, signed("markdown", renderCard(cardInput)))
  for (const file of kept) {
    yield* screen.note(`Kept recipes/${file}, which was edited; pass --overwrite to replace it\n`)
  }
  return yield* screen.note(`Wrote ${path.join(folder, "report.html")}, figures/, recipes/ and README.md\n`)
})
