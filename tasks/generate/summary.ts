/** What a run says at its end, for a person: what was written, and why the rest was not. */
import { sharesLine } from "../shared/dataset-run/shares.ts"
import { lossLines, sealedLine, stageLines } from "../shared/dataset-run/summary.ts"
import type { GenerateOutcome } from "./run.ts"

export const summariseGenerate = (outcome: GenerateOutcome): string => {
  const { directory, files, lost, shares } = outcome
  if (outcome.wasSealed) return sealedLine(directory)
  const { proposals: _, ...ledger } = outcome.ledger
  return [
    `Wrote ${directory}`,
    ...Object.entries(files).map(([name, rows]) => `  ${name}  ${rows} rows`),
    ...(shares === null ? [] : [`  ${sharesLine(shares)}`]),
    ...stageLines(ledger, "all"),
    ...lossLines(lost)
  ].join("\n")
}
