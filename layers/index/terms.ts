/**
 * Turns text into terms for lexical search: identifiers in lower case, and the words that they are made of.
 * `getUserName` gives getusername, get, user and name; `max_depth` gives max_depth, max and depth.
 */

/** Whether a UTF-16 unit may stand in an identifier; all units beyond ASCII may. */
export const isIdentifierUnit = (unit: number): boolean =>
  (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || unit === 95 || (unit >= 48 && unit <= 57) || unit >= 128

const isDigit = (unit: number): boolean => unit >= 48 && unit <= 57

/** Calls `take` for every identifier in text[start, end); numbers are not identifiers. */
export const eachIdentifier = (
  text: string,
  start: number,
  end: number,
  take: (name: string, offset: number) => void
): void => {
  let index = start
  while (index < end) {
    if (!isIdentifierUnit(text.charCodeAt(index))) {
      index++
      continue
    }
    const from = index
    do index++
    while (index < end && isIdentifierUnit(text.charCodeAt(index)))
    if (!isDigit(text.charCodeAt(from))) take(text.slice(from, index), from)
  }
}

/** Longer identifiers are data. */
const longestIdentifier = 80

/** Returns the terms of one identifier: itself in lower case, then its words when there are several. */
export const termsOf = (identifier: string): ReadonlyArray<string> => {
  if (identifier.length > longestIdentifier) return []
  const whole = identifier.toLowerCase()
  const words = identifier.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^A-Za-z0-9_]+/g)
  if (words === null || words.length < 2) return [whole]
  const terms = [whole]
  for (const word of words) if (word.length > 1 && !isDigit(word.charCodeAt(0))) terms.push(word.toLowerCase())
  return terms
}
