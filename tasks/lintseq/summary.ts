/** What a run says at its end, for a person. */
import { lossLines, sealedLine, stageLines } from "../shared/dataset-run/summary.ts"
import type { LintseqOutcome } from "./run.ts"

export const summariseLintseq = ({ ledger, lost, path, wasSealed }: LintseqOutcome): string => {
  if (wasSealed) return sealedLine(path)
  const rows = ledger["rows"]?.kept ?? 0
  const edits = ledger["edits"]?.kept ?? 0
  return [
    `Wrote ${path}: ${rows} rows, ${(edits / Math.max(1, rows)).toFixed(1)} edits a row`,
    ...stageLines(ledger),
    ...lossLines(lost)
  ].join("\n")
}
