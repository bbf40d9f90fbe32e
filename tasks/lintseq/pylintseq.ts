/**
 * The LintSeq algorithm as its authors' package runs it, over lines (Piterbarg et al. 2024, arXiv 2410.02749,
 * appendix, and the package pylintseq): for those who reproduce the paper. Every error counts, also one that the whole
 * program has; comments and blank lines are never drawn, so they come with the first edit.
 */
import { drawIndex, type Random } from "../../services/text/random.ts"
import { type Judged, keptText, type SampleLimits, type Steps } from "./sample.ts"

export interface LineTable {
  /** Lines with their ends. */
  readonly lines: ReadonlyArray<string>
  /** Depth of each line in characters; a line with at most one character has that of the line above. */
  readonly indents: ReadonlyArray<number>
  /** How likely each line is drawn; 0 for those that never are. */
  readonly weights: ReadonlyArray<number>
}

const opensConstant = /^[A-Z][A-Z0-9_]*\s*=\s*[([]\s*$/

/** Reads what the algorithm knows of a program: its lines, their depth and weight. */
export const lineTable = (lines: ReadonlyArray<string>): LineTable => {
  const indents: Array<number> = []
  let width = 0
  for (const [index, line] of lines.entries()) {
    const text = line.trimStart()
    const indent = text.trimEnd().length <= 1 ? indents[index - 1] ?? 0 : line.length - text.length
    indents.push(indent)
    if (width === 0) width = indent
  }
  let inConstant = false
  const weights = lines.map((line, index) => {
    const text = line.trim()
    if (inConstant) {
      if (/^[)\]]/.test(text)) inConstant = false
      return 0
    }
    if (text === "" || text.startsWith("#")) return 0
    if (opensConstant.test(text)) inConstant = true
    const indent = indents[index] ?? 0
    return indent === 0 ? 1 : indent / width
  })
  return { lines, indents, weights }
}

/** Draws one way to take the program apart, or gives up when it is overdue. */
export function* sampleLines(table: LineTable, random: Random, limits: SampleLimits): Judged<Steps | undefined> {
  const { lines } = table
  const weights = [...table.weights]
  const steps: Array<ReadonlyArray<number>> = []
  let kept = lines.map((_, line) => line)
  while (steps.length < limits.maxSteps && kept.length > 0) {
    if (limits.isOverdue()) return undefined
    const drawn = drawIndex(random, weights)
    if (drawn === undefined) break
    const taken = new Set<number>()
    let affected: ReadonlyArray<number> = [drawn]
    let rest: ReadonlyArray<number> = kept
    while (affected.length > 0) {
      for (const line of withBlocks(table, rest, affected)) {
        taken.add(line)
        weights[line] = 0
      }
      rest = rest.filter((line) => !taken.has(line))
      if (rest.length === 0) break
      const shown = rest
      const problems = yield keptText(lines, shown)
      affected = problems.map(({ line }) => shown[Math.min(line, shown.length - 1)] ?? 0)
    }
    kept = [...rest]
    steps.push([...taken].sort((a, b) => a - b))
  }
  return withRest(lines, steps, kept)
}

/** The affected lines and, below each, the block that is deeper than it. */
const withBlocks = (
  { indents }: LineTable,
  rest: ReadonlyArray<number>,
  affected: ReadonlyArray<number>
): ReadonlySet<number> => {
  const all = new Set(affected)
  let depth = -1
  for (const line of rest) {
    const indent = indents[line] ?? 0
    if (depth !== -1 && indent > depth) all.add(line)
    else depth = all.has(line) ? indent : -1
  }
  return all
}

/** What was never drawn goes last: by itself where it says something, else with the step before. */
const withRest = (
  lines: ReadonlyArray<string>,
  steps: ReadonlyArray<ReadonlyArray<number>>,
  rest: ReadonlyArray<number>
): Steps => {
  if (rest.length === 0) return steps
  const last = steps[steps.length - 1]
  if (last === undefined || rest.some((line) => (lines[line] ?? "").trim() !== "")) return [...steps, rest]
  return [...steps.slice(0, -1), [...last, ...rest].sort((a, b) => a - b)]
}
