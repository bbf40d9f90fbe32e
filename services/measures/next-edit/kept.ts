/** How much of an edit would be kept by someone who wanted another one: the units that both bring and both take away. */
import { type PrecisionRecall, precisionRecall } from "./exact-lines.ts"
import { matchedUnits, unitsOf } from "./units.ts"

/** A difference in length beyond this is not looked into: nothing of it counts as kept. UTF-16 units. */
const mostApart = 512

/** Returns the share of the units of an edit that the expected edit has as well, and the other way round. */
export const keptUnits = (original: string, expected: string, actual: string): PrecisionRecall => {
  if (expected === original || actual === original) {
    return precisionRecall(0, actual === original ? 0 : 1, expected === original ? 0 : 1)
  }
  const apart = Math.abs((expected.length - original.length) - (actual.length - original.length))
  if (apart > mostApart) return { precision: 0, recall: 0 }
  const base = unitsOf(original)
  const [wanted, given] = [changesFrom(base, unitsOf(expected)), changesFrom(base, unitsOf(actual))]
  const come = matchedUnits(wanted.come, given.come).length
  const gone = [...given.gone].filter((place) => wanted.gone.has(place)).length
  return precisionRecall(come + gone, given.come.length + given.gone.size, wanted.come.length + wanted.gone.size)
}

/** What came into a text, and the places of what went from the base. */
const changesFrom = (base: ReadonlyArray<string>, units: ReadonlyArray<string>) => {
  const gone = new Set(base.keys())
  const kept = new Set<number>()
  for (const [left, right] of matchedUnits(base, units)) {
    gone.delete(left)
    kept.add(right)
  }
  return { gone, come: units.filter((_, place) => !kept.has(place)) }
}
