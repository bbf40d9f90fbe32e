/** The job on whole commits: read, mine, spoil and draft rows, commit by commit. */
import * as Effect from "effect/Effect"
import type { CommitPart } from "../../../services/history/commit-parts.ts"
import { dialectNamed } from "../../../services/next-edit/dialects/all.ts"
import type { MinedEdit } from "../../../services/next-edit/mine.ts"
import { type LanguageParser, orGivenUp, type Parser } from "../../../services/Parser.ts"
import { keep, leaveOut, type Ledger } from "../../../services/rows/ledger.ts"
import { datasetShapes } from "../../../services/rows/shapes.ts"
import { lineDiff } from "../../../services/text/diff.ts"
import { canBeForeseen } from "./foreseen.ts"
import { makeRecentTrees } from "../../../services/text/recent-trees.ts"
import { languageNamed } from "../../../services/text/language.ts"
import { utf8Length } from "../../../services/text/span.ts"
import { type Random, randomOf } from "../../../services/text/random.ts"
import type { Draft, Drafts, Refusal } from "../draft.ts"
import type { Subject } from "../drafts.ts"
import { openLicences } from "../hygiene/licences.ts"
import { benchmarksOf, makeScreen } from "../hygiene/screen.ts"
import { openRecords } from "../finish.ts"
import type { CommitsInput, GenerateOutput } from "../jobs.ts"
import { reasonAgainstCut } from "../quality.ts"
import type { JobTools } from "../tools.ts"
import type { SecretMemory } from "./commit-files.ts"
import { editDraft } from "./drafts.ts"
import { type CommitBench, type MinedPart, minePart } from "./mine-part.ts"
import { rightFile } from "./right-file.ts"
import { wrongEditOf } from "./wrong-edits.ts"

export const runCommitsJob = (parser: Parser["Type"], tools: JobTools) =>
  Effect.fnUntraced(function*(input: CommitsInput) {
    const { settings } = input
    const { nextEdits } = settings
    const dialect = nextEdits === null ? undefined : dialectNamed(nextEdits.dialect)
    if (nextEdits === null || dialect === undefined) return yield* Effect.dieMessage("no next edits were asked for")
    const ledger: Ledger = {}
    const parsers = new Map<string, LanguageParser>()
    for (const name of languagesOf(input)) {
      if (languageNamed(name)?.hasGrammar === true) parsers.set(name, yield* parser.open(name))
    }
    const countTokens = settings.tokenizer === null ? null : yield* tools.openTokenizer(settings.tokenizer)
    const records = openRecords(settings)
    const asked = new Set(input.askedBefore)
    const judgeLicence = yield* openLicences(input, tools)
    const screen = makeScreen(yield* benchmarksOf(tools, settings), settings.hygiene.personalData)
    const secrets: SecretMemory = new Map()
    const trees = yield* Effect.acquireRelease(
      Effect.sync(() => makeRecentTrees(lineDiff)),
      ({ release }) => Effect.sync(release)
    )
    const treeOf: CommitBench["treeOf"] = (path, language, text) => {
      const parser = parsers.get(language)
      return parser === undefined ? undefined : trees.parserOf(path, language, parser).parse(text)
    }
    for (const part of input.parts) {
      const project = settings.context === null || part.parent === null
        ? null
        : yield* tools.contextAt({
          location: input.location,
          commit: part.parent,
          includePaths: settings.context.includePaths,
          excludedPaths: settings.excludedPaths,
          mostFiles: settings.maxFiles
        })
      const bench: Bench = {
        input,
        nextEdits,
        dialect,
        parsers,
        treeOf,
        secrets,
        countTokens,
        screen,
        judgeLicence,
        asked,
        project,
        ledger
      }
      const made = orGivenUp(() => draftsOf(bench, part))
      if (typeof made === "string") leaveOut(ledger, "changes", made, part.changes.length)
      else records.take(made)
    }
    return { records: records.finish(), ledger, asked: input.askedBefore === undefined ? [] : [...asked] }
  }, Effect.scoped) satisfies (input: CommitsInput) => Effect.Effect<GenerateOutput, Error>

/** A C header may turn out to be C++ when it is read. */
const languagesOf = ({ parts }: CommitsInput): ReadonlySet<string> =>
  new Set(
    parts.flatMap(({ changes }) => changes.flatMap(({ language }) => (language === "c" ? ["c", "cpp"] : [language])))
  )

/** What all commits of a job are worked on with. */
interface Bench extends CommitBench, Pick<Subject, "countTokens" | "screen"> {
  readonly parsers: ReadonlyMap<string, LanguageParser>
}

const draftsOf = (bench: Bench, part: CommitPart): Drafts => {
  const { mined, rejections } = minePart(bench, part)
  const made: Drafts = { drafts: [], rejections: [...rejections] }
  for (const one of mined) {
    const draft = draftOf(bench, part, one)
    if (typeof draft !== "string" && !("reason" in draft)) {
      keep(bench.ledger, "moments")
      made.drafts.push(draft)
      continue
    }
    const refusal = typeof draft === "string" ? { reason: draft } : draft
    leaveOut(bench.ledger, "moments", refusal.reason)
    const { edit: { example, kind, rendered: { region } }, file: { change: { language, path } } } = one
    made.rejections.push({
      ...refusal,
      middle: example.wanted.slice(region.start, example.wanted.length - (example.file.text.length - region.end)),
      metadata: {
        repo: bench.input.repository,
        filepath: path,
        language,
        commit: part.commit,
        kind,
        span: [utf8Length(example.file.text, 0, region.start), utf8Length(example.file.text, 0, region.end)]
      }
    })
  }
  return made
}

const draftOf = (
  bench: Bench,
  part: CommitPart,
  { edit, file: { change }, identity, licence }: MinedPart
): Draft | Refusal | string => {
  const { countTokens, dialect, input: { repository, settings }, ledger, screen } = bench
  const reason = settings.qualityFilter ? reasonAgainstEdit(edit, change.language) : undefined
  if (reason !== undefined) return reason
  const isPaired = settings.datasetTypes.some((type) => datasetShapes[type].contrast !== "none")
  const found = isPaired ? wrongOf(bench, change.language, edit, randomOf("wrong edit", ...identity)) : undefined
  const { wrong } = found ?? {}
  const draft = editDraft({ settings, repository, part, change, dialect, edit, wrong, licence, screen, countTokens })
  if (typeof draft === "string" || "reason" in draft || found === undefined) return draft
  for (const [why, times] of Object.entries(found.refused)) leaveOut(ledger, "proposals", why, times)
  if (found.wrong === undefined) leaveOut(ledger, "negatives", "none found")
  else {
    keep(ledger, "proposals")
    keep(ledger, "negatives")
  }
  return draft
}

const wrongOf = ({ dialect, nextEdits, parsers, treeOf }: Bench, language: string, edit: MinedEdit, random: Random) => {
  const { file: { path }, wanted } = edit.example
  const right = rightFile(wanted, language, parsers.get(language), treeOf(path, language, wanted))
  return wrongEditOf({ edit, dialect, shares: nextEdits.wrong, right, random })
}

/** Returns why what is written teaches nothing, or undefined; to take something away always says something. */
const reasonAgainstEdit = (edit: MinedEdit, language: string): string | undefined => {
  const { example: { file: { text }, wanted } } = edit
  const hunks = lineDiff(text, wanted)
  const [first, ...others] = hunks
  if (first === undefined) return undefined
  if (!canBeForeseen(edit, hunks)) return "nothing tells what to write"
  if (first.new.start === first.new.end || others.length > 0) return undefined
  return reasonAgainstCut({ text: wanted, language, nodes: null }, { kind: "lines", span: first.new, isComment: false })
}
