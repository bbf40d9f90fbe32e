/** The job on some files of a folder or a revision: each is one program. */
import * as Effect from "effect/Effect"
import { languageNamed, refineByText } from "../../services/text/language.ts"
import type { Parser } from "../../services/Parser.ts"
import { reasonAgainstSource } from "../../services/text/source-file.ts"
import { decodeSource } from "../../services/text/source-text.ts"
import { drawRows, languageOpener } from "./draw-rows.ts"
import { type FilesInput, type LintseqOutput, placeOfFile } from "./jobs.ts"
import { makeOutput } from "./rows.ts"
import type { LintseqTools } from "./tools.ts"

export const runFilesJob = (parser: Parser["Type"], tools: LintseqTools) => {
  const open = languageOpener(parser, tools)
  return Effect.fnUntraced(function*(input: FilesInput) {
    const { repository, settings } = input
    const output = makeOutput(settings)
    for (const file of input.files) {
      const { bytes, language: name, path } = file
      const place = placeOfFile(input, file)
      const decoded = typeof bytes === "string" ? { _tag: "refused" as const, reason: bytes } : decodeSource(bytes)
      if (decoded._tag === "refused") {
        output.refuse(decoded.reason, place)
        continue
      }
      const { text } = decoded
      const reason = reasonAgainstSource(text)
      if (reason !== undefined) {
        output.refuse(reason, place)
        continue
      }
      const known = languageNamed(name)
      const language = known === undefined ? name : refineByText(known, text).name
      yield* drawRows(open, settings, {
        field: text,
        isAnswer: false,
        language,
        key: [repository, path],
        file: path,
        prompt: null,
        columns: { ...place, language, [`source_${settings.codeField}`]: text }
      }, output)
    }
    return output.finish()
  }) satisfies (input: FilesInput) => Effect.Effect<LintseqOutput, Error>
}
