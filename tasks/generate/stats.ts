/** The figures of a run for kto_stats.json, dpo_stats.json and metadata.json, from the facets of the written rows. */
import type { TableSummary } from "../../services/Writer.ts"
import { promptStep } from "./records.ts"

export interface SideStats {
  readonly examples: number
  readonly positives: number
  readonly negatives: number
  readonly kinds: Readonly<Record<string, number>>
  readonly languages: Readonly<Record<string, number>>
  readonly formats: Readonly<Record<string, number>>
  readonly operators: Readonly<Record<string, number>>
  /** UTF-16 units that 99 % of the prompts, and of the prompts with their longest completion, stay within. */
  readonly promptChars99: number
  readonly rowChars99: number
}

/** Sums up one file. In a file of pairs every row counts as a positive and a negative. */
export const sideStats = (summary: TableSummary, isPairs: boolean): SideStats => {
  const kinds: Record<string, number> = {}
  const languages: Record<string, number> = {}
  const formats: Record<string, number> = {}
  const operators: Record<string, number> = {}
  const prompts = new Map<number, number>()
  const rows = new Map<number, number>()
  let negatives = 0
  for (const [facet, count] of Object.entries(summary.facets)) {
    const [kind, language, format, operator, promptSteps, rowSteps] = JSON.parse(facet)
    kinds[kind] = (kinds[kind] ?? 0) + count
    languages[language] = (languages[language] ?? 0) + count
    formats[format] = (formats[format] ?? 0) + count
    prompts.set(promptSteps, (prompts.get(promptSteps) ?? 0) + count)
    rows.set(rowSteps, (rows.get(rowSteps) ?? 0) + count)
    if (operator === null) continue
    negatives += count
    operators[operator] = (operators[operator] ?? 0) + count
  }
  return {
    examples: summary.rows,
    positives: isPairs ? summary.rows : summary.rows - negatives,
    negatives,
    kinds: sortedByName(kinds),
    languages: sortedByName(languages),
    formats: sortedByName(formats),
    operators: sortedByName(operators),
    promptChars99: percentile99(prompts) * promptStep,
    rowChars99: percentile99(rows) * promptStep
  }
}

const sortedByName = (counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)))

const percentile99 = (counts: ReadonlyMap<number, number>): number => {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  let below = 0
  for (const [step, count] of [...counts].sort(([a], [b]) => a - b)) {
    below += count
    if (below >= total * 0.99) return step
  }
  return 0
}
