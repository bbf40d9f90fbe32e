/** What a run says at its end, for a person: what was written, and why the rest was not. */
import type { Outcome } from "./run.ts"

/** How many reasons are named for each stage; the ledger in metadata.json names them all. */
const namedReasons = 5

export const summarise = (outcome: Outcome): string => {
  if (outcome.wasSealed) return `Nothing to do: ${outcome.directory} holds this run, finished`
  const files = Object.entries(outcome.files).map(([name, rows]) => `  ${name}  ${rows} rows`)
  const stages = Object.entries(outcome.ledger).filter(([stage]) => stage !== "proposals").map(([stage, entry]) => {
    const reasons = Object.entries(entry.leftOut).sort(([, a], [, b]) => b - a)
    const named = reasons.slice(0, namedReasons).map(([reason, count]) => `${count} ${reason}`)
    const more = reasons.length > namedReasons ? ", …" : ""
    return `  ${stage}: ${entry.kept} of ${entry.came}${
      named.length === 0 ? "" : ` (left out: ${named.join(", ")}${more})`
    }`
  })
  return [`Wrote ${outcome.directory}`, ...files, ...stages].join("\n")
}
