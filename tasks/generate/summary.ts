/** What a run says at its end, for a person: what was written, and why the rest was not. */
import { lossLines, sealedLine, stageLines } from "../shared/dataset-run/summary.ts"
import type { GenerateOutcome } from "./run.ts"

export const summariseGenerate = (outcome: GenerateOutcome): string => {
  const { directory, files, lost } = outcome
  if (outcome.wasSealed) return sealedLine(directory)
  const { proposals: _, ...ledger } = outcome.ledger
  return [
    `Wrote ${directory}`,
    ...Object.entries(files).map(([name, rows]) => `  ${name}  ${rows} rows`),
    ...stageLines(ledger, "all"),
    ...lossLines(lost)
  ].join("\n")
}
