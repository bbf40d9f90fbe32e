/** The facts of a row as a person reads them first: what says nothing is left out, and hashes are short. */

const saysNothing: ReadonlySet<string> = new Set(["", "null", "[]", "{}"])

/** Digits of a hash that tell it from others. */
const shownDigits = 8
const hash = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/

/**
 * Returns the facts that say something, with short hashes.
 *
 * @example
 * briefFacts([["commit", "null"], ["label", "true"]]) // [["label", "true"]]
 */
export const briefFacts = (
  facts: ReadonlyArray<readonly [string, string]>
): ReadonlyArray<readonly [string, string]> =>
  facts.flatMap(([name, value]) =>
    saysNothing.has(value) ? [] : [[name, hash.test(value) ? value.slice(0, shownDigits) : value] as const]
  )
