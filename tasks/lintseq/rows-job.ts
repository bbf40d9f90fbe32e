/** The job on some rows of JSON Lines: read the program of each, draw its paths. */
import * as Effect from "effect/Effect"
import { languageOfPath } from "../../services/text/language.ts"
import type { Parser } from "../../services/Parser.ts"
import { languageSaid } from "./code-field.ts"
import { drawRows, languageOpener } from "./draw-rows.ts"
import type { LintseqOutput, RowsInput } from "./jobs.ts"
import { type RowReason, textOfRowReason } from "./row-reason.ts"
import { type Columns, makeOutput } from "./rows.ts"
import type { LintseqSettings } from "./settings.ts"
import type { LintseqTools } from "./tools.ts"

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

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
      const row = readRow(line, settings)
      if (row._tag === "refused") {
        output.refuse(textOfRowReason(row.reason), { index, source_file: source, row: row.value })
        continue
      }
      const { code: field, language, prompt } = row
      yield* drawRows(open, settings, {
        field,
        language,
        key: [index],
        file: `program-${index}`,
        prompt,
        columns: {
          index,
          source_file: source,
          ...(settings.promptField === null ? {} : { [`source_${settings.promptField}`]: prompt }),
          [`source_${settings.codeField}`]: field
        }
      }, output)
    }
    return output.finish()
  }) satisfies (input: RowsInput) => Effect.Effect<LintseqOutput, Error>
}

type Read =
  | { readonly _tag: "row"; readonly code: string; readonly prompt: string | null; readonly language: string }
  | { readonly _tag: "refused"; readonly reason: RowReason; readonly value: unknown }

const readRow = (line: Uint8Array, settings: LintseqSettings): Read => {
  let text: string
  let value: unknown
  try {
    text = decoder.decode(line)
  } catch {
    return { _tag: "refused", reason: { _tag: "not UTF-8" }, value: null }
  }
  try {
    value = JSON.parse(text.startsWith("\ufeff") ? text.slice(1) : text)
  } catch {
    return { _tag: "refused", reason: { _tag: "not JSON" }, value: text.slice(0, 1000) }
  }
  const refused = (reason: RowReason): Read => ({ _tag: "refused", reason, value })
  if (typeof value !== "object" || value === null || Array.isArray(value)) return refused({ _tag: "not an object" })
  const fields: Columns = { ...value }
  const { codeField, promptField } = settings
  if (!(codeField in fields)) return refused({ _tag: "no field", field: codeField })
  const code = fields[codeField]
  if (code === null) return refused({ _tag: "code is null" })
  if (typeof code !== "string") return refused({ _tag: "code is no text" })
  if (promptField !== null && !(promptField in fields)) return refused({ _tag: "no field", field: promptField })
  const prompt = promptField === null ? null : fields[promptField]
  if (prompt !== null && typeof prompt !== "string") return refused({ _tag: "prompt is no text" })
  return { _tag: "row", code, prompt, language: settings.language ?? languageOfRow(fields) }
}

/** The language that a row says, else that of the file it names, else Python. */
const languageOfRow = (fields: Columns): string => {
  for (const name of ["language", "lang", "programming_language"]) {
    const said = fields[name]
    if (typeof said === "string" && said.trim() !== "") return languageSaid(said)
  }
  for (const name of ["path", "file_path", "filepath", "filename", "file_name"]) {
    const said = fields[name]
    const language = typeof said === "string" ? languageOfPath(said) : undefined
    if (language !== undefined) return language.name
  }
  return "python"
}
