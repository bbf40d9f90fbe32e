/** How a run that lies in a folder differs from the one that is asked for. */
import { isFields } from "../rows/fields.ts"
import type { Difference } from "../Writer.ts"

/** Returns the parts of two identities that differ. Their names have dots, but no "settings." at the front. */
export const differencesBetween = (was: unknown, is: unknown, name = ""): ReadonlyArray<Difference> => {
  if (JSON.stringify(was) === JSON.stringify(is)) return []
  if (isFields(was) && isFields(is)) {
    const before = name === "" || name === "settings" ? "" : `${name}.`
    return [...new Set([...Object.keys(is), ...Object.keys(was)])]
      .flatMap((key) => differencesBetween(was[key], is[key], before + key))
  }
  return name === "" ? [] : [{ name, was, is }]
}

/** Returns differences in words, such as ": seed was 1 and is 2, repositories changed"; "" when none has a name. */
export const sayDifferences = (differences: ReadonlyArray<Difference>): string => {
  // A different plan follows from different settings and commits.
  const causes = differences.filter(({ name }) => name !== "plan")
  const said = (causes.length === 0 ? differences : causes).map(({ is, name, was }) => {
    const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    const [before, now] = [textOf(was), textOf(is)]
    return before === undefined || now === undefined ? `${flag} changed` : `${flag} was ${before} and is ${now}`
  })
  return said.length === 0 ? "" : `: ${said.join(", ")}`
}

/** Longer values are not shown. */
const longestValue = 60

const textOf = (value: unknown): string | undefined => {
  if (value === undefined || value === null) return "not set"
  const text = typeof value === "string" ? value : JSON.stringify(value)
  return text.length > longestValue ? undefined : text
}
