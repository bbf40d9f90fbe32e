/** What every run says at its end, for a person. */
import type { Ledger } from "../../../services/rows/ledger.ts"
import type { Losses } from "./losses.ts"

/** How many reasons are named for each stage; the ledger in the metadata file names them all. */
const namedReasons = 5

/** Says that a finished run is left as it is. */
export const sealedLine = (place: string): string => `Nothing to do: ${place} holds this run, finished`

/** A line for each stage of which something was left out, or of all stages. */
export const stageLines = (ledger: Ledger, which: "all" | "left out" = "left out"): ReadonlyArray<string> =>
  Object.entries(ledger).flatMap(([stage, { came, kept, leftOut }]) => {
    const reasons = Object.entries(leftOut).sort(([, a], [, b]) => b - a)
    if (reasons.length === 0) return which === "all" ? [`  ${stage}: ${kept} of ${came}`] : []
    const named = reasons.slice(0, namedReasons).map(([reason, count]) => `${count} ${reason}`)
    const more = reasons.length > namedReasons ? ", …" : ""
    return [`  ${stage}: ${kept} of ${came} (left out: ${named.join(", ")}${more})`]
  })

/** A line on what was lost and replaced, or none where nothing was. */
export const lossLines = ({ gits, workers }: Losses): ReadonlyArray<string> => {
  const told = [counted(workers, "worker thread", "worker threads"), counted(gits, "git process", "git processes")]
    .filter((text) => text !== "")
  return told.length === 0 ? [] : [`  Lost and replaced: ${told.join(", ")}`]
}

const counted = (count: number, one: string, many: string): string =>
  count === 0 ? "" : `${count} ${count === 1 ? one : many}`
