/**
 * The job on some files as their commits made them: each commit is a coarse edit, which may delete; what it adds is
 * drawn apart into finer ones.
 */
import * as Effect from "effect/Effect"
import { languageNamed, refineByText } from "../../services/language.ts"
import { emptyText, type LineText, splitLines } from "../../services/edits/line-edit.ts"
import type { EditStep } from "../../services/edits/edit-format.ts"
import type { Parser } from "../../services/Parser.ts"
import { keep, leaveOut } from "../../services/ledger.ts"
import { reasonAgainstSource } from "../../services/source-file.ts"
import { decodeSource } from "../../services/source-text.ts"
import { openLanguage } from "./draw-rows.ts"
import type { FileHistory, HistoriesInput, JobOutput } from "./jobs.ts"
import { drawAdditions, renderPath } from "./program.ts"
import { makeOutput, type Output } from "./rows.ts"
import type { LintseqTools } from "./tools.ts"

export const runHistoriesJob = (parser: Parser["Type"], tools: LintseqTools) => {
  const drawHistory = Effect.fnUntraced(function*(input: HistoriesInput, history: FileHistory, output: Output) {
    const { contents, repository, settings } = input
    const last = history.versions[history.versions.length - 1]
    const place = {
      index: history.index,
      source_file: history.path,
      repo: repository,
      commit: last?.commit ?? null,
      language: history.language
    }
    const texts = history.versions.flatMap((version) => {
      const bytes = contents.get(version.blob)
      const decoded = bytes === undefined ? undefined : decodeSource(bytes)
      const reason = decoded === undefined
        ? "missing object"
        : decoded._tag === "refused"
        ? decoded.reason
        : decoded.text.includes("\0")
        ? "NUL characters"
        : undefined
      if (decoded?._tag === "text" && reason === undefined) return [{ ...version, text: decoded.text }]
      leaveOut(output.ledger, "versions", reason ?? "missing object")
      return []
    })
    const newest = texts[texts.length - 1]?.text
    if (newest === undefined) return output.refuse("no version that can be read", place)
    const reason = newest.trim() === "" ? "empty" : reasonAgainstSource(newest)
    if (reason !== undefined) return output.refuse(reason, place)
    const known = languageNamed(history.language)
    const language = known === undefined ? history.language : refineByText(known, newest).name
    const opened = yield* openLanguage(parser, tools, settings, language)
    if (opened === undefined) return output.refuse(`no grammar for ${language}`, place)
    for (let ordinal = 0; ordinal < settings.pathsPerProgram; ordinal++) {
      const path: Array<EditStep> = []
      const commits: Array<{ readonly commit: string; readonly subject: string; readonly edits: number }> = []
      let before: LineText = emptyText
      let end = ""
      for (const { commit, subject, text } of texts) {
        const program = { ...opened, code: text, key: [repository, history.path, commit, ordinal] }
        const drawn = yield* drawAdditions(program, before, settings).pipe(
          Effect.catchTag("LinterFailed", () => Effect.succeed({ refused: "linter failed" }))
        )
        if ("refused" in drawn) {
          // The next version that can stand takes over what this one changed.
          leaveOut(output.ledger, "versions", drawn.refused)
          continue
        }
        keep(output.ledger, "versions")
        path.push(...drawn)
        if (drawn.length > 0) commits.push({ commit, subject, edits: drawn.length })
        before = splitLines(text)
        end = text
      }
      if (path.length === 0) return output.refuse("does not parse", place)
      const rendered = renderPath(path, end, settings, history.path)
      if (rendered === undefined) return output.refuse("path does not build the program (a bug)", place)
      if (ordinal === 0) output.accept()
      output.put(path, rendered, null, { ...place, language, commits, [`source_${settings.codeField}`]: end })
    }
    return undefined
  })
  return Effect.fnUntraced(function*(input: HistoriesInput) {
    const output = makeOutput(input.settings)
    for (const history of input.histories) yield* drawHistory(input, history, output)
    return output.finish()
  }) satisfies (input: HistoriesInput) => Effect.Effect<JobOutput, Error>
}
