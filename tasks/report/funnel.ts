/** The funnel from what was read to the rows: how much of each stage was kept, and why the rest was left out. */
import type { Ledger } from "../../services/rows/ledger.ts"
import type { Figure } from "./figures.ts"

/** The stages of all tasks in the order in which work goes through them; metadata has them by name. */
const order = [
  "repositories",
  "commits",
  "files",
  "changes",
  "blobs",
  "versions",
  "steps of one commit",
  "programs",
  "cuts",
  "moments",
  "proposals",
  "negatives",
  "edits",
  "candidates",
  "rows"
]

export interface Stage {
  readonly name: string
  readonly came: number
  readonly kept: number
  /** Reasons and how much each of them left out, the most frequent first. */
  readonly leftOut: ReadonlyArray<readonly [reason: string, count: number]>
}

/** Returns the stages through which something came, the first one first. */
export const stagesIn = (ledger: Ledger): ReadonlyArray<Stage> => {
  const placeOf = (name: string) => (order.includes(name) ? order.indexOf(name) : order.indexOf("rows"))
  return Object.entries(ledger).filter(([, { came }]) => came > 0)
    .toSorted(([a], [b]) => placeOf(a) - placeOf(b))
    .map(([name, { came, kept, leftOut }]) => ({
      name,
      came,
      kept,
      leftOut: Object.entries(leftOut).toSorted(([, a], [, b]) => b - a)
    }))
}

/** Returns the figure of the funnel; none where the run left no ledger. */
export const funnelFigures = (ledger: Ledger, types: number): ReadonlyArray<Figure> => {
  const stages = stagesIn(ledger)
  return stages.length === 0 ? [] : [{
    name: "funnel",
    chart: {
      title: "From what was read to the rows",
      note: "each stage on a scale of its own",
      kind: "parts",
      bars: stages.map(({ came, kept, name }) => ({
        name: name === "rows" && types > 1 ? "rows of all types" : name,
        kept,
        came
      }))
    }
  }]
}
