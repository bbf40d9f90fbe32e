/** What a run says of a round and at its end, for a person. */
import { lossLines, sealedLine, stageLines } from "../shared/dataset-run/summary.ts"
import { sharesLine } from "../shared/dataset-run/shares.ts"
import type { RoundReport } from "./rounds.ts"
import type { VimLoopOutcome } from "./run.ts"

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

/** How many reasons are named; rounds.json names them all. */
const namedReasons = 3

const named = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts).sort(([, a], [, b]) => b - a).slice(0, namedReasons)
    .map(([reason, count]) => `${count} ${reason}`).join(", ")

export const summariseRound = (report: RoundReport, edits: number): string => {
  const { candidates, refused, requests, right, wrong } = report
  const tokens = report.prompt_tokens + report.completion_tokens
  const asides = [
    `${right} of ${candidates} candidates right`,
    named({ ...wrong, ...refused }),
    requests === 0 ? "" : `${requests} requests, ${tokens} tokens`
  ].filter((text) => text !== "")
  return `Round ${report.round}: ${report.solved} of ${report.asked} solved, ${report.solved_so_far} of ${edits} in all` +
    ` (${percent(report.rate)}); ${asides.join("; ")}`
}

export const summariseVimLoop = (outcome: VimLoopOutcome): string => {
  const { directory, files, ledger, lost, rounds, shares, stopped, wasSealed } = outcome
  if (wasSealed) return sealedLine(directory)
  const last = rounds.at(-1)
  const depths = Object.entries(last?.by_depth ?? {}).map(([depth, { edits, solved }]) => `${depth} ${solved}/${edits}`)
  return [
    `Wrote ${directory}: ${Object.entries(files).map(([name, rows]) => `${rows} ${name}`).join(", ")}`,
    `  ended because ${stopped}; by depth: ${depths.join(", ")}`,
    ...(shares === null ? [] : [`  ${sharesLine(shares)}`]),
    ...stageLines(ledger),
    ...lossLines(lost)
  ].join("\n")
}
