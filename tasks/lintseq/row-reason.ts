/** Why a row of JSON Lines holds no program, as a value; the ledger counts it under its text. */
import type { LintseqSettings } from "./settings.ts"

export type RowReason =
  | {
    readonly _tag:
      | "not UTF-8"
      | "not JSON"
      | "nested too deeply"
      | "not an object"
      | "code is null"
      | "code is no text"
      | "prompt is no text"
      | "lone surrogate"
  }
  | { readonly _tag: "no field"; readonly field: string }

/** Returns the text that the ledger and the rejected rows name a reason by. */
export const textOfRowReason = (reason: RowReason): string =>
  reason._tag === "no field" ? `no field "${reason.field}"` : reason._tag

/** Whether, among counts by the texts of reasons, rows lacked a field that the settings name. */
export const lacksField = (
  counts: Readonly<Record<string, number>>,
  { codeField, promptField }: Pick<LintseqSettings, "codeField" | "promptField">
): boolean =>
  [codeField, promptField].some((field) => field !== null && textOfRowReason({ _tag: "no field", field }) in counts)
