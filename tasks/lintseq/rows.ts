/** Paths become rows: the columns of the paper's own package, or prompts and completions for trainers. */
import { joinLines } from "../../services/text/lines.ts"
import { editPathRow } from "../../services/rows/edit-path.ts"
import type { Fields } from "../../services/rows/fields.ts"
import { keep, leaveOut, type Ledger } from "../../services/rows/ledger.ts"
import { rejectedProgramRow } from "../../services/rows/rejected.ts"
import { wellFormedJson } from "../../services/rows/well-formed.ts"
import { hidden, withoutSecret } from "../../services/secrets/hidden.ts"
import { holdsSecret } from "../../services/secrets/secret-in.ts"
import { sftColumns } from "../../services/rows/sft.ts"
import type { Path } from "./program.ts"
import type { LintseqSettings } from "./settings.ts"

/** What stands between two edits of a completion, as in the LintSeq paper. */
const editSeparator = "<|diff|>"

const encoder = new TextEncoder()

/** The columns of a row beside its edits. */
export type Columns = Fields

/** Collects what a job writes. */
export interface ProgramOutput {
  readonly ledger: Ledger
  /** Writes the rows of one path whose edits are rendered. `prompt` is what was asked for, or null. */
  readonly put: (path: Path, texts: ReadonlyArray<string>, prompt: string | null, columns: Columns) => void
  /** Counts a program that came and was written. */
  readonly accept: () => void
  /** Counts a program that was left out; `row` is kept where that is asked for. */
  readonly refuse: (reason: string, row: Columns) => void
  readonly finish: () => { readonly rows: Uint8Array; readonly rejected: Uint8Array; readonly ledger: Ledger }
}

export const makeOutput = (settings: LintseqSettings): ProgramOutput => {
  const ledger: Ledger = {}
  let rows = ""
  let rejected = ""
  return {
    ledger,
    accept: () => keep(ledger, "programs"),
    put: (path, texts, prompt, columns) => {
      keep(ledger, "edits", texts.length)
      for (const row of rowsOf(path, texts, prompt, columns, settings)) {
        rows += `${JSON.stringify(row)}\n`
        keep(ledger, "rows")
      }
    },
    refuse: (reason, row) => {
      leaveOut(ledger, "programs", reason)
      if (settings.keepRejected) {
        rejected += `${wellFormedJson(JSON.stringify(rejectedProgramRow(reason, shown(row))))}\n`
      }
    },
    finish: () => ({ rows: encoder.encode(rows), rejected: encoder.encode(rejected), ledger })
  }
}

/** What is shown of a program that was left out: its columns, but those that hold a secret. */
const shown = (row: Columns): Columns =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === "string"
        ? withoutSecret(value)
        : holdsSecret(JSON.stringify(value) ?? "")
        ? hidden
        : value
    ])
  )

const rowsOf = (
  path: Path,
  texts: ReadonlyArray<string>,
  prompt: string | null,
  columns: Columns,
  { rows, states }: LintseqSettings
): ReadonlyArray<Columns> => {
  if (rows === "edit-path") return [editPathRow(texts, columns)]
  return (states === "first" ? path.slice(0, 1) : path).map(({ before }, step) => {
    const asked = [prompt ?? "", joinLines(before)].filter((part) => part !== "").join("\n")
    return { ...sftColumns("trl", asked, texts.slice(step).join(editSeparator)), step, ...columns }
  })
}
