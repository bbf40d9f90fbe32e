/** What a run says at its end, for a person. */
import type { Ledger } from "../../services/rows/ledger.ts"
import type { LintseqOutcome } from "./run.ts"

/** How many reasons are named for each stage; the ledger in the metadata file names them all. */
const namedReasons = 5

export const summarise = (outcome: LintseqOutcome): string => {
  if (outcome.wasSealed) return `Nothing to do: ${outcome.path} is whole`
  const { ledger } = outcome
  const rows = ledger["rows"]?.kept ?? 0
  const edits = ledger["edits"]?.kept ?? 0
  return [
    `Wrote ${outcome.path}: ${rows} rows, ${(edits / Math.max(1, rows)).toFixed(1)} edits a row`,
    ...leftOut(ledger)
  ].join("\n")
}

/** A line for each stage of which something was left out. */
export const leftOut = (ledger: Ledger): ReadonlyArray<string> =>
  Object.entries(ledger).flatMap(([stage, entry]) => {
    const reasons = Object.entries(entry.leftOut).sort(([, a], [, b]) => b - a)
    if (reasons.length === 0) return []
    const named = reasons.slice(0, namedReasons).map(([reason, count]) => `${count} ${reason}`)
    return [
      `  ${stage}: ${entry.kept} of ${entry.came} (left out: ${named.join(", ")}${
        reasons.length > namedReasons ? ", …" : ""
      })`
    ]
  })
