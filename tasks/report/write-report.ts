/** Writes report.html, its figures and the dataset card into the folder of a dataset. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { tableOfFile } from "../../services/formats/output-format.ts"
import { attributionFile, contaminatedFile } from "../generate/dataset-files.ts"
import { CannotReadInput } from "../shared/problems.ts"
import { provenanceBeside } from "../shared/provenance-beside.ts"
import { findFiles } from "../shared/row-files.ts"
import { Screen } from "../shared/terminal.ts"
import type { ReportAnswers } from "./asked.ts"
import { renderCard } from "./card.ts"
import { renderChartFile } from "./charts.ts"
import { limitsWith } from "./checks.ts"
import { configsOf } from "./configs.ts"
import { openCounter } from "./count-tokens.ts"
import { openParses } from "./open-parses.ts"
import { renderPage } from "./page.ts"
import { CardEdited } from "./problems.ts"
import { recipesOf } from "./recipes/recipes-of.ts"
import { writeRecipes } from "./recipes/write-recipes.ts"
import { reportOn } from "./report-on.ts"
import { isUntouched, signed } from "./signature.ts"
import { survey } from "./survey.ts"
import { makeCroissant, publicationIn, writeCroissant } from "./write-croissant.ts"
import { writeFile } from "./write-file.ts"

const contaminated = tableOfFile(contaminatedFile)

/** Writes a report of a folder; fails for a folder whose card a person edited. */
export const writeReport = Effect.fnUntraced(function*(answers: ReportAnswers) {
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
  const publication = yield* publicationIn(answers)
  // What holds pieces of benchmarks is no part of the dataset.
  const files = (yield* findFiles(undefined, folder)).filter(({ name }) => tableOfFile(name) !== contaminated)
  const provenance = yield* provenanceBeside(folder, files.map(({ name }) => name))
  const counter = yield* openCounter(answers.tokenizer)
  const surveyed = yield* survey(files, {
    ...yield* openParses,
    counter,
    mostTokens: answers.maxTokens ?? null,
    samples: answers.samples
  })
  const configs = configsOf(surveyed.files)
  const recipes = recipesOf(configs, provenance)
  const report = reportOn(surveyed, {
    name: answers.title ?? path.basename(folder),
    limits: limitsWith(answers.max),
    counter,
    provenance,
    recipes
  })
  const croissant = publication === null
    ? null
    : yield* makeCroissant({ publication, answers, configs, report, provenance })
  yield* writeFile(path.join(folder, "report.html"), renderPage(report))
  yield* Effect.forEach(
    [...report.types.flatMap(({ figures }) => figures), ...report.funnel],
    ({ chart, name }) => writeFile(path.join(folder, "figures", `${name}.svg`), `${renderChartFile(chart)}\n`)
  )
  const kept = yield* writeRecipes(path.join(folder, "recipes"), recipes, answers.overwrite)
  const published = { ...answers, hasAttribution: yield* fs.exists(path.join(folder, attributionFile)) }
  const cardInput = { published, files: surveyed.files, report, configs, recipes }
  yield* writeFile(card, signed("markdown", renderCard(cardInput)))
  if (croissant !== null) yield* writeCroissant(folder, croissant)
  for (const file of kept) {
    yield* screen.note(`Kept recipes/${file}, which was edited; pass --overwrite to replace it\n`)
  }
  yield* screen.note(`${report.verdict.sentence}\n`)
  const papers = `figures/, recipes/${croissant === null ? "" : ", croissant.json"} and README.md\n`
  return yield* screen.note(`Wrote ${path.join(folder, "report.html")}, ${papers}`)
})
