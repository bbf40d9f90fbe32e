/**
 * The job on some files as their commits made them: each commit is a coarse edit, which may delete; what it adds is
 * drawn apart into finer ones. The program is the file, or each function and class at the top of it.
 */
import * as Effect from "effect/Effect"
import type { EditStep } from "../../services/edits/edit-format.ts"
import { emptyText, type LineText, splitLines } from "../../services/text/lines.ts"
import { languageNamed, refineByText } from "../../services/text/language.ts"
import { keep, leaveOut } from "../../services/rows/ledger.ts"
import { orGivenUp, type Parser } from "../../services/Parser.ts"
import { reasonAgainstSource } from "../../services/text/source-file.ts"
import { holdsSecret } from "../../services/secrets/secret-in.ts"
import { decodeSource } from "../../services/text/source-text.ts"
import { languageOpener } from "./draw-rows.ts"
import { type FileHistory, type HistoriesInput, type LintseqOutput, placeOfHistory } from "./jobs.ts"
import { drawAdditions, type Program, renderPath } from "./program.ts"
import { type Columns, makeOutput, type ProgramOutput } from "./rows.ts"
import { type LintseqSettings, reasonAgainstLanguage } from "./settings.ts"
import { topDefinitions } from "./structure/definitions.ts"
import type { LintseqTools } from "./tools.ts"

/** A text and the commit that made it. */
interface TextVersion {
  readonly commit: string
  readonly subject: string
  readonly text: string
}

type LanguageTools = Omit<Program, "code" | "key">

export const runHistoriesJob = (parser: Parser["Type"], tools: LintseqTools) => {
  const open = languageOpener(parser, tools)
  const drawHistory = Effect.fnUntraced(function*(input: HistoriesInput, history: FileHistory, output: ProgramOutput) {
    const { repository, settings } = input
    const place = placeOfHistory(repository, history)
    if (holdsSecret(history.path)) return output.refuse("secret", place)
    const versions = readVersions(input, history, output)
    const newest = versions[versions.length - 1]?.text
    if (newest === undefined) return output.refuse("no version that can be read", place)
    const reason = newest.trim() === "" ? "empty" : reasonAgainstSource(newest)
    if (reason !== undefined) return output.refuse(reason, place)
    const known = languageNamed(history.language)
    const language = known === undefined ? history.language : refineByText(known, newest).name
    const unread = reasonAgainstLanguage(settings.linter, language)
    if (unread !== undefined) return output.refuse(unread, place)
    const opened = yield* open(settings.linter, language)
    if (opened === undefined) return output.refuse(`no grammar for ${language}`, place)
    if (settings.historyUnit === "file") {
      const columns = { ...place, language, function: "" }
      return yield* drawVersions(opened, settings, versions, [repository, history.path], columns, output)
    }
    for (const [name, own] of versionsByName(opened, versions)) {
      const columns = { ...place, language, function: name }
      if (own.length < 2) output.refuse("function of one version", columns)
      else yield* drawVersions(opened, settings, own, [repository, history.path, name], columns, output)
    }
    return undefined
  })
  return Effect.fnUntraced(function*(input: HistoriesInput) {
    const output = makeOutput(input.settings)
    for (const history of input.histories) yield* drawHistory(input, history, output)
    return output.finish()
  }) satisfies (input: HistoriesInput) => Effect.Effect<LintseqOutput, Error>
}

const readVersions = (input: HistoriesInput, history: FileHistory, output: ProgramOutput): ReadonlyArray<TextVersion> =>
  history.versions.flatMap(({ blob, commit, subject }) => {
    const bytes = input.contents.get(blob)
    const read = bytes === undefined ? { _tag: "refused" as const, reason: "missing object" } : decodeSource(bytes)
    const version = read._tag === "refused" ? read.reason : versionOf(commit, subject, read.text)
    if (typeof version !== "string") return [version]
    leaveOut(output.ledger, "versions", version)
    return []
  })

/** Returns a version, or why it is left out. */
const versionOf = (commit: string, subject: string, text: string): TextVersion | string => {
  if (text.includes("\0")) return "NUL characters"
  return holdsSecret(text) || holdsSecret(subject) ? "secret" : { commit, subject, text }
}

/** The versions of each function and class that the newest text has at its top; equal neighbours are one. */
const versionsByName = ({ parser, shape }: LanguageTools, versions: ReadonlyArray<TextVersion>) => {
  const byName = new Map<string, Array<TextVersion>>()
  let names: ReadonlySet<string> = new Set()
  for (const { text, ...commit } of versions) {
    const definitions = orGivenUp(() => {
      const tree = parser.parse(text)
      try {
        return tree.errorCount() > 0 ? [] : topDefinitions(text, tree.nodes({ start: 0, end: text.length }), shape)
      } finally {
        tree.release()
      }
    })
    if (typeof definitions === "string" || definitions.length === 0) continue
    names = new Set(definitions.map(({ name }) => name))
    for (const definition of definitions) {
      const own = byName.get(definition.name) ?? []
      byName.set(definition.name, own)
      if (own[own.length - 1]?.text !== definition.text) own.push({ ...commit, text: definition.text })
    }
  }
  return [...byName].filter(([name]) => names.has(name))
}

/** Draws the paths through the versions of one program, the oldest first. */
const drawVersions = Effect.fnUntraced(function*(
  language: LanguageTools,
  settings: LintseqSettings,
  versions: ReadonlyArray<TextVersion>,
  key: ReadonlyArray<string>,
  columns: Columns,
  output: ProgramOutput
) {
  for (let ordinal = 0; ordinal < settings.pathsPerProgram; ordinal++) {
    const path: Array<EditStep> = []
    const commits: Array<{ readonly commit: string; readonly subject: string; readonly edits: number }> = []
    let before: LineText = emptyText
    let end = ""
    for (const { commit, subject, text } of versions) {
      const drawn = yield* drawAdditions({ ...language, code: text, key: [...key, commit, ordinal] }, before, settings)
        .pipe(Effect.catchTag("LinterFailed", () => Effect.succeed({ refused: "linter failed" })))
      if ("refused" in drawn) {
        // The next version that can stand takes over what this one changed.
        leaveOut(output.ledger, "versions", drawn.refused)
        continue
      }
      keep(output.ledger, "versions")
      for (const step of drawn) path.push(step)
      if (drawn.length > 0) commits.push({ commit, subject, edits: drawn.length })
      before = splitLines(text)
      end = text
    }
    if (path.length === 0) return output.refuse("does not parse", columns)
    const rendered = renderPath(path, end, settings, String(columns["source_file"]))
    if (rendered === undefined) return output.refuse("path does not build the program (a bug)", columns)
    if (ordinal === 0) output.accept()
    output.put(path, rendered, null, { ...columns, commits, [`source_${settings.codeField}`]: end })
  }
  return undefined
})
