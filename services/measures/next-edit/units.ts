/** Texts as units of meaning: identifiers, runs of blanks, line ends, and single characters of all else. */
import { matchTexts } from "../../text/diff.ts"

const unit = /[\p{L}\p{N}_]+|[^\S\n]+|\n+|[^]/gu

/** Returns the units of a text, in order. */
export const unitsOf = (text: string): ReadonlyArray<string> => text.match(unit) ?? []

/** Which units of two lists match, as places in both; in order. */
export type UnitMatches = ReadonlyArray<readonly [left: number, right: number]>

/** Returns a longest run of units that both lists have in the same order. */
export const matchedUnits = (left: ReadonlyArray<string>, right: ReadonlyArray<string>): UnitMatches => {
  const pairs = matchTexts(left, right)
  return Array.from({ length: pairs.length / 2 }, (_, at) => [pairs[2 * at] ?? 0, pairs[2 * at + 1] ?? 0] as const)
}
