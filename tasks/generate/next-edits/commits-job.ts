/** The job on whole commits: read, mine, spoil and draft rows, commit by commit. */
import * as Effect from "effect/Effect"
import type { CommitPart } from "../../../services/history/commit-parts.ts"
import { ancestorsAt, spanAround } from "../../../services/next-edit/ancestors.ts"
import type { Dialect } from "../../../services/next-edit/dialect.ts"
import { dialectNamed } from "../../../services/next-edit/dialects/all.ts"
import type { EditEvent } from "../../../services/next-edit/example.ts"
import { mineCommit, type MinedEdit, type PlaceTeller } from "../../../services/next-edit/mine.ts"
import { relatedOf, relatedRequest } from "../../../services/next-edit/related.ts"
import { type LanguageParser, orGivenUp, type Parser } from "../../../services/Parser.ts"
import { keep, leaveOut, type Ledger, takeBack } from "../../../services/rows/ledger.ts"
import { datasetShapes } from "../../../services/rows/shapes.ts"
import { applyHunks, lineDiff } from "../../../services/text/diff.ts"
import { languageNamed } from "../../../services/text/language.ts"
import { type Random, randomOf, unitInterval } from "../../../services/text/random.ts"
import type { Draft, Subject } from "../drafts.ts"
import { openRecords } from "../finish.ts"
import type { CommitsInput, GenerateOutput } from "../jobs.ts"
import { reasonAgainstCut } from "../quality.ts"
import type { NextEditSettings } from "../settings.ts"
import type { JobTools } from "../tools.ts"
import { type ReadFile, readFile, reasonAgainstCommit, type SecretMemory } from "./commit-files.ts"
import { editDraft } from "./drafts.ts"
import { rightFile } from "./right-file.ts"
import { type CommitTrees, openTrees } from "./trees.ts"
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
    const secrets: SecretMemory = new Map()
    for (const part of input.parts) {
      const askContext = settings.context === null || part.parent === null
        ? null
        : yield* tools.contextAt({
          location: input.location,
          commit: part.parent,
          includePaths: settings.context.includePaths,
          mostFiles: settings.maxFiles
        })
      const trees = openTrees(parsers)
      const bench: Bench = {
        input,
        nextEdits,
        dialect,
        parsers,
        trees,
        secrets,
        countTokens,
        asked,
        askContext,
        ledger
      }
      const made = orGivenUp(() => {
        try {
          return mineDrafts(bench, part)
        } finally {
          trees.release()
        }
      })
      if (typeof made === "string") leaveOut(ledger, "changes", made, part.changes.length)
      else records.take({ drafts: made, rejections: [] })
    }
    return { records: records.finish(), ledger, asked: input.askedBefore === undefined ? [] : [...asked] }
  }) satisfies (input: CommitsInput) => Effect.Effect<GenerateOutput, Error>

/** A C header may turn out to be C++ when it is read. */
const languagesOf = ({ parts }: CommitsInput): ReadonlySet<string> =>
  new Set(
    parts.flatMap(({ changes }) => changes.flatMap(({ language }) => (language === "c" ? ["c", "cpp"] : [language])))
  )

/** What all commits of a job are worked on with. */
interface Bench extends Pick<Subject, "countTokens" | "asked" | "askContext"> {
  readonly input: CommitsInput
  readonly nextEdits: NextEditSettings
  readonly dialect: Dialect
  readonly parsers: ReadonlyMap<string, LanguageParser>
  readonly trees: CommitTrees
  readonly secrets: SecretMemory
  readonly ledger: Ledger
}

/** A commit may give a row with an edit for so many of its hunks, and so many at the most. */
const hunksForRow = 2
const mostRows = 6

const mineDrafts = (bench: Bench, part: CommitPart): ReadonlyArray<Draft> => {
  const { asked, dialect, input, ledger, nextEdits } = bench
  const { settings } = input
  const read = part.changes.map((change) => readFile(input.contents, change, settings.qualityFilter, bench.secrets))
  const files = read.filter((file) => typeof file !== "string")
  for (const reason of read) if (typeof reason === "string") leaveOut(ledger, "changes", reason)
  if (files.length === 0) return []
  const against = reasonAgainstCommit(part, files)
  if (against !== undefined) {
    takeBack(ledger, "commits", against)
    leaveOut(ledger, "changes", against, files.length)
    return []
  }
  keep(ledger, "changes", files.length)
  const identity = ["next edit", settings.seed, input.repository, part.commit, part.group] as const
  const hunks = files.reduce((sum, { after, before }) => sum + lineDiff(before, after).length, 0)
  const { mined, refused } = mineCommit({
    files,
    earlier: eventsBefore(bench, part),
    dialect,
    shares: nextEdits.targets,
    noEditShare: nextEdits.noEditShare,
    count: Math.min(mostRows, Math.ceil(hunks / hunksForRow)),
    maxLines: settings.maxMiddleLines,
    place: tellerOf(bench, files, identity),
    random: randomOf(...identity),
    asked
  })
  for (const reason of refused) leaveOut(ledger, "moments", reason)
  return mined.flatMap((edit, place): ReadonlyArray<Draft> => {
    const file = files.find(({ path }) => path === edit.example.file.path)
    const made = file === undefined ? "no file" : draftOf(bench, part, file, edit, [...identity, place])
    if (typeof made === "string") {
      leaveOut(ledger, "moments", made)
      return []
    }
    keep(ledger, "moments")
    return [made]
  })
}

/** What the author did in earlier commits, hunk by hunk, as far as it is known. */
const eventsBefore = ({ input, secrets }: Bench, { earlier }: CommitPart): ReadonlyArray<EditEvent> =>
  earlier.flatMap((change) => {
    const file = readFile(input.contents, change, input.settings.qualityFilter, secrets)
    if (typeof file === "string") return []
    const { after, before, path } = file
    const hunks = lineDiff(before, after)
    return hunks.map((_, done): EditEvent => ({
      path,
      before: applyHunks(before, after, hunks, done),
      after: applyHunks(before, after, hunks, done + 1)
    }))
  }).slice(-mostEarlier)

/** Earlier hunks that a log could keep. */
const mostEarlier = 10

const tellerOf = (
  bench: Bench,
  files: ReadonlyArray<ReadFile>,
  identity: ReadonlyArray<string | number>
): PlaceTeller => {
  const { askContext, dialect, input: { settings }, trees } = bench
  return {
    ancestors: (path, text, cursor) => {
      const language = files.find((file) => file.path === path)?.change.language
      const tree = dialect.growsAlongSyntax && language !== undefined ? trees.treeOf(path, language, text) : undefined
      return tree === undefined ? [] : ancestorsAt(tree.nodes(spanAround(cursor)), cursor)
    },
    related: (path, text, cursor) => {
      const share = settings.context?.noContextShare ?? 1
      if (askContext === null || unitInterval("context", ...identity, path, cursor) < share) return []
      const oldPath = files.find((file) => file.path === path)?.change.oldPath ?? path
      const request = relatedRequest(dialect, { path, text }, cursor, oldPath === path ? [] : [oldPath])
      return relatedOf(askContext(request).snippets, () => undefined)
    }
  }
}

const draftOf = (
  bench: Bench,
  part: CommitPart,
  { change }: ReadFile,
  edit: MinedEdit,
  identity: ReadonlyArray<string | number>
): Draft | string => {
  const { countTokens, dialect, input: { repository, settings }, ledger } = bench
  const reason = settings.qualityFilter ? reasonAgainstEdit(edit, change.language) : undefined
  if (reason !== undefined) return reason
  const isPaired = settings.datasetTypes.some((type) => datasetShapes[type].contrast !== "none")
  const found = isPaired ? wrongOf(bench, change.language, edit, randomOf("wrong edit", ...identity)) : undefined
  const draft = editDraft({ settings, repository, part, change, dialect, edit, wrong: found?.wrong, countTokens })
  if (typeof draft === "string" || found === undefined) return draft
  for (const [why, times] of Object.entries(found.refused)) leaveOut(ledger, "proposals", why, times)
  if (found.wrong === undefined) leaveOut(ledger, "negatives", "none found")
  else {
    keep(ledger, "proposals")
    keep(ledger, "negatives")
  }
  return draft
}

const wrongOf = ({ dialect, nextEdits, parsers, trees }: Bench, language: string, edit: MinedEdit, random: Random) => {
  const { file: { path }, wanted } = edit.example
  const right = rightFile(wanted, language, parsers.get(language), trees.treeOf(path, language, wanted))
  return wrongEditOf({ edit, dialect, shares: nextEdits.wrong, right, random })
}

/** Returns why what is written teaches nothing, or undefined; to take something away always says something. */
const reasonAgainstEdit = (
  { example: { file: { text }, wanted } }: MinedEdit,
  language: string
): string | undefined => {
  const [first, ...others] = lineDiff(text, wanted)
  if (first === undefined || first.new.start === first.new.end || others.length > 0) return undefined
  return reasonAgainstCut({ text: wanted, language, nodes: null }, { kind: "lines", span: first.new, isComment: false })
}
