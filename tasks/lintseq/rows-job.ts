/** The job on some rows of JSON Lines: read the program of each, draw its paths. */
import * as Effect from "effect/Effect"
import type { Parser } from "../../services/Parser.ts"
import { drawRows, languageOpener } from "./draw-rows.ts"
import type { LintseqOutput, RowsInput } from "./jobs.ts"
import { readProgramRow } from "./read-program-row.ts"
import { textOfRowReason } from "./row-reason.ts"
import { makeOutput } from "./rows.ts"
import type { LintseqTools } from "./tools.ts"

export const runRowsJob = (parser: Parser["Type"], tools: LintseqTools) => {
  const open = languageOpener(parser, tools)
  return Effect.fnUntraced(function*(input: RowsInput) {
    const { settings, source } = input
    const output = makeOutput(settings)
    let start = 0
    for (const index of input.indices) {
      const stop = input.bytes.indexOf(10, start)
      const line = input.bytes.subarray(start, stop)
      start = stop + 1
      const row = readProgramRow(line, settings)
      if (row._tag === "refused") {
        output.refuse(textOfRowReason(row.reason), { index, source_file: source, row: row.value })
        continue
      }
      const { code: field, language, prompt } = row
      yield* drawRows(open, settings, {
        field,
        isAnswer: true,
        language,
        key: [index],
        file: `program-${index}`,
        prompt,
        columns: {
          index,
          source_file: source,
          ...(settings.promptField === null ? {} : { [`source_${settings.promptField}`]: prompt ?? "" }),
          [`source_${settings.codeField}`]: field
        }
      }, output)
    }
    return output.finish()
  }) satisfies (input: RowsInput) => Effect.Effect<LintseqOutput, Error>
}
