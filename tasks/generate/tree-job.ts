/** The job on some files of one tree: decode, parse once, cut all over the file, and draft rows. */
import * as Effect from "effect/Effect"
import { type Candidates, drawCharacters, lineCandidates, syntaxCandidates } from "../../services/cuts/candidates.ts"
import { chooseCuts } from "../../services/cuts/choose.ts"
import { type Cut, maxMiddleChars } from "../../services/cuts/cut.ts"
import { cutsOfFile } from "../../services/cuts/how-many.ts"
import { keep, leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import { languageNamed, refineByText } from "../../services/text/language.ts"
import { type LanguageParser, nestedTooDeeply, nestingOf, orGivenUp, type Parser } from "../../services/Parser.ts"
import { randomOf } from "../../services/text/random.ts"
import type { Drafts } from "./draft.ts"
import { draftCuts, type Subject } from "./drafts.ts"
import { licenceName } from "../../services/hygiene/path-licence.ts"
import { openRecords } from "./finish.ts"
import type { FileInput, GenerateOutput, TreeInput } from "./jobs.ts"
import { type LicenceJudge, openLicences } from "./hygiene/licences.ts"
import { benchmarksOf, makeScreen } from "./hygiene/screen.ts"
import { wholeFileParser } from "./judge.ts"
import { hasConflictMarkers } from "../../services/text/source-file.ts"
import { reasonAgainstText } from "./quality.ts"
import { holdsSecret } from "../../services/secrets/secret-in.ts"
import { presetOf } from "./settings.ts"
import { decodeSource } from "../../services/text/source-text.ts"
import type { JobTools } from "./tools.ts"

export const runTreeJob = (parser: Parser["Type"], tools: JobTools) =>
  Effect.fnUntraced(function*(input: TreeInput) {
    const { settings } = input
    const ledger: Ledger = {}
    const parsers = new Map<string, LanguageParser>()
    for (const name of new Set(input.files.flatMap(({ language }) => (language === "c" ? ["c", "cpp"] : [language])))) {
      if (languageNamed(name)?.hasGrammar === true) parsers.set(name, yield* parser.open(name))
    }
    const countTokens = settings.tokenizer === null ? null : yield* tools.openTokenizer(settings.tokenizer)
    const records = openRecords(settings)
    const asked = new Set(input.askedBefore)
    const askContext = settings.context === null
      ? null
      : (yield* tools.contextAt({
        location: input.location,
        commit: input.commit,
        includePaths: settings.context.includePaths,
        excludedPaths: settings.excludedPaths,
        mostFiles: settings.maxFiles
      })).context
    const judgeLicence = yield* openLicences(input, tools)
    const screen = makeScreen(yield* benchmarksOf(tools, settings), settings.hygiene.personalData)
    const given = { countTokens, asked, askContext, screen }
    for (const file of input.files) {
      const made = orGivenUp(() => cutFile(input, file, parsers, judgeLicence, given, ledger))
      if (typeof made === "string") leaveOut(ledger, "files", made)
      else {
        keep(ledger, "files")
        records.take(made)
      }
    }
    return { records: records.finish(), ledger, asked: input.askedBefore === undefined ? [] : [...asked] }
  }) satisfies (input: TreeInput) => Effect.Effect<GenerateOutput, Error>

const cutFile = (
  input: TreeInput,
  file: FileInput,
  parsers: ReadonlyMap<string, LanguageParser>,
  judgeLicence: LicenceJudge,
  given: Pick<Subject, "countTokens" | "asked" | "askContext" | "screen">,
  ledger: Ledger
): Drafts | string => {
  const { settings } = input
  const bytes = input.contents.get(file.blob)
  if (bytes === undefined) return "missing object"
  const decoded = decodeSource(bytes)
  if (decoded._tag === "refused") return decoded.reason
  const { text } = decoded
  if (hasConflictMarkers(text)) return "conflict markers"
  if (settings.qualityFilter) {
    const reason = reasonAgainstText(text)
    if (reason !== undefined) return reason
  }
  const licence = judgeLicence({ commit: input.commit, path: file.path }, text)
  if (typeof licence === "string") return licence
  // As a whole: a piece of a secret can be one, and does not look like it.
  if (holdsSecret(file.path) || holdsSecret(text)) return "secret"
  const known = languageNamed(file.language) ?? { name: file.language, hasGrammar: false, lineComment: null }
  const language = refineByText(known, text)
  const parser = parsers.get(language.name)
  const tree = parser?.parse(text) ?? null
  try {
    const limits = { maxLines: settings.maxMiddleLines, maxChars: Math.min(maxMiddleChars, settings.maxTotalChars) }
    const nodes = tree?.nodes({ start: 0, end: text.length }) ?? null
    if (nodes !== null && nestingOf(nodes) > settings.maxNesting) return nestedTooDeeply
    const candidates: Candidates = nodes === null
      ? lineCandidates({ text, focus: null, limits })
      : syntaxCandidates({ text, nodes, focus: null, limits })
    const random = randomOf("cuts", settings.seed, input.repository, input.commit ?? "", file.path)
    const wanted = cutsOfFile(text.length)
    const chosen = chooseCuts({ candidates, focus: null, count: wanted + Math.ceil(wanted / 4) + 1, random })
      .map((cut): Cut =>
        nodes !== null && random.next() < settings.characterShare
          ? drawCharacters({ text, focus: null, limits }, random) ?? cut
          : cut
      )
    if (chosen.length === 0) return "no place to cut"
    const subject: Subject = {
      settings,
      preset: presetOf(settings),
      limits,
      repository: input.repository,
      path: file.path,
      language: language.name,
      commit: input.commit,
      parent: null,
      message: null,
      seconds: null,
      group: file.group,
      side: file.side,
      text,
      isAscii: decoded.isAscii,
      parser: parser === undefined || tree === null ? null : wholeFileParser(parser, tree),
      edit: null,
      isAdded: false,
      licence: licenceName(licence),
      ...given
    }
    return draftCuts(subject, chosen, wanted, nodes, candidates, ledger)
  } finally {
    tree?.release()
  }
}
