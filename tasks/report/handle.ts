/** What the command does once its flags are read. Loaded then, so that `--help` does not wait for it. */
import * as FileSystem from "@effect/platform/FileSystem"
import * as Path from "@effect/platform/Path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import { type Measure, measures, type Score, type ScoreOptions } from "../../services/measures/score.ts"
import { languageNamed, languageNames } from "../../services/text/language.ts"
import { type LanguageParser, orGivenUp, Parser } from "../../services/Parser.ts"
import { fingerprint } from "../../services/text/random.ts"
import { CannotWrite } from "../../services/Writer.ts"
import { lazyLayer } from "../shared/lazy-layer.ts"
import { openTokenizer } from "../shared/open-tokenizer.ts"
import { CannotReadInput, WrongUsage } from "../shared/problems.ts"
import { readers } from "../shared/readers.ts"
import { findFiles } from "../shared/row-files.ts"
import { Screen } from "../shared/terminal.ts"
import { renderCard } from "./card.ts"
import type { ReportFlags } from "./options.ts"
import { figuresOf, renderPage } from "./page.ts"
import { CardEdited, ThresholdExceeded } from "./problems.ts"
import { noProvenance, readProvenance } from "../shared/provenance.ts"
import { survey } from "./survey.ts"

export const handle = (flags: ReportFlags) =>
  Effect.suspend(() => run(flags)).pipe(
    Effect.provide(
      Layer.merge(readers, lazyLayer(async () => (await import("../../layers/parser/TreeSitterParser.ts")).layer))
    )
  )

const run = Effect.fnUntraced(function*(flags: ReportFlags) {
  if (flags.score) yield* score(flags)
  else yield* writeReport(flags)
})

const score = Effect.fnUntraced(function*(flags: ReportFlags) {
  const screen = yield* Screen
  const limits = yield* limitsOf(flags.max)
  const options = yield* scoreOptions(flags)
  const scoresOf = Effect.fnUntraced(function*(place: string) {
    const files = yield* findFiles(Option.none(), Option.some(place))
    return (yield* survey(files, 0, options)).scores
  })
  const scores = yield* scoresOf(flags.directory)
  const others = Option.isSome(flags.against) ? yield* scoresOf(flags.against.value) : null
  yield* screen.print(
    flags.json
      ? `${JSON.stringify(others === null ? scores : { scores, against: others })}\n`
      : others === null
      ? `${measures.map((name) => describe(name, scores[name])).join("\n")}\n`
      : `${sideBySide([flags.directory, Option.getOrElse(flags.against, () => "")], [scores, others]).join("\n")}\n`
  )
  const details = [...limits].flatMap(([measure, limit]) => {
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

const isMeasure = (name: string): name is Measure => measures.some((measure) => measure === name)

const limitsOf = Effect.fnUntraced(function*(texts: ReadonlyArray<string>) {
  const limits = new Map<Measure, number>()
  for (const text of texts) {
    const [name = "", value = ""] = text.split("=")
    const limit = Number(value)
    if (!isMeasure(name) || value === "" || !(limit >= 0 && limit <= 1)) {
      return yield* new WrongUsage({
        detail: `Cannot use --max "${text}": it takes a measure and a share from 0 to 1, as in blank-completions=0.01`
      })
    }
    limits.set(name, limit)
  }
  return limits
})

/** About so many characters make a token, where no tokenizer is given. */
const charactersPerToken = 4

const scoreOptions = Effect.fnUntraced(function*({ maxTokens, tokenizer }: ReportFlags) {
  const parser = yield* Parser
  const parsers = new Map<string, LanguageParser>()
  for (const name of languageNames) {
    // Grammars load in a moment each; a dataset has several languages.
    if (languageNamed(name)?.hasGrammar === true) parsers.set(name, yield* parser.open(name))
  }
  const count = Option.isSome(tokenizer) ? yield* openTokenizer((yield* Path.Path).resolve(tokenizer.value)) : undefined
  const options: ScoreOptions = {
    tokens: Option.isNone(maxTokens)
      ? null
      : { most: maxTokens.value, count: count ?? ((text) => Math.ceil(text.length / charactersPerToken)) },
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

/** The last line of a card of ours: what it is the hash of tells whether somebody wrote in it since. */
const signed = (card: string): string => `${card}\n<!-- written by retrace report, ${fingerprint("card", card)} -->\n`

const isUntouched = (text: string): boolean => {
  const match = /^([^]*)\n<!-- written by retrace report, ([\da-f]{16}) -->\n$/.exec(text)
  return match !== null && match[2] === fingerprint("card", match[1] ?? "")
}

const writeReport = Effect.fnUntraced(function*(flags: ReportFlags) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const screen = yield* Screen
  const folder = path.resolve(flags.directory)
  const info = yield* Effect.option(fs.stat(folder))
  if (Option.isNone(info) || info.value.type !== "Directory") {
    return yield* new CannotReadInput({
      path: folder,
      detail: "there is no such folder; a single file can be scored: --score"
    })
  }
  const card = path.join(folder, "README.md")
  const old = yield* Effect.option(fs.readFileString(card))
  if (Option.isSome(old) && !flags.overwrite && !isUntouched(old.value)) return yield* new CardEdited({ path: card })
  const files = yield* findFiles(Option.none(), Option.some(folder))
  const made = yield* Effect.option(fs.readFileString(path.join(folder, "metadata.json")))
  const provenance = Option.isSome(made) ? readProvenance(made.value) : noProvenance
  const { files: surveyed, scores } = yield* survey(files, Math.max(0, flags.samples), yield* scoreOptions(flags))
  const name = Option.getOrElse(flags.title, () => path.basename(folder))
  const figures = figuresOf(surveyed, provenance.ledger)
  yield* writeFile(path.join(folder, "report.html"), renderPage({ name, files: surveyed, scores, provenance, figures }))
  yield* Effect.forEach(
    figures,
    (figure) => writeFile(path.join(folder, "figures", `${figure.name}.svg`), `${figure.svg}\n`)
  )
  yield* writeFile(
    card,
    signed(renderCard({ name, license: flags.license, files: surveyed, scores, provenance }))
  )
  return yield* screen.note(`Wrote ${path.join(folder, "report.html")}, figures/ and README.md\n`)
})

/** Writes beside the place and renames, so that a file is whole or as it was. */
const writeFile = Effect.fnUntraced(function*(target: string, text: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const draft = `${target}.part`
  yield* fs.makeDirectory(path.dirname(target), { recursive: true }).pipe(
    Effect.zipRight(fs.writeFileString(draft, text)),
    Effect.zipRight(fs.rename(draft, target)),
    Effect.mapError((cause) => new CannotWrite({ path: target, detail: cause.message }))
  )
})
