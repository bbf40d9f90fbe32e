/** Reads the program of a row of JSON Lines, whoever wrote it: which field it is in, and which language it is. */
import { languageOfPath } from "../../services/text/language.ts"
import { isNestedDeeper } from "../../services/rows/nesting.ts"
import { isIllFormed, wellFormed } from "../../services/rows/well-formed.ts"
import { withoutSecret } from "../../services/secrets/hidden.ts"
import { languageSaid } from "./code-field.ts"
import type { RowReason } from "./row-reason.ts"
import type { Columns } from "./rows.ts"
import type { LintseqSettings } from "./settings.ts"

type RowSettings = Pick<LintseqSettings, "codeField" | "language" | "promptField" | "replaceSurrogates">

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** The program of a row, or why it holds none. */
export type ReadProgramRow =
  | { readonly _tag: "row"; readonly code: string; readonly prompt: string | null; readonly language: string }
  | { readonly _tag: "refused"; readonly reason: RowReason; readonly value: unknown }

/** Reads one line. */
export const readProgramRow = (line: Uint8Array, settings: RowSettings): ReadProgramRow => {
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
    return { _tag: "refused", reason: { _tag: "not JSON" }, value: withoutSecret(text).slice(0, 1000) }
  }
  if (isNestedDeeper(value)) return { _tag: "refused", reason: { _tag: "nested too deeply" }, value: null }
  const refused = (reason: RowReason): ReadProgramRow => ({ _tag: "refused", reason, value })
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
  const isBroken = isIllFormed(code) || (prompt !== null && isIllFormed(prompt))
  if (isBroken && !settings.replaceSurrogates) return refused({ _tag: "lone surrogate" })
  return {
    _tag: "row",
    code: isBroken ? wellFormed(code) : code,
    prompt: isBroken && prompt !== null ? wellFormed(prompt) : prompt,
    language: settings.language ?? languageOfRow(fields)
  }
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

/** The languages of the programs in JSON Lines. */
export const languagesOfRows = (bytes: Uint8Array, settings: RowSettings): ReadonlyArray<string> => {
  const languages = new Set<string>()
  for (let start = 0; start < bytes.length;) {
    const stop = bytes.indexOf(10, start)
    const row = readProgramRow(bytes.subarray(start, stop === -1 ? bytes.length : stop), settings)
    if (row._tag === "row") languages.add(row.language)
    if (stop === -1) break
    start = stop + 1
  }
  return [...languages]
}
