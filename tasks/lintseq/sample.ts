/**
 * Takes a program apart, step by step, so that what is left is clean after every step; read backwards the steps are
 * edits that build it. The LintSeq algorithm (Piterbarg et al. 2024, arXiv 2410.02749) over atoms of the syntax
 * instead of lines: what cannot stand without what went goes with it, then a linter says what else must.
 *
 * The sampler is a generator: it gives out states and is sent their problems, so a linter that answers at once and
 * one that has to be waited for drive the same code.
 */
import { drawIndex, type Random } from "../../services/text/random.ts"
import type { Problem } from "../../services/Linter.ts"
import { putUp } from "./structure/needs.ts"
import type { Structure } from "./structure/structure.ts"

/** Gives out texts to lint, is sent their problems, and ends with what it is for. */
export type Judged<A> = Generator<string, A, ReadonlyArray<Problem>>

/** The lines that each step takes away, by number in the program, the first step first. */
export type Steps = ReadonlyArray<ReadonlyArray<number>>

export interface SampleLimits {
  /** After this many steps all that is left goes in one. */
  readonly maxSteps: number
  /** Whether the time for this program is over. */
  readonly isOverdue: () => boolean
}

/**
 * Draws one way to take the program apart, or gives up when it is overdue. `allowed` are the problems of the whole
 * program: no state has more. With `isPinned`, what it says yes to stays, and so do things that cannot go without it:
 * the steps end when nothing else is left to draw.
 */
export function* sampleSteps(
  structure: Structure,
  allowed: ReadonlyArray<Problem>,
  random: Random,
  limits: SampleLimits,
  isPinned: ((thing: number) => boolean) | null = null
): Judged<Steps | undefined> {
  const { lines, ofLine } = structure
  const standing = putUp(structure.needs)
  const weights = Float64Array.from(structure.weights, (weight, thing) => (isPinned?.(thing) === true ? 0 : weight))
  const steps: Array<ReadonlyArray<number>> = []
  const linesOfThing = groupLines(structure)
  let kept: ReadonlyArray<number> = lines.map((_, line) => line)
  const keptNow = (): ReadonlyArray<number> => kept.filter((line) => standing.stands(ofLine[line] ?? 0))
  while (kept.length > 0) {
    if (limits.isOverdue()) return undefined
    const isLast = isPinned === null && steps.length + 1 >= limits.maxSteps
    const drawn = isLast ? undefined : drawIndex(random, weights)
    if (drawn === undefined && isPinned !== null) break
    const goBack = isPinned === null ? null : standing.mark()
    const went: Array<number> = []
    const take = (thing: number): void => {
      for (const gone of standing.take(thing)) went.push(gone)
    }
    if (drawn === undefined) { for (const line of kept) take(ofLine[line] ?? 0) }
    else take(drawn)
    let rest = keptNow()
    let isRefused = isPinned !== null && went.some(isPinned)
    while (rest.length > 0 && !isRefused) {
      const problems = newProblems(yield keptText(lines, rest), allowed)
      if (problems.length === 0) break
      for (const { line } of problems) take(ofLine[rest[Math.min(line, rest.length - 1)] ?? 0] ?? 0)
      isRefused = isPinned !== null && went.some(isPinned)
      rest = keptNow()
    }
    if (isRefused && goBack !== null && drawn !== undefined) {
      goBack()
      weights[drawn] = 0
      continue
    }
    for (const thing of went) weights[thing] = 0
    kept = rest
    const step = went.flatMap((thing) => linesOfThing[thing] ?? [])
    if (step.length > 0) steps.push(step.sort((a, b) => a - b))
  }
  return steps
}

/** The lines of each thing; some things stand for none. */
const groupLines = ({ needs, ofLine }: Structure): ReadonlyArray<ReadonlyArray<number>> => {
  const groups: Array<Array<number>> = Array.from({ length: needs.count }, () => [])
  for (const [line, thing] of ofLine.entries()) groups[thing]?.push(line)
  return groups
}

export const keptText = (lines: ReadonlyArray<string>, kept: ReadonlyArray<number>): string => {
  let text = ""
  for (const line of kept) text += lines[line] ?? ""
  return text
}

/** The problems that a state has beyond those of the whole program; positions do not count. */
export const newProblems = (
  problems: ReadonlyArray<Problem>,
  allowed: ReadonlyArray<Problem>
): ReadonlyArray<Problem> => {
  if (problems.length === 0) return problems
  const left = new Map<string, number>()
  for (const problem of allowed) left.set(keyOf(problem), (left.get(keyOf(problem)) ?? 0) + 1)
  return problems.filter((problem) => {
    const rest = left.get(keyOf(problem)) ?? 0
    if (rest > 0) left.set(keyOf(problem), rest - 1)
    return rest <= 0
  })
}

const keyOf = ({ message, rule }: Problem): string => `${rule} ${message}`
