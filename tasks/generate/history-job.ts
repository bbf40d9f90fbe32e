/** The job on one path's changes: decode, diff, re-parse, cut, and draft rows, version by version. */
import * as Effect from "effect/Effect"
import { type Candidates, drawCharacters, lineCandidates, syntaxCandidates } from "../../services/cuts/candidates.ts"
import { chooseCuts } from "../../services/cuts/choose.ts"
import { type Cut, type CutKind, maxMiddleChars } from "../../services/cuts/cut.ts"
import { cutsOfChange } from "../../services/cuts/how-many.ts"
import { lineDiff } from "../../services/text/diff.ts"
import { keep, leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import { languageNamed, refineByText } from "../../services/text/language.ts"
import {
  type LanguageParser,
  nestedTooDeeply,
  nestingOf,
  orGivenUp,
  type Parser,
  type SyntaxNodes
} from "../../services/Parser.ts"
import { type Random, randomOf } from "../../services/text/random.ts"
import { isOverlapping, type Span } from "../../services/text/span.ts"
import type { Draft, Rejection } from "./draft.ts"
import { draftCuts, type Subject } from "./drafts.ts"
import { addedSpans, isWhiteSpaceOnly } from "./edit.ts"
import { openRecords } from "./finish.ts"
import type { Lineage, LineageChange } from "../../services/history/lineages.ts"
import { excludedPaths } from "../../services/hygiene/excluded-paths.ts"
import { pathExcluded } from "../../services/history/selection.ts"
import type { Contents } from "../shared/dataset-run/contents.ts"
import { licenceName } from "../../services/hygiene/path-licence.ts"
import { type LicenceJudge, openLicences } from "./hygiene/licences.ts"
import { benchmarksOf, makeScreen } from "./hygiene/screen.ts"
import type { GenerateOutput, HistoryInput } from "./jobs.ts"
import { hasConflictMarkers } from "../../services/text/source-file.ts"
import { reasonAgainstText } from "./quality.ts"
import { holdsSecret, holdsSecretNear } from "../../services/secrets/secret-in.ts"
import { presetOf } from "./settings.ts"
import { decodeSource } from "../../services/text/source-text.ts"
import type { JobTools } from "./tools.ts"
import { openVersions, type Versions } from "./versions.ts"

/** What each version leaves for the next: its tree, and whether it holds a secret, so that no text is searched twice. */
interface Chain {
  readonly versions: Versions
  searched: { readonly blob: string | null; readonly isSecret: boolean }
}

export const runHistoryJob = (parser: Parser["Type"], tools: JobTools) =>
  Effect.fnUntraced(function*(input: HistoryInput) {
    const { settings } = input
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
    for (const lineage of input.lineages) {
      const chain: Chain = { versions: openVersions(), searched: { blob: null, isSecret: false } }
      try {
        for (const change of lineage.changes) {
          // The rest of the project as it was before the commit: no row sees its own future.
          const askContext = settings.context === null || change.parent === null
            ? null
            : (yield* tools.contextAt({
              location: input.location,
              commit: change.parent,
              includePaths: settings.context.includePaths,
              excludedPaths: settings.excludedPaths,
              mostFiles: settings.maxFiles
            })).context
          const given = { countTokens, asked, askContext, screen }
          const made = orGivenUp(() => cutChange(input, lineage, change, parsers, chain, judgeLicence, given, ledger))
          if (typeof made === "string") leaveOut(ledger, "changes", made)
          else {
            keep(ledger, "changes")
            records.take(made)
          }
        }
      } finally {
        chain.versions.release()
      }
    }
    return { records: records.finish(), ledger, asked: input.askedBefore === undefined ? [] : [...asked] }
  }) satisfies (input: HistoryInput) => Effect.Effect<GenerateOutput, Error>

/** A C header may turn out to be C++ when it is read. */
const languagesOf = (input: HistoryInput): ReadonlySet<string> =>
  new Set(
    input.lineages.flatMap((lineage) =>
      lineage.changes.flatMap(({ language }) => (language === "c" ? ["c", "cpp"] : [language]))
    )
  )

const textOf = (contents: Contents, blob: string) => {
  const bytes = contents.get(blob)
  return bytes === undefined ? { _tag: "refused" as const, reason: "missing object" } : decodeSource(bytes)
}

const cutChange = (
  input: HistoryInput,
  lineage: Lineage,
  change: LineageChange,
  parsers: ReadonlyMap<string, LanguageParser>,
  chain: Chain,
  judgeLicence: LicenceJudge,
  given: Pick<Subject, "countTokens" | "asked" | "askContext" | "screen">,
  ledger: Ledger
): { readonly drafts: ReadonlyArray<Draft>; readonly rejections: ReadonlyArray<Rejection> } | string => {
  const { settings } = input
  // Rows show what a file was before, under the name that it had then.
  if (excludedPaths(settings.excludedPaths)(change.oldPath)) return pathExcluded
  const newText = textOf(input.contents, change.newBlob)
  if (newText._tag === "refused") return newText.reason
  const oldText = change.oldBlob === null
    ? { _tag: "text" as const, text: "", isAscii: true }
    : textOf(input.contents, change.oldBlob)
  if (oldText._tag === "refused") return oldText.reason
  const after = newText.text
  const before = oldText.text
  if (hasConflictMarkers(after)) return "conflict markers"
  if (settings.qualityFilter) {
    const reason = reasonAgainstText(after)
    if (reason !== undefined) return reason
  }
  const licence = judgeLicence(change, after)
  if (typeof licence === "string") return licence
  const hunks = lineDiff(before, after)
  const edit = { before, after, hunks, oldPath: change.oldPath }
  if (hunks.length === 0) return "no text changed"
  if (isWhiteSpaceOnly(edit)) return "white space only"
  const added = addedSpans(edit)
  if (added.length === 0) return "nothing added"
  // Whole versions, and both: a piece of a secret can be one and does not look like it, and rows show the change.
  const isSecretBefore = chain.searched.blob === change.oldBlob ? chain.searched.isSecret : holdsSecret(before)
  const isSecretAfter = isSecretBefore ? holdsSecret(after) : holdsSecretNear(after, hunks.map((hunk) => hunk.new))
  chain.searched = { blob: change.newBlob, isSecret: isSecretAfter }
  if (isSecretBefore || isSecretAfter) return "secret"
  if ([change.subject, change.path, change.oldPath].some(holdsSecret)) return "secret"

  const language = refineByText(languageNamed(change.language) ?? plain(change.language), after)
  const limits = { maxLines: settings.maxMiddleLines, maxChars: Math.min(maxMiddleChars, settings.maxTotalChars) }
  const random = randomOf("cuts", settings.seed, input.repository, change.commit, change.path)
  const focus = narrow(added, random)
  const stretches = clustersOf(focus)
  const parser = parsers.get(language.name)
  const version = { ...change, language: language.name, before, after, edits: hunks }
  const view = parser === undefined
    ? null
    : chain.versions.look(version, parser, stretches.map((stretch) => surroundingsOf(stretch, after)))
  const subject: Subject = {
    settings,
    preset: presetOf(settings),
    limits,
    repository: input.repository,
    path: change.path,
    language: language.name,
    commit: change.commit,
    parent: change.parent,
    message: change.subject,
    seconds: change.seconds,
    group: lineage.group,
    side: lineage.side,
    text: after,
    isAscii: newText.isAscii,
    parser: view?.parser ?? null,
    edit,
    isAdded: change.oldBlob === null,
    licence: licenceName(licence),
    ...given
  }
  const clusters = view === null
    ? []
    : stretches.map((focus) => ({ focus, nodes: view.nodes(surroundingsOf(focus, after)) }))
  if (clusters.some(({ nodes }) => nestingOf(nodes) > settings.maxNesting)) return nestedTooDeeply
  const places = view === null ? linePlaces(subject, focus) : syntaxPlaces(subject, clusters)
  const wanted = cutsOfChange(totalLength(added))
  // More cuts are chosen than wanted, so that one that is judged unfit does not cost the edit its share.
  const chosen = placeCuts(subject, places, focus, 2 * wanted + 2, random)
  if (chosen.length === 0) return "no place to cut"
  const drafts: Array<Draft> = []
  const rejections: Array<Rejection> = []
  for (const { cut, place } of chosen) {
    if (drafts.length >= wanted) break
    const made = draftCuts(subject, [cut], 1, place.nodes, place.candidates, ledger)
    for (const draft of made.drafts) drafts.push(draft)
    for (const rejection of made.rejections) rejections.push(rejection)
  }
  return { drafts, rejections }
}

const plain = (name: string) => ({ name, hasGrammar: false, lineComment: null })

const totalLength = (spans: ReadonlyArray<Span>): number => spans.reduce((sum, { end, start }) => sum + end - start, 0)

/** How much added text is read for cuts at the most, in how many stretches; UTF-16 units of each. */
const mostStretches = 4
const stretchLength = 600

/** Narrows a large addition to a few stretches of it: three cuts need no more, and the rest of the file is not read. */
const narrow = (added: ReadonlyArray<Span>, random: Random): ReadonlyArray<Span> => {
  const total = totalLength(added)
  if (total <= mostStretches * stretchLength) return added
  const stretches: Array<Span> = []
  for (let drawn = 0; drawn < mostStretches; drawn++) {
    let at = random.below(total)
    const span = added.find(({ end, start }) => (at -= end - start) < 0)
    if (span === undefined) continue
    const start = Math.max(span.start, Math.min(span.end + at, span.end - stretchLength))
    const stretch = { start, end: Math.min(span.end, start + stretchLength) }
    if (!stretches.some((other) => isOverlapping(other, stretch))) stretches.push(stretch)
  }
  return stretches.sort((a, b) => a.start - b.start)
}

/** Candidates of one stretch of the file, and the nodes they were found among. */
interface CutPlace {
  readonly nodes: SyntaxNodes | null
  readonly candidates: Candidates
}

/** How far around what was added nodes are read: enough for names and siblings. UTF-16 units. */
const above = 500
const below = 300

/** A stretch of added text, and the nodes in it and around it. */
interface Cluster {
  readonly focus: ReadonlyArray<Span>
  readonly nodes: SyntaxNodes
}

/** What is read around a stretch. */
const surroundingsOf = (stretch: ReadonlyArray<Span>, text: string): Span => ({
  start: Math.max(0, (stretch[0]?.start ?? 0) - above),
  end: Math.min(text.length, (stretch[stretch.length - 1]?.end ?? 0) + below)
})

const syntaxPlaces = ({ limits, text }: Subject, clusters: ReadonlyArray<Cluster>): ReadonlyArray<CutPlace> =>
  clusters.map(({ focus, nodes }) => ({ nodes, candidates: syntaxCandidates({ text, nodes, focus, limits }) }))

const linePlaces = ({ limits, text }: Subject, focus: ReadonlyArray<Span>): ReadonlyArray<CutPlace> => [
  { nodes: null, candidates: lineCandidates({ text, focus, limits }) }
]

/** Stretches of added text that are read together. */
const clustersOf = (focus: ReadonlyArray<Span>): ReadonlyArray<ReadonlyArray<Span>> => {
  const clusters: Array<Array<Span>> = []
  for (const span of focus) {
    const cluster = clusters[clusters.length - 1]
    const end = cluster?.[cluster.length - 1]?.end
    if (cluster === undefined || end === undefined || span.start - end > above + below) clusters.push([span])
    else cluster.push(span)
  }
  return clusters
}

const placeCuts = (
  subject: Subject,
  places: ReadonlyArray<CutPlace>,
  focus: ReadonlyArray<Span>,
  count: number,
  random: Random
): ReadonlyArray<{ readonly cut: Cut; readonly place: CutPlace }> => {
  const merged = new Map<CutKind, Array<Cut>>()
  const origin = new Map<Cut, CutPlace>()
  for (const place of places) {
    for (const [kind, cuts] of place.candidates) {
      merged.set(kind, [...merged.get(kind) ?? [], ...cuts])
      for (const cut of cuts) origin.set(cut, place)
    }
  }
  const { characterShare } = subject.settings
  const chosen = chooseCuts({ candidates: merged, focus, count, random })
  return chosen.flatMap((cut) => {
    const place = origin.get(cut)
    if (place === undefined) return []
    const isDrawn = place.nodes !== null && random.next() < characterShare
    const drawn = isDrawn ? drawCharacters({ text: subject.text, focus, limits: subject.limits }, random) : undefined
    return [{ cut: drawn ?? cut, place }]
  })
}
